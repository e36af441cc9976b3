import { expect } from "chai";
import { until } from "../../support/wait";
import { during, type Incident, lineOf } from "../support/incident";
import { type Asked, askTimes, counted, failures, Load } from "../support/load";
import { type Key, NAMES, type TestMesh } from "../support/mesh";

const HOST = "simple-backend.istioinaction.io";
/** The same service behind the same gateway, without a second attempt. */
const HOST_ONCE = "once.istioinaction.io";
const SERVICE = "simple-backend.istioinaction.svc.cluster.local";

const istio = (kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace: "istioinaction" }, spec });

/** What requests do when a service fails in one cluster: from west's ingress gateway, at 50 requests a second with retries and 50 without. */
export function failover(mesh: TestMesh): void {
  const lines: string[] = [];
  let streams: Record<string, Asked>;
  let asked: Asked;

  before(async () => {
    const address = (await mesh.outputs()).clusters.west?.ingressAddress ?? "";
    asked = { address, host: HOST };
    streams = { "with retries": asked, "without retries": { address, host: HOST_ONCE } };
    await mesh.kubectl("west", "apply -f -", istio("Gateway", "once", { selector: { istio: "ingressgateway" }, servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: [HOST_ONCE] }] }));
    const route = { route: [{ destination: { host: SERVICE, port: { number: 80 } } }], timeout: "1s", retries: { attempts: 0 } };
    await mesh.kubectl("west", "apply -f -", istio("VirtualService", "once", { hosts: [HOST_ONCE], gateways: ["once"], http: [route] }));
    await until("the route without retries", async () => failures(await askTimes(streams["without retries"]!, 1)) === 0);
  });
  after(() => process.stderr.write(`\n${lines.map((line) => `      ${line}\n`).join("")}\n`));

  const patch = (key: Key, outlierDetection: object | null): Promise<string> =>
    mesh.kubectl(key, `-n istio-system patch destinationrule failover --type=merge -p '${JSON.stringify({ spec: { trafficPolicy: { outlierDetection } } })}'`);

  it("without outlier detection, requests at west's ingress are split between the clusters; with it all stay in west", async () => {
    const rule = JSON.parse(await mesh.kubectl("west", "-n istio-system get destinationrule failover -o json")) as { spec: { trafficPolicy: { outlierDetection: object } } };
    await patch("west", null);
    const spread = await until("answers from both clusters", async () => {
      const counts = counted(await askTimes(asked, 20));
      return counts["WEST"] && counts["EAST"] ? counts : undefined;
    });
    await patch("west", rule.spec.trafficPolicy.outlierDetection);
    const near = await until("answers from west alone", async () => {
      // So many that they are not all from west by chance, before the rule has reached the gateway.
      const counts = counted(await askTimes(asked, 100));
      return counts["WEST"] === 100 ? counts : undefined;
    });
    lines.push(`20 requests without outlier detection: ${JSON.stringify(spread)}; 100 with it: ${JSON.stringify(near)}`);
  });

  /** Runs an incident, and asserts what must hold for every kind. */
  const survives = async (what: string, incident: Incident): Promise<void> => {
    const seen = await during(incident, streams);
    for (const [name, stream] of Object.entries(seen)) lines.push(`${what}, ${lineOf(name, stream)}`);
    expect(seen["with retries"]?.failed, "requests that failed with retries").to.equal(0);
  };
  const west = (args: string): Promise<string> => mesh.kubectl("west", `-n istioinaction ${args}`);
  const errors = async (rate: number): Promise<void> => {
    await west(`set env deployment/simple-backend ERROR_RATE=${rate}`);
    await west("rollout status deployment/simple-backend --timeout=120s");
  };

  it("with ERROR_RATE=1 in west they go to east, and come back when that is 0", () =>
    survives("ERROR_RATE=1", { home: "WEST", inject: () => errors(1), heal: () => errors(0) }));

  it("without a replica in west they go to east, and come back with it", () =>
    survives("no replica", {
      home: "WEST",
      inject: () => west("scale deployment/simple-backend --replicas=0"),
      heal: () => west("scale deployment/simple-backend --replicas=1"),
    }));

  it("with west's pod frozen they go to east, and come back when it runs again", () => {
    // The server and its sidecar.
    const processes = "grep -lzxsE '(ISTIO_META_WORKLOAD_)?NAME=simple-backend' /proc/[0-9]*/environ | cut -d/ -f3";
    const signal = (name: string): Promise<string> => mesh.node("west", `sh -c "kill -${name} \\$(${processes})"`);
    return survives("pod frozen", { home: "WEST", inject: () => signal("STOP"), heal: () => signal("CONT") });
  });

  it("with the whole node of the cluster that answers paused they go to the other, and come back when it runs again", async () => {
    // West's ingress gateway runs on west's node, so it is east that is asked first here, and paused.
    const eastFirst = { enabled: true, failoverPriority: ["topology.istio.io/cluster=east-cluster"] };
    const outlierDetection = { consecutive5xxErrors: 5, interval: "5s", baseEjectionTime: "5s", maxEjectionPercent: 100, minHealthPercent: 1 };
    const connectionPool = { tcp: { connectTimeout: "2s" } };
    const rule = istio("DestinationRule", "east-first", { host: SERVICE, trafficPolicy: { loadBalancer: { localityLbSetting: eastFirst }, connectionPool, outlierDetection } });
    await mesh.kubectl("west", "apply -f -", rule);
    const node = `${NAMES.kind.east}-control-plane`;
    let paused = false;
    try {
      await survives("node paused", {
        home: "EAST",
        inject: async () => (await mesh.sh(`docker pause ${node}`), (paused = true)),
        heal: async () => (await mesh.sh(`docker unpause ${node}`), (paused = false)),
      });
    } finally {
      if (paused) await mesh.sh(`docker unpause ${node}`);
      await west("delete destinationrule east-first");
    }
  });

  it("with east's API server frozen, and west's istiod restarted meanwhile, no request to what runs in east alone fails", async () => {
    const signal = (name: string): Promise<string> => mesh.node("east", `sh -c "kill -${name} \\$(grep -lx kube-apiserver /proc/[0-9]*/comm | cut -d/ -f3)"`);
    const load = new Load({ address: asked.address, host: "webapp.istioinaction.io" });
    await signal("STOP");
    try {
      await mesh.kubectl("west", "-n istio-system delete pod -l app=istiod --wait=false");
      // By Istio's own default, istiod would serve without east's endpoints after half a minute.
      await new Promise((resolve) => setTimeout(resolve, 45_000));
    } finally {
      await signal("CONT");
      await mesh.kubectl("west", "-n istio-system rollout status deployment/istiod --timeout=180s");
      await load.stop();
    }
    lines.push(`API server frozen and istiod restarted: ${failures(load.answers)} of ${load.answers.length} failed (${JSON.stringify(counted(load.answers))})`);
    expect(failures(load.answers)).to.equal(0);
  });

  it("a service that runs in one cluster alone is not cut off when it fails, and answers as soon as it is healed", async () => {
    await west("scale deployment/simple-backend --replicas=0");
    const { address } = asked;
    const once: Asked = { address, host: HOST_ONCE };
    const env = async (rate: number): Promise<void> => {
      await mesh.kubectl("east", `-n istioinaction set env deployment/simple-backend ERROR_RATE=${rate}`);
      await mesh.kubectl("east", "-n istioinaction rollout status deployment/simple-backend --timeout=120s");
    };
    try {
      await env(1);
      await until("every request to fail", async () => failures(await askTimes(once, 20)) === 20);
      const codes = new Set((await askTimes(once, 20)).map(({ code }) => code));
      expect([...codes], "the service's own answer, and not that there is no healthy upstream").to.deep.equal([500]);
    } finally {
      await env(0);
      await west("scale deployment/simple-backend --replicas=1");
      await west("rollout status deployment/simple-backend --timeout=120s");
    }
    await until("answers from west", async () => counted(await askTimes(once, 20))["WEST"] === 20);
  });
}
