import { expect } from "chai";
import { covers } from "../../../../../cli/verify/checks/hosts";

describe("a host of Istio's resources", () => {
  it("covers itself, and with a star all below it, other hosts with a star included", () => {
    for (const [host, other] of [["a.local", "a.local"], ["*.local", "a.shop.local"], ["*.local", "*.shop.local"], ["*.local", "*.local"], ["*", "*.local"]] as const) {
      expect(covers(host, other), `${host} ${other}`).to.equal(true);
    }
  });

  it("covers nothing else", () => {
    for (const [host, other] of [["a.local", "b.local"], ["*.shop.local", "*.local"], ["*.local", "*"], ["*.local", "notlocal"]] as const) {
      expect(covers(host, other), `${host} ${other}`).to.equal(false);
    }
  });
});
