import { expect } from "chai";
import { contextOf, operationsOf, partsOf, type Role } from "../../../../cli/plan/roles";
import { facts, settings } from "./support/facts";
import { cacertsStep, clusterSteps, commandStep, demoComponents, demoStep, intermediateSteps, kindStep, requestedSteps, rootStep, secretStep, tokenStep, urn, type PretendedStep } from "./support/steps";

/** Roles by the resource's name. Every step changes something, or it has no part in a plan. */
function roles(...steps: readonly PretendedStep[]): Record<string, Role> {
  const parts = partsOf(contextOf(facts(settings(["west"]), steps)));
  return Object.fromEntries(parts.map(({ change, role }) => [change.name, role]));
}

const west = clusterSteps("west");
const why = (role: Role | undefined): string => (role?.is === "unknown" ? role.why : `${role?.is} is known`);
const client = (inputs: Record<string, unknown>): PretendedStep => ({ op: "create", types: "Client$docker:index/container:Container", name: "x", after: inputs });

/** The requests for the intermediates of clusters, which do not change. */
const requestsOf = (...keys: readonly string[]): PretendedStep[] => keys.map((key) => ({ ...intermediateSteps(key, "same")[0]!, op: "same" }));

describe("the role of a resource", () => {
  it("is told by its type and its place where these are enough", () => {
    const found = roles({ op: "delete", types: "Cluster", name: "a" }, ...clusterSteps("west", "same", { provider: "replace" }), { op: "update", types: "MetalLB$kubernetes:core/v1:Namespace", name: "m" });
    expect(found).to.deep.equal({ a: { is: "cluster" }, "p-west": { is: "provider" } });
  });

  it("is told by the environment of a cluster's command", () => {
    const labels = commandStep("west", "update", { environment: { KIND_NODE: "n", REGION: "westus" } }, undefined, "labels");
    expect(roles(...west, kindStep("west", "delete"), labels)).to.deep.equal({ "k-west": { is: "kind-cluster" }, labels: { is: "node-labels" } });
  });

  it("is told by the subject of a root, whatever the mesh is called", () => {
    const other = { ...rootStep("x", "create", "other"), after: { subject: { organization: "m", commonName: "m root CA 2026-q1" } } };
    expect(roles(rootStep("1", "delete"), other)).to.deep.equal({ "r-1": { is: "root", root: "1" }, other: { is: "root", root: "2026-q1" } });
  });

  it("is told by whose request the authority records, for an intermediate of another stack", () => {
    const found = (steps: readonly PretendedStep[]) => roles(...steps)[steps[1]!.name];
    expect(found(requestedSteps("east", "create"))).to.deep.equal({ is: "intermediate", cluster: "east" });
    expect(found(requestedSteps("east", "replace", "old request", "new request"))).to.deep.equal({ is: "intermediate", cluster: "east" });
    const [authority, certificate] = requestedSteps("east", "delete");
    expect(found([{ ...authority!, after: {} }, certificate!]), "it is no longer asked for").to.deep.equal({ is: "intermediate", cluster: "east" });
    expect(found([{ ...authority!, after: {} }, { ...certificate!, op: "replace" }])).to.deep.include({ is: "unknown" });
    const requests = { west: { request: "request of west" }, east: { request: "request of east" } };
    const both = [{ ...authority!, before: { requests }, after: { requests } }, { ...certificate!, op: "replace" }];
    expect(found(both), "among those of other clusters").to.deep.equal({ is: "intermediate", cluster: "east" });
    expect(found([both[0]!, { ...both[1]!, before: {}, after: {} }]), "without a request").to.deep.include({ is: "unknown" });
  });

  it("is told by the request that an intermediate comes from", () => {
    expect(roles(...intermediateSteps("west", "replace"), ...intermediateSteps("east", "delete"), ...intermediateSteps("north", "create"))).to.deep.equal(
      Object.fromEntries(["west", "east", "north"].map((cluster) => [`l-${cluster}`, { is: "intermediate", cluster }])),
    );
  });

  it("is told by what a Secret of a control plane is for Kubernetes", () => {
    expect(roles(...west, tokenStep("west", 3, "create"), cacertsStep("west", "update"))).to.deep.equal({
      "s-west-3": { is: "reader-token", cluster: "west", generation: 3 },
      "s-west-signs": { is: "cacerts", cluster: "west" },
    });
  });

  it("is told by the name of a token's account, where each peer has its own, and is none for what the discovery proxy serves with", () => {
    const secret = (op: string, name: string, type = "kubernetes.io/service-account-token"): PretendedStep => ({ op, types: "DiscoveryProxy$kubernetes:core/v1:Secret", name, cluster: "west", after: { type, metadata: { name } } });
    const authority: PretendedStep[] = [
      { op: "replace", types: "DiscoveryCA$tls:index/selfSignedCert:SelfSignedCert", name: "ca", after: {} },
      { op: "update", types: "DiscoveryCA$tls:index/locallySignedCert:LocallySignedCert", name: "server", after: {} },
    ];
    expect(roles(...west, ...authority, secret("create", "stack-east-2"), secret("delete", "cluster-a-1-12"), secret("update", "discovery-proxy", "kubernetes.io/tls"))).to.deep.equal({
      "stack-east-2": { is: "reader-token", cluster: "west", generation: 2, account: "stack-east" },
      "cluster-a-1-12": { is: "reader-token", cluster: "west", generation: 12, account: "cluster-a-1" },
    });
    for (const name of ["x", "a-cluster-b-1", "stack-east-2-old"]) expect(why(roles(...west, secret("create", name))[name]), name).to.match(/unknown generation/);
    expect(why(roles(secret("create", "stack-east-2"))["stack-east-2"]), "in a cluster that is not known").to.match(/unknown generation/);
    const elsewhere = { ...secret("create", "stack-east-2"), types: "Other$kubernetes:core/v1:Secret" };
    expect(why(roles(...west, elsewhere)["stack-east-2"]), "outside the proxy").to.match(/unknown generation/);
  });

  it("is told by the generations that the control plane records, where a token does not say its own", () => {
    const recording = (before: unknown, after: unknown): PretendedStep[] =>
      west.map((step) => (step.types === "IstioPrimary" ? { ...step, op: "update", before: { readerGenerations: before }, after: { readerGenerations: after } } : step));
    const token = (op: string): PretendedStep => secretStep("west", op, { type: "kubernetes.io/service-account-token", metadata: { name: "other" } }, op);
    expect(roles(...recording([1, 2], [2, 3]), token("create"), token("delete"))).to.deep.equal({
      create: { is: "reader-token", cluster: "west", generation: 3 },
      delete: { is: "reader-token", cluster: "west", generation: 1 },
    });
    for (const after of [[2, 3, 4], ["3"], undefined, "3"]) expect(why(roles(...recording([1, 2], after), token("create"))["create"])).to.match(/unknown generation/);
  });

  it("is told by the label of a workload, its own or that of another resource around it", () => {
    const components = demoComponents("west", "Webapp");
    const found = roles(...west, ...components, demoStep("west", "Webapp", "kubernetes:apps/v1:Deployment", "create", "shop"), demoStep("west", "Webapp", "kubernetes:networking.istio.io/v1:Gateway", "update"));
    expect(Object.values(found)).to.deep.equal([true, false].map((runs) => ({ is: "workload", workload: "shop", cluster: "west", runs })));
  });

  it("is none for the demo's namespace, although its sibling components have labels", () => {
    const namespace: PretendedStep = { op: "update", types: "Demo$kubernetes:core/v1:Namespace", name: "n", parent: urn("Demo", "d-west"), cluster: "west" };
    expect(roles(...west, ...demoComponents("west", "Webapp"), namespace)).to.deep.equal({});
  });

  it("is told by the name of the client's container, and is none for another container", () => {
    expect(roles(client({ name: "mypc" }))).to.deep.equal({ x: { is: "workload", workload: "mypc", runs: true } });
    expect(roles({ ...client({ name: "mypc" }), types: "Other$docker:index/container:Container" })).to.deep.equal({});
  });

  it("is none for what is not in the demo, whatever its labels are", () => {
    expect(roles(...west, { ...demoStep("west", "Webapp", "kubernetes:apps/v1:Deployment", "create", "webapp"), types: "Other$kubernetes:apps/v1:Deployment" })).to.deep.equal({});
  });

  for (const [what, step, reason] of [
    ["a command of a cluster that does neither of the two things", commandStep("west", "create", { environment: {} }), /neither creates a kind cluster/],
    ["a command of a cluster without an environment", commandStep("west", "create", {}), /neither creates a kind cluster/],
    ["a command of a cluster that the preview does not show", commandStep("gone", "delete", { environment: { KIND_NAME: "gone" } }), /not part of a cluster/],
    ["a provider that belongs to no cluster", { op: "replace", types: "pulumi:providers:kubernetes", name: "x" }, /not the provider of a cluster/],
    ["a root with another subject", { ...rootStep("1", "delete"), after: { subject: { organization: "usmesh", commonName: "another" } } }, /does not name a root/],
    ["a root without a subject", { ...rootStep("1", "delete"), after: {} }, /does not name a root/],
    ["a root outside the authority", { ...rootStep("1", "delete"), types: "tls:index/selfSignedCert:SelfSignedCert" }, /does not name a root/],
    ["a root whose subject names another root than before", { ...rootStep("1", "replace"), before: rootStep("2", "same").after!, after: rootStep("1", "same").after! }, /another root than before/],
    ["a root whose subject named none before", { ...rootStep("1", "replace"), before: {}, after: rootStep("1", "same").after! }, /another root than before/],
    ["an intermediate without a request", { ...intermediateSteps("west", "replace")[1]!, sources: {} }, /does not name a cluster/],
    ["an intermediate with the requests of two clusters", { ...intermediateSteps("west", "replace")[1]!, sources: { certRequestPem: ["west", "east"].map((key) => urn("PluginCA$tls:index/certRequest:CertRequest", `q-${key}`)) } }, /does not name a cluster/],
    ["a root whose subject has no name", { ...rootStep("1", "delete"), after: { subject: { organization: "usmesh" } } }, /does not name a root/],
    ["a Secret of a control plane with another name", secretStep("west", "create", { type: "Opaque", metadata: { name: "other" } }, "x"), /neither istiod's signing certificate/],
    ["a Secret of a control plane without inputs", secretStep("west", "delete", {}, "x"), /neither istiod's signing certificate/],
    ["a token outside every control plane", { op: "create", types: "kubernetes:core/v1:Secret", name: "x", after: { type: "kubernetes.io/service-account-token" } }, /unknown generation/],
    ["a token in a cluster that is not known", tokenStep("east", 1, "create"), /an unknown cluster/],
    ["what istiod signs with in a cluster that is not known", cacertsStep("east", "update"), /an unknown cluster/],
    ["a workload without a label", demoStep("west", "Webapp", "kubernetes:apps/v1:Deployment", "delete"), /without the label app/],
    ["a workload in a cluster that is not known", demoStep("east", "Webapp", "kubernetes:apps/v1:Deployment", "delete", "webapp"), /an unknown cluster/],
    ["a container of the client without a name", client({}), /without a name/],
  ] as const satisfies readonly (readonly [string, PretendedStep, RegExp])[]) {
    it(`is unknown for ${what}`, () => expect(why(roles(...west, ...requestsOf("west", "east"), step)[step.name])).to.match(reason));
  }
});

describe("the operations on roles", () => {
  it("are a replacement where one resource is deleted and another one created for the same role", () => {
    const steps = [...west, tokenStep("west", 1, "create", "new"), tokenStep("west", 1, "delete", "old"), tokenStep("west", 2, "create")];
    const parts = partsOf(contextOf(facts(settings(["west"]), steps)));
    expect(operationsOf(parts).map(({ operation }) => operation)).to.deep.equal(["replace", "create"]);
  });
});
