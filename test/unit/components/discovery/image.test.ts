import { Release } from "@pulumi/kubernetes/helm/v3";
import { expect } from "chai";
import { imageIn, injectedImage } from "../../../../components/discovery/image";
import { optionsIn } from "../support/pieces";
import { resource } from "../support/queries";
import { runPiece } from "../support/world";

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
    for (const values of [undefined, "{}", JSON.stringify({ global: { hub: "x" } }), JSON.stringify({ global: { tag: "x" } })]) expect(() => imageIn(values)).to.throw("does not say which image");
  });

  it("is read from the cluster, from what the injector of istiod's revision has", async () => {
    for (const [revision, name] of [["default", "east-injector"], ["blue", "east-injector-blue"]] as const) {
      let image: unknown;
      const world = await runPiece(async () => {
        const options = optionsIn("east");
        const read = injectedImage("east-injector", new Release("istiod", { chart: "istiod" }, options), revision, options);
        image = await new Promise((resolve) => read.apply(resolve));
      });
      expect(image).to.equal("docker.example/istio/proxyv2:1.31.4");
      expect(resource(world, name)).to.include({ type: "kubernetes:core/v1:ConfigMap", external: true, provider: "east-provider" });
    }
  });
});
