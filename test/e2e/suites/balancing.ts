import { expect } from "chai";
import http from "node:http";
import { until } from "../../support/wait";
import type { TestMesh } from "../support/mesh";

const HOST = "webapp.istioinaction.io";
const REQUESTS = 60;

/** One answer of the demo server. */
interface Answer {
  readonly ip_addresses?: readonly string[];
  readonly upstream_calls?: Record<string, Answer>;
}

/** Where catalog's answers come from, by the addresses of its pods. */
type Spread = Record<string, number>;

/** How requests from west are spread over three replicas of catalog in east, whose gateway passes connections through. */
export function balancing(mesh: TestMesh): void {
  const lines: string[] = [];
  let address: string;

  before(async () => {
    address = (await mesh.outputs()).clusters.west?.ingressAddress ?? "";
    await mesh.kubectl("east", "-n istioinaction scale deployment/catalog --replicas=3");
    await mesh.kubectl("east", "-n istioinaction rollout status deployment/catalog --timeout=120s");
    // Connections that webapp's proxy made before stay with the replica that there was: it starts with none.
    await mesh.kubectl("west", "-n istioinaction rollout restart deployment/webapp");
    await mesh.kubectl("west", "-n istioinaction rollout status deployment/webapp --timeout=120s");
    await new Promise((resolve) => setTimeout(resolve, 3000));
  });
  after(async () => {
    await mesh.kubectl("west", "-n istioinaction delete destinationrule catalog --ignore-not-found");
    await mesh.kubectl("east", "-n istioinaction scale deployment/catalog --replicas=1");
    process.stderr.write(`\n${lines.map((line) => `      ${line}\n`).join("")}\n`);
  });

  const ask = (agent: http.Agent): Promise<string> =>
    new Promise((resolve, reject) => {
      const request = http.get({ host: address, path: "/", headers: { host: HOST }, agent, timeout: 8000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const [catalog] = Object.values((JSON.parse(Buffer.concat(chunks).toString()) as Answer).upstream_calls ?? {});
          resolve(catalog?.ip_addresses?.[0] ?? "");
        });
      });
      request.on("timeout", () => request.destroy());
      request.on("error", reject);
    });

  /** Sends requests, so many at a time. */
  const spread = async (atOnce: number): Promise<Spread> => {
    const agent = new http.Agent({ keepAlive: true });
    const counts: Spread = {};
    for (let sent = 0; sent < REQUESTS; sent += atOnce) {
      for (const pod of await Promise.all(Array.from({ length: atOnce }, () => ask(agent)))) counts[pod] = (counts[pod] ?? 0) + 1;
    }
    agent.destroy();
    return counts;
  };
  const rule = (http: object): Promise<string> => {
    const trafficPolicy = { connectionPool: { http }, outlierDetection: {} };
    const spec = { host: "catalog.istioinaction.svc.cluster.local", trafficPolicy };
    return mesh.kubectl("west", "apply -f -", JSON.stringify({ apiVersion: "networking.istio.io/v1", kind: "DestinationRule", metadata: { name: "catalog", namespace: "istioinaction" }, spec }));
  };
  const record = (how: string, counts: Spread): void => void lines.push(`${REQUESTS} requests from west, ${how}: ${Object.values(counts).sort((a, b) => b - a).join(", ")}`);

  it("by connection: requests one after another share a connection, and one replica answers all of them", async () => {
    const counts = await spread(1);
    record("one after another", counts);
    expect(Object.keys(counts), JSON.stringify(counts)).to.have.length(1);
  });

  it("more connections: with ten requests at a time several replicas answer", async () => {
    const counts = await until("answers from several replicas", async () => {
      const found = await spread(10);
      return Object.keys(found).length > 1 && found;
    });
    record("ten at a time", counts);
  });

  it("by request: with maxRequestsPerConnection 1 each has a connection of its own, and all replicas answer", async () => {
    await rule({ maxRequestsPerConnection: 1 });
    const counts = await until("answers from all replicas", async () => {
      const found = await spread(1);
      return Object.keys(found).length === 3 && found;
    });
    record("maxRequestsPerConnection 1", counts);
  });
}
