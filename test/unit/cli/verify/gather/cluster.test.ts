import { expect } from "chai";
import { gatherApi, injectionOf } from "../../../../../cli/verify/gather/cluster";
import type { Kube } from "../../../../../cli/verify/kube";
import { pod } from "../support/fake-cluster";

describe("what verify reads of a cluster", () => {
  const answering = (date: number): Kube => ({ request: () => Promise.resolve({ body: { gitVersion: "v1.34.4" }, date }) }) as unknown as Kube;
  /** A clock that shows these times, one after the other. */
  const clock = (...times: number[]) => (): number => times.shift() ?? NaN;

  it("is its clock against this machine's at the middle of the request, and half a second for what the header cuts off", async () => {
    expect(await gatherApi(answering(20_000), clock(10_000, 11_000))).to.deep.equal({ ok: true, value: { version: "v1.34.4", skewMs: 10_000 } });
  });

  it("has no clock where the server does not tell the time", async () => {
    expect(await gatherApi(answering(NaN))).to.deep.equal({ ok: true, value: { version: "v1.34.4", skewMs: undefined } });
  });

  describe("of pods", () => {
    const namespaces = [{ metadata: { name: "shop", labels: { "istio-injection": "enabled" } } }, { metadata: { name: "other" } }];

    it("is which of them lack a sidecar in a namespace with injection", () => {
      const pods = [pod("good"), pod("bare", { containers: ["app"] }), pod("elsewhere", { namespace: "other", containers: ["app"] })];
      expect(injectionOf(namespaces, pods)).to.deep.equal([{ namespace: "shop", missing: ["bare"], injected: 1 }]);
    });

    it("leaves out those that are exempt, that do not run, or that are being deleted", () => {
      const exempt = pod("label", { containers: ["app"], labels: { "sidecar.istio.io/inject": "false" } });
      const annotated = pod("annotation", { containers: ["app"] });
      annotated.metadata.annotations = { "sidecar.istio.io/inject": "false" };
      const done = pod("done", { containers: ["app"] });
      done.status!.phase = "Succeeded";
      const going = pod("going", { containers: ["app"] });
      going.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
      const found = injectionOf(namespaces, [exempt, annotated, done, going, pod("host", { containers: ["app"], hostNetwork: true })]);
      expect(found).to.deep.equal([{ namespace: "shop", missing: [], injected: 0 }]);
    });

    it("counts a sidecar among the init containers", () => {
      const native = pod("native", { containers: ["app"] });
      native.spec.initContainers = [{ name: "istio-proxy" }];
      expect(injectionOf(namespaces, [native])).to.deep.equal([{ namespace: "shop", missing: [], injected: 1 }]);
    });

    it("counts a namespace with a revision, and not one that turns injection off", () => {
      const withLabels = (labels: Record<string, string>) => injectionOf([{ metadata: { name: "shop", labels } }], []).length;
      expect(withLabels({ "istio.io/rev": "stable" })).to.equal(1);
      expect(withLabels({ "istio.io/rev": "stable", "istio-injection": "disabled" })).to.equal(0);
    });
  });
});
