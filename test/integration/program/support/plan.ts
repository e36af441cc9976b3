import { expect } from "chai";
import { planReport, type PlanReport } from "../../../../cli/plan/report";
import { secretIn } from "./objects";
import type { Site } from "./site";

const KEYS = ["west", "east"] as const;

/** Steps of a suite about stack `local` with both clusters: what `./mesh plan` says of it. They change nothing. */
export class PlanSteps {
  private readonly said: string[] = [];

  constructor(private readonly site: () => Site) {}

  /** Before the stack is up, or even known. */
  before(): void {
    it("are in a plan as what is to be created, which does not create the stack", async () => {
      const [stack] = (await this.plan(0)).stacks;
      expect(stack?.clusters.joining.map(({ cluster }) => cluster)).to.have.members(["west", "east"]);
      expect(stack?.pairs.wired).to.have.members(["west->east", "east->west"]);
      expect(stack?.trust).to.deep.include.members([{ change: "root-added", root: "1" }, { change: "intermediate-issued", cluster: "east" }]);
      expect(stack?.workloads).to.deep.include.members([{ workload: "webapp", cluster: "west", change: "create" }]);
      expect(stack?.resources?.find(({ component }) => component === "IstioPrimary")).to.include({ create: 12, update: 0, replace: 0, delete: 0 });
      expect((await this.site().mesh("down", "--yes")).stderr).to.contain("nothing to remove");
    });
  }

  /** While the stack is up and matches its settings. Afterwards its settings are the same again. */
  whileUp(): void {
    it("have an empty plan when nothing has changed, which leaves their state as it is", async () => {
      const before = await this.site().state("local");
      const [stack] = (await this.plan(0)).stacks;
      expect(stack).to.deep.include({ trust: [], tokens: [], workloads: [], resources: [], pairs: { wired: [], unwired: [] }, warnings: [] });
      expect(stack?.clusters).to.deep.equal({ joining: [], leaving: [], replaced: [], changed: [] });
      expect(await this.site().state("local")).to.equal(before);
    });

    it("have a new root, new tokens and workloads that stop in a plan, none of which is dangerous", async () => {
      this.configure({ trust: { roots: ["1", "2"] }, demo: false }, { generation: 2 });
      const [stack] = (await this.plan(0)).stacks;
      expect(stack?.trust).to.deep.equal([{ change: "root-added", root: "2" }]);
      expect(stack?.tokens).to.have.deep.members(["west", "east"].map((cluster) => ({ cluster, generation: 2, change: "issued" })));
      expect(stack?.workloads).to.deep.include({ workload: "webapp", cluster: "west", change: "delete" });
    });

    it("have a dangerous plan when their kubeconfigs lead to other clusters, unless that is allowed", async () => {
      this.configure({ clusters: { west: this.site().cluster("east"), east: this.site().cluster("west") } });
      // Another danger that is allowed changes nothing.
      const { stacks, dangers } = await this.plan(1, "--allow", "changed-root");
      expect(stacks[0]?.clusters.replaced.map(({ cluster }) => cluster)).to.have.members(["west", "east"]);
      expect(dangers.map(({ danger, allowed }) => ({ danger, allowed }))).to.deep.equal([0, 1].map(() => ({ danger: "replaced-clusters", allowed: false })));
      await this.plan(0, "--allow", "replaced-clusters");
    });

    it("have a plan that says why the program refuses, when it does", async () => {
      this.configure({ trust: { roots: ["2"] } });
      const [stack] = (await this.plan(2)).stacks;
      expect(stack).to.include({ state: "failed" });
      expect(stack?.reason).to.match(/is more than one step/);
      this.configure();
    });

    it("have a plan that shows nothing secret", async () => {
      const reader = await secretIn(this.site().server("west"), "istio-system", "istio-reader-service-account-1");
      const cacerts = await secretIn(this.site().server("west"), "istio-system", "cacerts");
      for (const secret of [reader?.["token"], cacerts?.["ca-key.pem"]?.split("\n")[1]]) {
        expect(secret).to.be.a("string").with.length.greaterThan(20);
        expect(this.said.join("\n")).not.to.contain(secret);
      }
    });

    it("have no plan for stacks and dangers that do not exist", async () => {
      const wrong = [["nowhere"], ["--all", "local"], ["--allow", "everything"], ["--json", "--markdown"]];
      const ended = await Promise.all(wrong.map((args) => this.site().mesh("plan", ...args)));
      expect(ended.map(({ code }) => code)).to.deep.equal(wrong.map(() => 2));
    });
  }

  private configure(extra: object = {}, peering: object = {}): void {
    this.site().configure("local", KEYS, { ...extra, peering: { through: "apiServer", ...peering } });
  }

  private async plan(code: number, ...args: string[]): Promise<PlanReport> {
    const ended = await this.site().mesh("plan", "local", "--json", ...args);
    expect(ended.code, ended.stderr + ended.stdout).to.equal(code);
    this.said.push(ended.stdout, ended.stderr);
    const report = planReport.parse(JSON.parse(ended.stdout));
    expect(report.exitCode).to.equal(code);
    return report;
  }
}
