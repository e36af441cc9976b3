import { expect } from "chai";
import { imageIn } from "../../../../components/discovery/image";

const image = (global: object): string => imageIn(JSON.stringify({ global }));

describe("the image of the injector's sidecars", () => {
  for (const [what, global, expected] of [
    ["has the hub and the tag of the release", { hub: "registry.example/istio", tag: "1.31.4" }, "registry.example/istio/proxyv2:1.31.4"],
    ["has the name that the values give it", { hub: "registry.example/istio", tag: "1.31.4", proxy: { image: "proxy" } }, "registry.example/istio/proxy:1.31.4"],
    ["has the variant of the release", { hub: "registry.example/istio", tag: "1.31.4", variant: "distroless" }, "registry.example/istio/proxyv2:1.31.4-distroless"],
    ["is the whole image where the values name one", { hub: "x", tag: "y", variant: "z", proxy: { image: "registry.example/own/proxy:1" } }, "registry.example/own/proxy:1"],
  ] as const) {
    it(what, () => expect(image(global)).to.equal(expected));
  }

  it("is an error where the values do not say it", () => {
    for (const values of [undefined, "{}", JSON.stringify({ global: { hub: "x" } })]) expect(() => imageIn(values)).to.throw("does not say which image");
  });
});
