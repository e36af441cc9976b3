import { expect } from "chai";
import { WAYS } from "../../../../bench/traffic/load-objects";
import { deploy, type DeployParts, measureWay, remove } from "../../../../bench/traffic/load-workloads";
import type { Target } from "../../../../cli/verify/targets";

const parts: DeployParts = { proxySource: async () => ({ image: "proxy", revision: "default" }) };
const signal = new AbortController().signal;

/** A pod that is ready. */
const pod = (sidecar: boolean): object => ({
  metadata: { name: "a" },
  spec: { containers: [{ name: "fortio" }, ...(sidecar ? [{ name: "istio-proxy" }] : [])] },
  status: { conditions: [{ type: "Ready", status: "True" }] },
});

/** A cluster that does what the methods given do. */
function target(methods: Readonly<Record<string, (...args: never[]) => Promise<unknown>>>): Target {
  return { key: "west", kube: methods } as unknown as Target;
}

describe("the load's workloads", () => {
  it("are created, and used once every pod is ready and in the mesh, or not, as it should be", async () => {
    const asked: string[] = [];
    let looks = 0;
    const notYet = { metadata: { name: "a" }, spec: { containers: [] }, status: {} };
    const kube = {
      request: async (method: string, path: string) => void asked.push(`${method} ${path}`),
      get: async (path: string) => (++looks === 1 ? notYet : pod(path.includes("usmesh-bench-load"))),
    };
    await deploy("west", target(kube), "an/image:1", signal, parts);
    expect(asked.slice(0, 2)).to.deep.equal(["POST /api/v1/namespaces", "POST /api/v1/namespaces"]);
    expect(asked.slice(-4).every((one) => one.endsWith("/pods"))).to.equal(true);
    expect(looks).to.equal(8);
  });

  it("are refused with a sidecar on the side without mesh, and without one in it", async () => {
    const refused = (sidecar: boolean): Promise<string> =>
      deploy("west", target({ request: async () => undefined, get: async () => pod(sidecar) }), "an/image:1", signal, parts).then(
        () => "nothing was refused",
        (error: Error) => error.message,
      );
    expect(await refused(true)).to.equal("west: the pod client in usmesh-bench-plain got a sidecar");
    expect(await refused(false)).to.equal("west: the pod client in usmesh-bench-load got no sidecar");
  });

  it("are removed, and waited for", async () => {
    const asked: string[] = [];
    let looks = 0;
    const kube = { remove: async (path: string) => void asked.push(path), find: async () => (++looks <= 2 ? {} : undefined) };
    await remove("west", target(kube));
    expect(asked).to.deep.equal(["/api/v1/namespaces/usmesh-bench-load", "/api/v1/namespaces/usmesh-bench-plain"]);
    expect(looks).to.equal(4);
  });
});

describe("the load on a way", () => {
  const [, plain] = WAYS;
  const answer = { ActualQPS: 100, RetCodes: { "200": 100 }, DurationHistogram: { Count: 100, Max: 0.003, Percentiles: [{ Percentile: 50, Value: 0.001 }, { Percentile: 99, Value: 0.002 }] } };

  it("comes from the client of its side, and goes to its Service", async () => {
    const asked: unknown[] = [];
    const exec = async (...args: unknown[]): Promise<object> => {
      asked.push(...args);
      return { code: 0, stdout: JSON.stringify(answer), stderr: "" };
    };
    const measured = await measureWay(plain!, { rate: 100, connections: 1, seconds: 1 }, target({ exec }));
    expect(measured).to.include({ p50: 1, p99: 2, requests: 100 });
    expect(asked.slice(0, 3)).to.deep.equal(["usmesh-bench-plain", "client", "fortio"]);
    expect(asked[3]).to.include.members(["fortio", "load", "http://near.usmesh-bench-plain.svc.cluster.local:8080/?size=1024"]);
  });

  it("gives no figure where a request failed, and names the way", async () => {
    const exec = async (): Promise<object> => ({ code: 0, stdout: JSON.stringify({ ...answer, RetCodes: { "200": 99, "503": 1 } }), stderr: "" });
    const failure = await measureWay(plain!, { connections: 1, seconds: 1 }, target({ exec })).catch((error: Error) => error.message);
    expect(failure).to.equal("same cluster, without mesh: requests failed: 1 with 503, of 100");
  });
});
