import { expect } from "chai";
import { planReport, type PlanReport } from "../../../cli/plan/report";
import { inSteps } from "../../support/steps";
import { secretIn } from "../program/support/objects";
import { openSite, type Site } from "../program/support/site";

describe("the plan of a stack", function () {
  inSteps(this);
  let site: Site;
  const said: string[] = [];

  before(async () => {
    site = await openSite(["west", "east"]);
    site.configure("local", ["west", "east"]);
  });
  after(() => site.close());

  const plan = async (code: number, ...args: string[]): Promise<PlanReport> => {
    const ended = await site.mesh("plan", "local", "--json", ...args);
    expect(ended.code, ended.stderr + ended.stdout).to.equal(code);
    said.push(ended.stdout, ended.stderr);
    const report = planReport.parse(JSON.parse(ended.stdout));
    expect(report.exitCode).to.equal(code);
    return report;
  };

  it("shows what is to be created for a stack that the backend does not know, and does not create the stack", async () => {
    const [stack] = (await plan(0)).stacks;
    expect(stack?.clusters.joining.map(({ cluster }) => cluster)).to.have.members(["west", "east"]);
    expect(stack?.pairs.wired).to.have.members(["west->east", "east->west"]);
    expect(stack?.trust).to.deep.include.members([{ change: "root-added", root: "1" }, { change: "intermediate-issued", cluster: "east" }]);
    expect(stack?.workloads).to.deep.include.members([{ workload: "webapp", cluster: "west", change: "create" }]);
    expect(stack?.resources?.find(({ component }) => component === "IstioPrimary")).to.include({ create: 12, update: 0, replace: 0, delete: 0 });
    expect((await site.mesh("down", "--yes")).stderr).to.contain("nothing to remove");
  });

  it("is empty for a stack that matches its settings, and leaves its state as it is", async () => {
    await site.meshDoes("up", "--json");
    const before = await site.state("local");
    const [stack] = (await plan(0)).stacks;
    expect(stack).to.deep.include({ trust: [], tokens: [], workloads: [], resources: [], pairs: { wired: [], unwired: [] }, warnings: [] });
    expect(stack?.clusters).to.deep.equal({ joining: [], leaving: [], replaced: [], changed: [] });
    expect(await site.state("local")).to.equal(before);
  });

  it("shows a new root, new tokens and workloads that stop, none of which is dangerous", async () => {
    site.configure("local", ["west", "east"], { trust: { roots: ["1", "2"] }, peering: { generation: 2 }, demo: false });
    const [stack] = (await plan(0)).stacks;
    expect(stack?.trust).to.deep.equal([{ change: "root-added", root: "2" }]);
    expect(stack?.tokens).to.have.deep.members(["west", "east"].map((cluster) => ({ cluster, generation: 2, change: "issued" })));
    expect(stack?.workloads).to.deep.include({ workload: "webapp", cluster: "west", change: "delete" });
  });

  it("is dangerous when its kubeconfigs lead to other clusters, unless that is allowed", async () => {
    site.configure("local", ["west", "east"], { clusters: { west: site.cluster("east"), east: site.cluster("west") } });
    const { stacks, dangers } = await plan(1);
    expect(stacks[0]?.clusters.replaced.map(({ cluster }) => cluster)).to.have.members(["west", "east"]);
    expect(dangers.map(({ danger, allowed }) => ({ danger, allowed }))).to.deep.equal([0, 1].map(() => ({ danger: "replaced-clusters", allowed: false })));
    await plan(1, "--allow", "changed-root");
    await plan(0, "--allow", "replaced-clusters");
  });

  it("says why the program refuses, when it does", async () => {
    site.configure("local", ["west", "east"], { trust: { roots: ["2"] } });
    const [stack] = (await plan(2)).stacks;
    expect(stack).to.include({ state: "failed" });
    expect(stack?.reason).to.match(/is more than one step/);
  });

  it("shows nothing secret", async () => {
    const reader = await secretIn(site.server("west"), "istio-system", "istio-reader-service-account-1");
    const cacerts = await secretIn(site.server("west"), "istio-system", "cacerts");
    for (const secret of [reader?.["token"], cacerts?.["ca-key.pem"]?.split("\n")[1]]) {
      expect(secret).to.be.a("string").with.length.greaterThan(20);
      expect(said.join("\n")).not.to.contain(secret);
    }
  });

  it("is refused for stacks and dangers that do not exist", async () => {
    for (const args of [["nowhere"], ["--all", "local"], ["--allow", "everything"], ["--json", "--markdown"]]) {
      expect((await site.mesh("plan", ...args)).code, args.join(" ")).to.equal(2);
    }
  });
});
