import { inspect } from "node:util";
import { expect } from "chai";
import { topologySchema } from "../../../cli/topology/schema";
import { traceSchema, type Trace } from "../../../cli/trace/schema";
import { CROSS_NETWORK_PORT } from "../../../topology/names";
import { until } from "../../support/wait";
import { Capture } from "../support/capture";
import type { Connection } from "../support/packets";
import { type Key, KEYS, type TestMesh } from "../support/mesh";
import { workloads } from "./sight-workloads";

const NAMESPACE = "sight";

/** The mesh as a picture: what is in it, and what is red. */
export function pictures(mesh: TestMesh): void {
  it("is shown with all that is in it, and nothing red or unknown", async () => {
    const { code, stdout, stderr } = await mesh.mesh("topology", "--format", "json");
    const topology = topologySchema.parse(JSON.parse(stdout));
    // A warning, such as of a proxy that was sent something a moment ago, is not red.
    expect([code, topology.findings.filter(({ status }) => status !== "warn")], stderr).to.deep.equal([0, []]);
    expect(topology.links.map(({ from, to, reads }) => `${from} ${reads} ${to}`)).to.have.members(["west synced east", "east synced west"]);
    const { clusters } = await mesh.outputs();
    for (const node of topology.clusters) {
      const addresses = node.gateways.flatMap((gateway) => gateway.addresses);
      expect(addresses).to.have.members([clusters[node.key]?.ingressAddress, clusters[node.key]?.eastWestAddress]);
    }
  });
}

/** The way of one request. */
export function traces(mesh: TestMesh): void {
  before(async () => {
    await Promise.all(KEYS.map(async (key) => {
      await mesh.kubectl(key, "apply -f -", JSON.stringify(await workloads(mesh, key, NAMESPACE)));
      await mesh.kubectl(key, `-n ${NAMESPACE} wait --for=condition=Ready pod --all --timeout=90s`);
    }));
    await until("west to know far", async () => (await trace("far")).end.outcome === "answered", { intervalMs: 500 });
    await until("the policy to reach closed", async () => (await trace("closed")).end.outcome === "denied", { intervalMs: 500 });
  });
  after(async () => {
    for (const key of KEYS) await mesh.kubectl(key, `delete namespace ${NAMESPACE} --wait=false`);
  });

  const trace = async (service: string, from = "asker"): Promise<Trace> => traceSchema.parse(JSON.parse((await mesh.mesh("trace", `west/${NAMESPACE}/${from}`, service, "--json")).stdout));
  const identity = (name: string): string => `spiffe://cluster.local/ns/${NAMESPACE}/sa/${name}`;
  const sni = (name: string): string => `outbound_.80_._.${name}.${NAMESPACE}.svc.cluster.local`;
  const logged = async (key: Key, pod: string, id: string): Promise<string> => mesh.kubectl(key, `-n ${NAMESPACE} logs ${pod} -c istio-proxy --since=60s | grep ${id}`);

  it("that stays ends in its own cluster", async () => {
    const { route, crossed, gateway, server, end, id, unseen } = await trace("near");
    const [ip] = (await mesh.kubectl("west", `-n ${NAMESPACE} get pod near -o jsonpath='{.status.podIP}'`)).split(" ");
    expect(route.chosen?.address.split(":")[0]).to.equal(ip);
    expect([crossed, gateway, end.outcome, end.cluster, unseen]).to.deep.equal([false, undefined, "answered", "west", []]);
    expect(server).to.include({ pod: "near", identity: identity("near"), mutualTls: true });
    expect(await logged("west", "near", id)).to.contain(sni("near"));
  });

  it("that crosses goes through the other cluster's gateway, by the SNI and with the identities that the proxies have", async () => {
    const { route, gateway, server, client, end, id, unseen } = await trace("far");
    const { clusters } = await mesh.outputs();
    expect(route.chosen?.address).to.equal(`${clusters.east?.eastWestAddress}:15443`);
    expect(await mesh.sh(`istioctl --context ${await context("west")} proxy-config endpoints asker.${NAMESPACE} --cluster '${route.cluster}'`)).to.contain(route.chosen?.address);
    expect(route.sni).to.deep.equal({ name: sni("far"), source: "access log" });
    expect(await logged("east", "far", id)).to.contain(sni("far"));
    const pods = await mesh.kubectl("east", "-n istio-system get pods -l istio=eastwestgateway -o name");
    expect(pods).to.contain(gateway?.pod ?? "none");
    expect([client.identity, server?.identity, server?.pod]).to.deep.equal([identity("asker"), identity("far"), "far"]);
    expect([end.outcome, end.cluster, end.status, unseen]).to.deep.equal(["answered", "east", 200, []]);
  });

  it("that is denied ends at the server's proxy", async () => {
    const { end, id, server } = await trace("closed");
    expect([end.outcome, end.at, end.cluster, end.status, server?.pod]).to.deep.equal(["denied", "server-proxy", "east", 403, "closed"]);
    expect(await logged("east", "closed", id)).to.contain("rbac_access_denied");
  });

  it("that has no endpoint ends at the client's own proxy", async () => {
    const { end, route, id, crossed } = await trace("nobody");
    expect([end.outcome, end.at, end.cluster, end.status, route.candidates, crossed]).to.deep.equal(["no-endpoint", "client-proxy", "west", 503, [], undefined]);
    expect(await logged("west", "asker", id)).to.contain("no_healthy_upstream");
  });

  it("opens the connections between the clusters that a capture shows: to the gateway and by the SNI that trace names, and none when it stays or has no endpoint", async () => {
    const capture = await Capture.start(mesh, "west", CROSS_NETWORK_PORT);
    const traced: Trace[] = [];
    let opened: Connection[];
    try {
      for (const [service, outcome] of [["near", "answered"], ["nobody", "no-endpoint"], ["far", "answered"], ["closed", "denied"]] as const) {
        // Its proxy may get to know of them later than that of the other, and has no connection yet: what crosses has to open one.
        const ends = async (): Promise<Trace | false> => trace(service, "newcomer").then((one) => one.end.outcome === outcome && one);
        traced.push(await until(`the request to ${service} to end as ${outcome}`, ends, { intervalMs: 500 }));
      }
    } finally {
      opened = await capture.stop();
    }
    const [near, nobody, far, closed] = traced as [Trace, Trace, Trace, Trace];
    expect([near.crossed, nobody.crossed, near.gateway, nobody.gateway]).to.deep.equal([false, undefined, undefined, undefined]);
    // Others, such as istiod, connect to the other cluster too.
    const own = new Set(opened.filter(({ sni }) => sni?.includes(`.${NAMESPACE}.`)).map(({ to, sni }) => `${sni} at ${to}`));
    expect([...own].sort(), inspect(opened)).to.deep.equal([far, closed].map(({ route }) => `${route.sni?.name} at ${route.chosen?.address}`).sort());
    const { clusters } = await mesh.outputs();
    for (const { gateway, route } of [far, closed]) expect([gateway?.cluster, route.chosen?.address]).to.deep.equal(["east", `${clusters.east?.eastWestAddress}:${CROSS_NETWORK_PORT}`]);
  });

  it("of the demo's webapp is followed when webapp sends it by itself", async () => {
    const { code, stdout, stderr } = await mesh.mesh("trace", "west/istioinaction/webapp", "catalog", "--through", "8080/api/catalog", "--json");
    const { end, sentBy } = traceSchema.parse(JSON.parse(stdout));
    expect([code, end.outcome, end.cluster, sentBy], stderr).to.deep.equal([0, "answered", "east", "workload"]);
  });

  const context = async (key: Key): Promise<string> => mesh.sh(`kubectl config get-contexts -o name | grep ${key}`);
}
