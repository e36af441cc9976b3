import { expect } from "chai";
import { InvalidArgumentError } from "commander";
import { parseListen } from "../../../../cli/watch/listen";

describe("the address at which metrics are served", () => {
  it("is a port, of all addresses or of one", () => {
    expect(parseListen(":9464")).to.deep.equal({ port: 9464 });
    expect(parseListen("127.0.0.1:0")).to.deep.equal({ host: "127.0.0.1", port: 0 });
    expect(parseListen("localhost:80")).to.deep.equal({ host: "localhost", port: 80 });
    expect(parseListen("[::1]:9464")).to.deep.equal({ host: "::1", port: 9464 });
  });

  it("is refused where it is something else", () => {
    for (const wrong of ["", "9464", ":", ":x", ":70000", "::1:80", "[::1", "a b:80"]) expect(() => parseListen(wrong), wrong).to.throw(InvalidArgumentError);
  });
});
