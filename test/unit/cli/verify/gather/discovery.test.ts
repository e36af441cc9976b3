import { expect } from "chai";
import { ApiServer, KubeError } from "../../../../../lib/api-server";
import { gatherDiscovery, gatherThrough, passedHosts } from "../../../../../cli/verify/gather/discovery";
import type { Kube } from "../../../../../cli/verify/kube";

const HOST = "east.discovery.usmesh.internal";
// Nothing listens there: the certificate is not seen.
const ACCESS = { server: "https://127.0.0.1:1", servername: HOST, ca: "authority", token: "abc" };

/** An API server that answers by path, without its query; an error is thrown. */
function answering(answers: Readonly<Record<string, object | Error>>, otherwise: object | Error = { metadata: { resourceVersion: "7" }, items: [] }) {
  const asked: string[] = [];
  const server = new ApiServer({ server: "https://unused", apply: () => undefined }, 1000);
  server.text = (_method: string, path: string) => {
    asked.push(path);
    const answer = answers[path] ?? answers[path.replace(/\?.*/, "")] ?? otherwise;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ body: JSON.stringify(answer), date: NaN });
  };
  return { server, asked };
}

const refused = new KubeError(403, "forbidden");

describe("what verify sees of a cluster through its gateway", () => {
  it("is that the token may list and watch what istiod needs, and that there is no Secret", async () => {
    const { server, asked } = answering({});
    const found = await gatherThrough(ACCESS, server);
    expect(found.denied).to.deep.equal({ ok: true, value: [] });
    expect(found.through).to.deep.include({ host: HOST, authorities: "authority", secrets: { ok: true, value: 0 } });
    expect(found.through?.latencyMs).to.be.a("number");
    expect(asked).to.include("/api/v1/secrets?limit=1").and.to.include("/api/v1/pods?watch=true&timeoutSeconds=1&resourceVersion=7");
  });

  it("names what may not be listed, and what may be listed and not watched", async () => {
    const { server } = answering({ "/api/v1/nodes": refused, "/api/v1/pods?watch=true&timeoutSeconds=1&resourceVersion=7": refused });
    expect((await gatherThrough(ACCESS, server)).denied).to.deep.equal({ ok: true, value: ["watch pods", "list nodes", "watch nodes"] });
  });

  it("does not miss a kind that is not served", async () => {
    const { server } = answering({ "/apis/networking.istio.io/v1/workloadentries": new KubeError(404, "not found") });
    expect((await gatherThrough(ACCESS, server)).denied).to.deep.equal({ ok: true, value: [] });
  });

  it("counts a Secret that is listed", async () => {
    const { server } = answering({ "/api/v1/secrets": { metadata: {}, items: [{ metadata: { name: "stray" } }] } });
    expect((await gatherThrough(ACCESS, server)).through?.secrets).to.deep.equal({ ok: true, value: 1 });
  });

  for (const [error, failure] of [
    [new KubeError(401, "Unauthorized"), "unauthorized"],
    [refused, "unauthorized"],
    [new KubeError(503, "HTTP 503"), "unreachable"],
    [new Error("socket hang up"), "unreachable"],
  ] as const) {
    it(`is ${failure} where the first list ends with ${error.message}`, async () => {
      const found = await gatherThrough(ACCESS, answering({}, error).server);
      expect(found).to.deep.include({ denied: { ok: false, error: error.message }, failure });
      expect(found.through?.secrets).to.deep.equal({ ok: false, error: error.message });
      expect(found.through?.chain.ok).to.equal(false);
    });
  }
});

describe("the discovery proxy of a cluster", () => {
  const gateway = (mode: string, number: number, hosts: string[]) => ({ metadata: { name: "g" }, spec: { servers: [{ port: { number }, tls: { mode }, hosts }] } });

  it("is its replicas, and the names that gateways pass on", async () => {
    const { server } = answering({
      "/apis/apps/v1/namespaces/usmesh-discovery/deployments/discovery-proxy": { spec: { replicas: 2 }, status: { readyReplicas: 1 } },
      "/apis/networking.istio.io/v1/gateways": { items: [gateway("PASSTHROUGH", 15443, [`usmesh-discovery/${HOST}`])] },
    });
    expect(await gatherDiscovery(server as Kube)).to.deep.equal({ wanted: 2, ready: 1, hosts: [HOST] });
  });

  it("is none where there is no Deployment", async () => {
    expect(await gatherDiscovery(answering({}, new KubeError(404, "not found")).server as Kube)).to.equal(undefined);
  });

  it("counts no server that terminates TLS, passes every name on, or listens elsewhere", () => {
    expect(passedHosts([gateway("AUTO_PASSTHROUGH", 15443, ["*.local"]), gateway("SIMPLE", 15443, [HOST]), gateway("PASSTHROUGH", 443, [HOST]), { metadata: { name: "empty" } }])).to.deep.equal([]);
    expect(passedHosts([gateway("PASSTHROUGH", 15443, [HOST, `*/${HOST}`])])).to.deep.equal([HOST, HOST]);
  });
});
