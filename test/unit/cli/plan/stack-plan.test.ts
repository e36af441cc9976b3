import { expect } from "chai";
import * as fc from "fast-check";
import { dangersOf, planStack } from "../../../../cli/plan/stack-plan";
import type { StackPlan } from "../../../../cli/plan/report";
import { readPeer, notUpWarning } from "../../../../outputs/peers";
import { facts, peer, recorded, settings, standingOf, trustOf, type PretendedStep } from "./support/facts";

const KIND = "Cluster$command:local:Command";
const PROVIDER = "Cluster$pulumi:providers:kubernetes";
const ROOT = "PluginCA$tls:index/selfSignedCert:SelfSignedCert";
const CERTIFICATE = "PluginCA$tls:index/locallySignedCert:LocallySignedCert";
const SECRET = "IstioPrimary$kubernetes:core/v1:Secret";

const dangers = (plan: StackPlan): string[] => dangersOf(plan, []).map(({ danger, what }) => `${danger}: ${what}`);

describe("the plan of clusters", () => {
  it("lets a cluster join that is in the settings and not up", () => {
    const plan = planStack(facts(settings(["west", "north"]), [], standingOf(["west"])));
    expect(plan.clusters).to.deep.include({ joining: [{ cluster: "north", driver: "existing" }], leaving: [], replaced: [] });
    expect(dangers(plan)).to.deep.equal([]);
  });

  it("lets one leave that is up and no longer in the settings, which is dangerous", () => {
    const plan = planStack(facts(settings(["west"]), [["delete", KIND, "north-kind"], ["delete", "Cluster", "north"]], standingOf(["west", "north"])));
    expect(plan.clusters).to.deep.include({ leaving: [{ cluster: "north", driver: "kind" }], replaced: [] });
    expect(dangers(plan)).to.deep.equal(["replaced-clusters: cluster north leaves the mesh and is deleted"]);
  });

  it("knows of one that leaves before the stack was ever wholly up", () => {
    expect(planStack(facts(settings(["west"]), [["delete", "Cluster", "north"]])).clusters.leaving).to.deep.equal([{ cluster: "north" }]);
  });

  for (const [why, before, after] of [
    ["node image a → b", { environment: { KIND_IMAGE: "a" } }, { environment: { KIND_IMAGE: "b" } }],
    ["the one that stood is gone or was made anew by somebody else", { environment: { INCARNATION: "1" } }, { environment: { INCARNATION: "2" } }],
    ["another kind configuration: subnets, region, zone or what usmesh:kind.config says", { stdin: "x" }, { stdin: "y" }],
    ["another Docker network", { environment: { DOCKER_SUBNET: "x" } }, { environment: { DOCKER_SUBNET: "y" } }],
    ["kind name west → w", { environment: { KIND_NAME: "west" } }, { environment: { KIND_NAME: "w" } }],
    ["another something", {}, {}],
  ] as const) {
    it(`says why a kind cluster is replaced: ${why}`, () => {
      const plan = planStack(facts(settings(["west"]), [["replace", KIND, "west-kind", before, after], ["replace", PROVIDER, "west-provider"]], standingOf(["west"])));
      expect(plan.clusters.replaced).to.deep.equal([{ cluster: "west", why }]);
      expect(dangers(plan)).to.deep.equal([`replaced-clusters: cluster west is replaced: ${why}`]);
    });
  }

  it("sees that a kubeconfig leads to another cluster, as the real engine shows it", () => {
    const model = settings(["west", "east"], {}, "local");
    const plan = planStack({ stack: "local", model, peers: [], ...recorded("other-cluster") });
    expect(plan.clusters.replaced).to.deep.equal([{ cluster: "east", why: "its kubeconfig leads to another cluster" }]);
    // What goes and comes with a cluster is not told apart from it.
    expect(plan.tokens).to.deep.equal([]);
    expect(plan.resources?.find(({ component }) => component === "IstioPrimary")).to.deep.equal({ component: "IstioPrimary", create: 0, update: 0, replace: 6, delete: 0 });
  });

  it("does not take another certificate or address of the same cluster for another cluster", () => {
    expect(planStack(facts(settings(["west"]), [["update", PROVIDER, "west-provider"]], standingOf(["west"]))).clusters.replaced).to.deep.equal([]);
  });

  it("says what the mesh knows of a cluster and what changes, versions included", () => {
    const model = settings(["west"], { istio: { version: "1.31.5" } });
    const changed = planStack(facts({ ...model, clusters: [{ ...model.clusters[0]!, network: "n2", zone: "1" }] }, [], standingOf(["west"]))).clusters.changed;
    expect(changed.map(({ what, from, to }) => `${what} ${from} ${to}`)).to.deep.equal(["network west-network n2", "zone 0 1", "driver kind existing", "Istio 1.31.4 1.31.5"]);
  });

  it("has every cluster join, leave or stay", () => {
    const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 });
    fc.assert(
      fc.property(keys, keys, (before, after) => {
        const { joining, leaving } = planStack(facts(settings(after), [], standingOf(before))).clusters;
        const stays = before.filter((key) => after.includes(key));
        expect([...stays, ...joining.map(({ cluster }) => cluster)].sort()).to.deep.equal([...after].sort());
        expect([...stays, ...leaving.map(({ cluster }) => cluster)].sort()).to.deep.equal([...before].sort());
      }),
      { numRuns: 40 },
    );
  });
});

describe("the plan of trust", () => {
  const rotated = (roots: string[], signer: string, standing: readonly string[], steps: readonly PretendedStep[] = []): StackPlan =>
    planStack(facts(settings(["west"], { trust: { roots, signer } }), steps, standingOf(["west"], [], standing)));

  it("of a new stack has a root and an intermediate for each cluster", () => {
    const plan = planStack(facts(settings(["west"]), [["create", ROOT, "trust-root-1"], ["create", CERTIFICATE, "trust-west-certificate"]]));
    expect(plan.trust).to.deep.equal([{ change: "root-added", root: "1" }, { change: "intermediate-issued", cluster: "west" }]);
    expect(dangers(plan)).to.deep.equal([]);
  });

  it("lets a root be added, which is not dangerous", () => {
    const model = settings(["west", "east"], { trust: { roots: ["1", "2"] }, peering: { generation: 2 } }, "local");
    const plan = planStack({ stack: "local", model, peers: [], ...recorded("new-root-and-tokens") });
    expect(plan.trust).to.deep.equal([{ change: "root-added", root: "2" }]);
    expect(dangers(plan)).to.deep.equal([]);
  });

  it("calls another signing root a changed root, and names the intermediates that it signs", () => {
    const plan = rotated(["1", "2"], "2", ["1", "2"], [["replace", CERTIFICATE, "trust-west-certificate"], ["replace", CERTIFICATE, "trust-east-2-certificate"]]);
    expect(plan.trust).to.deep.equal([
      { change: "signer-changed", root: "2", from: "1" },
      { change: "intermediate-reissued", cluster: "west" },
      { change: "intermediate-reissued", cluster: "east-2" },
    ]);
    expect(dangers(plan)).to.deep.equal(["changed-root: root 2 signs instead of root 1"]);
  });

  it("calls a root that goes, and one that is another under its name, a changed root", () => {
    expect(dangers(rotated(["2"], "2", ["2", "1"], [["delete", ROOT, "trust-root-1"]]))).to.deep.equal(["changed-root: root 1 is no longer trusted"]);
    for (const op of ["replace", "create"]) {
      expect(dangers(rotated(["1"], "1", ["1"], [[op, ROOT, "trust-root-1"]])), op).to.deep.equal([
        "changed-root: root 1 is another one from now on: requests fail until every cluster has taken it over",
      ]);
    }
  });

  it("does not take a certificate that is only noted anew for another", () => {
    expect(rotated(["1"], "1", ["1"], [["update", CERTIFICATE, "trust-west-certificate"], ["update", ROOT, "trust-root-1"]]).trust).to.deep.equal([]);
  });

  describe("that another stack holds", () => {
    const model = settings(["west"], { peers: ["hub"], trust: { authority: "hub" } });
    const standing = (roots: readonly string[]): object => ({ ...standingOf(["west"]), trust: trustOf("hub", roots) });
    const plan = (roots: readonly string[], now: object, steps: readonly PretendedStep[] = []): StackPlan => planStack(facts(model, steps, standing(roots), [peer("hub", ["hub"], { trust: now })]));

    it("is taken over step by step, which was judged where the step was made", () => {
      const taken = plan(["1"], trustOf("hub", ["1", "2"]), [["update", SECRET, "west-istio-cacerts"]]);
      expect(taken.trust).to.deep.equal([
        { change: "root-added", root: "2", authority: "hub" },
        { change: "intermediate-reissued", cluster: "west", authority: "hub" },
      ]);
      const given = plan(["1", "2"], trustOf("hub", ["2"]));
      expect(given.trust.map(({ change }) => change)).to.deep.equal(["root-removed", "signer-changed"]);
      expect([...dangers(taken), ...dangers(given)]).to.deep.equal([]);
    });

    it("is a changed root when it shares nothing with the one before, whatever it is called", () => {
      const other = plan(["1"], trustOf("hub", ["1"], "second"));
      expect(other.trust).to.deep.equal([{ change: "root-replaced", root: "1", authority: "hub" }]);
      expect(dangers(other)).to.have.length(1);
    });

    it("stays as it is when it is the same", () => expect(plan(["1"], trustOf("hub", ["1"])).trust).to.deep.equal([]));
  });
});

describe("the plan of pairs, tokens and workloads", () => {
  it("wires every own cluster with everyone who is up, and unwires who left", () => {
    const model = settings(["west", "north"], { peers: ["east", "south"], trust: { members: ["west", "north", "east", "south"] } });
    const plan = planStack(facts(model, [], standingOf(["west"], ["west->east", "west->gone"]), [peer("east", ["east"]), readPeer("south", {})]));
    expect(plan.pairs).to.deep.equal({ wired: ["north->west", "north->east", "west->north"], unwired: ["west->gone"] });
    expect(plan.warnings).to.deep.equal([notUpWarning("west", "south")]);
  });

  it("tells what the program warned of, and believes its own eyes about peers", () => {
    const model = settings(["west"], { peers: ["east"], trust: { members: ["west", "east"] } });
    const plan = planStack({ ...facts(model, [], undefined, [peer("east", ["east"])]), warnings: [notUpWarning("west", "east"), "the disk is full"] });
    expect(plan.warnings).to.deep.equal(["the disk is full"]);
  });

  it("issues a token and withdraws the one before the last, in clusters that stay", () => {
    const steps: PretendedStep[] = [["create", SECRET, "west-istio-reader-3"], ["delete", SECRET, "west-istio-reader-1"], ["create", SECRET, "north-istio-reader-3"]];
    expect(planStack(facts(settings(["west", "north"]), steps, standingOf(["west"]))).tokens).to.deep.equal([
      { cluster: "west", generation: 3, change: "issued" },
      { cluster: "west", generation: 1, change: "withdrawn" },
    ]);
  });

  it("names workloads by what runs, and what is around them only when it changes", () => {
    const pods = "Demo$Webapp$kubernetes:apps/v1:Deployment";
    const service = "Demo$Catalog$kubernetes:core/v1:Service";
    const steps: PretendedStep[] = [
      ["delete", pods, "demo-west-webapp-deployment"],
      ["update", "Demo$Webapp$kubernetes:core/v1:Service", "demo-west-webapp-service"],
      ["create", pods, "demo-north-2-webapp-deployment"],
      ["create", service, "demo-north-2-catalog-service"],
      ["update", service, "demo-west-catalog-service"],
      ["replace", "Client$docker:index/container:Container", "client-container"],
      ["create", "Demo$kubernetes:core/v1:Namespace", "demo-north-2-namespace"],
    ];
    expect(planStack(facts(settings(["west"]), steps)).workloads).to.deep.equal([
      { workload: "webapp", cluster: "west", change: "delete" },
      { workload: "webapp", cluster: "north-2", change: "create" },
      { workload: "catalog", cluster: "west", change: "update" },
      { workload: "client", change: "replace" },
    ]);
  });

  it("counts what is real, by outermost component, in the order in which it is made", () => {
    const steps: PretendedStep[] = [
      ["create", "Demo", "demo-west"],
      ["create", "Demo$Webapp$kubernetes:core/v1:Service", "demo-west-webapp-service"],
      ["update", KIND, "west-kind"],
      ["update", PROVIDER, "west-provider"],
      ["delete", ROOT, "trust-root-1"],
      ["create", "random:index:Thing", "stranger"],
      ["read", "IstioPrimary$kubernetes:core/v1:Service", "west-istio-ingress-service"],
    ];
    expect(planStack(facts(settings(["west"]), steps)).resources).to.deep.equal([
      { component: "PluginCA", create: 0, update: 0, replace: 0, delete: 1 },
      { component: "Cluster", create: 0, update: 1, replace: 0, delete: 0 },
      { component: "Demo", create: 1, update: 0, replace: 0, delete: 0 },
      { component: "other", create: 1, update: 0, replace: 0, delete: 0 },
    ]);
  });

  it("counts nothing where nothing was previewed", () => {
    expect(planStack({ ...facts(settings(["west"]), []), changes: undefined })).not.to.have.property("resources");
  });
});
