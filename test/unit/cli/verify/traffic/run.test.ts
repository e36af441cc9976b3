import { expect } from "chai";
import { KubeError } from "../../../../../lib/api-server";
import { proxyImage, startOrReason } from "../../../../../cli/verify/traffic/run";
import { pod } from "../support/fake-cluster";

describe("verify's test workloads", () => {
  it("run the image of a proxy that is ready", () => {
    expect(proxyImage([pod("a", { ready: false }), pod("b")])).to.equal("example/istio-proxy:1");
    expect(proxyImage([pod("a", { containers: ["app"] })])).to.equal(undefined);
  });

  const failing = (error: Error) => startOrReason(() => Promise.reject(error));

  for (const status of [401, 403, 429]) {
    it(`that the API server refuses to this user (${status}) say nothing about the mesh`, async () => {
      expect(await failing(new KubeError(status, "namespaces is forbidden"))).to.deep.equal({ ok: false, error: "namespaces is forbidden" });
    });
  }

  it("say nothing about the mesh where the API server does not answer", async () => {
    expect(await failing(new Error("no answer within 5 s"))).to.deep.equal({ ok: false, error: "no answer within 5 s" });
  });

  it("that the API server takes and cannot create are a failure: istiod's webhook, for one", async () => {
    expect(await failing(new KubeError(500, "failed calling webhook"))).to.deep.equal({ ok: true, value: { notStarted: "failed calling webhook" } });
  });

  it("that start have no reason", async () => expect(await startOrReason(() => Promise.resolve())).to.equal(undefined));
});
