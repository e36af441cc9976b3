import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { clusterIdentity } from "../../../lib/kubeconfig";
import { inSteps } from "../../support/steps";
import { done } from "../support/events";
import { namespaceLabels, secretIn } from "./support/objects";
import { openSite, type Site } from "./support/site";

interface State {
  deployment: { resources: { urn: string; type: string; inputs?: Record<string, unknown>; outputs?: Record<string, unknown> }[] };
}

describe("whose an existing cluster is", function () {
  inSteps(this);
  let site: Site;

  before(async () => {
    site = await openSite(["west", "east"]);
    site.configure("west", ["west"]);
    await site.meshDoes("up", "west");
  });
  after(() => site.close());

  const stateOf = async (stack: string): Promise<State> => JSON.parse(await site.state(stack)) as State;
  const provider = async () => (await stateOf("west")).deployment.resources.find(({ type }) => type === "pulumi:providers:kubernetes")?.inputs?.["clusterIdentifier"];
  const replaced = (lines: readonly string[]): string[] => lines.filter((line) => /^(create|delete|replace)/.test(line));

  it("is told by its UID", async () => {
    const { metadata } = await site.server("west").client.get<{ metadata: { uid: string } }>("/api/v1/namespaces/kube-system");
    expect(await provider()).to.equal(metadata.uid);
  });

  it("stays the same with a state of an earlier version, which told it by its authority", async () => {
    const authority = clusterIdentity(site.server("west").kubeconfig);
    const state = await stateOf("west");
    for (const { type, inputs = {}, outputs = {} } of state.deployment.resources) {
      if (type === "usmesh:index:Cluster") ["uid", "authority"].forEach((name) => delete outputs[name]);
      if (type === "pulumi:providers:kubernetes") inputs["clusterIdentifier"] = outputs["clusterIdentifier"] = authority;
    }
    const file = join(site.home, "former.json");
    writeFileSync(file, JSON.stringify(state));
    const { code, stderr } = await site.pulumiEnds("stack", "import", "--stack", "west", "--file", file);
    expect(code, stderr).to.equal(0);
    expect(replaced(done(await site.pulumi("up", "west")))).to.deep.equal([]);
    expect(await provider()).to.equal(authority);
  });

  it("stays the same with another certificate in the bundle of its authority", async () => {
    const before = await provider();
    const kubeconfig = parse(site.server("west").kubeconfig) as { clusters: [{ cluster: Record<string, string> }] };
    const { cluster } = kubeconfig.clusters[0];
    const ca = Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString();
    cluster["certificate-authority-data"] = Buffer.from(`${ca}\n${ca}`).toString("base64");
    const file = join(site.home, "rotated.yaml");
    writeFileSync(file, stringify(kubeconfig));
    site.configure("west", ["west"], { clusters: { west: { ...site.cluster("west"), kubeconfig: file } } });
    expect(replaced(done(await site.pulumi("up", "west")))).to.deep.equal([]);
    expect(await provider()).to.equal(before);
  });

  it("is another stack's when that has Istio there, and nothing is changed", async () => {
    site.configure("east", [], { clusters: { east: site.cluster("west") } });
    const { code, stdout, stderr } = await site.mesh("up", "east");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.match(/usmesh:clusters\.east: stack organization\/usmesh\/west has namespace istio-system of \S+, and a cluster belongs to one stack/);
  });

  it("is somebody's when there is a namespace istio-system, and nothing is changed", async () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system", labels: { theirs: "yes" } } };
    await site.server("east").client.request("POST", "/api/v1/namespaces", namespace);
    site.configure("east", ["east"]);
    const { code, stdout, stderr } = await site.mesh("up", "east");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.match(/usmesh:clusters\.east: namespace istio-system of \S+ is there already/).and.to.contain("usmesh:clusters.east.adopt to true");
    expect(await namespaceLabels(site.server("east"), "istio-system")).to.not.have.property("topology.istio.io/network");
  });

  it("is used when that is wanted, and the namespace stays when the stack goes", async () => {
    // In a mesh of its own: what west would have to do for it is not asked here.
    const alone = { peers: [], trust: { authority: "self" }, demo: false };
    site.configure("east", [], { clusters: { east: { ...site.cluster("east"), adopt: true } }, ...alone });
    await site.meshDoes("up", "east");
    expect(await namespaceLabels(site.server("east"), "istio-system")).to.include({ theirs: "yes", "topology.istio.io/network": "east-network" });
    // Without the setting it is still known that the namespace was there before.
    site.configure("east", ["east"], alone);
    await site.meshDoes("up", "east");
    await site.meshDoes("down", "--yes", "east");
    expect(await namespaceLabels(site.server("east"), "istio-system")).to.include({ theirs: "yes" });
    expect(await secretIn(site.server("east"), "istio-system", "cacerts")).to.equal(undefined);
  });
});
