import { expect } from "chai";
import { isApplied, nextAction, type Action, type ClusterView, type Goal } from "../../../../cli/upgrade/next";
import { changed } from "../../../../cli/upgrade/settings";
import type { FollowingProxy } from "../../../../cli/verify/revision-facts";
import type { Tree } from "../../../../lib/merge";
import { istioBefore, istioOutputs, type IstioBefore } from "../../../../program/istio-before";
import { parseSettings } from "../../../../settings/config";
import type { ClusterIstio } from "../../../../settings/model";

const istioOf = (istio: Tree): ClusterIstio => parseSettings({ clusters: { west: { istio } }, istio: { version: "1.31.3" } }, { stack: "west" }).clusters[0]!.istio;
const appliedOf = (istio: ClusterIstio): IstioBefore => istioBefore({ versions: { istio: istio.version }, istio: istioOutputs(istio) });
const view = (istio: Tree, behind: readonly FollowingProxy[] = []): ClusterView => ({ istio: istioOf(istio), applied: appliedOf(istioOf(istio)), behind });
const pod = (id: string): FollowingProxy => ({ id, revision: "default", next: "blue" });
const TO: Goal = { to: { version: "1.31.4" } };
const step = (name: string): Tree => ({ version: "1.31.3", upgrade: { version: "1.31.4", revision: "blue", step: name } });

/** A cluster that does what it is told: its settings, and where its pods are. */
class Pretended {
  settings: Tree = {};
  applied: ClusterIstio = istioOf({});
  readonly pods = new Map([["web-1.shop", "default"], ["cart-1.shop", "default"], ["api-1.bank", "default"]]);
  readonly done: string[] = [];

  view(): ClusterView {
    const { injects } = this.applied.placement;
    const behind = [...this.pods].filter(([, revision]) => revision !== injects).map(([id, revision]) => ({ id, revision, next: injects }));
    return { istio: istioOf(this.settings), applied: appliedOf(this.applied), behind };
  }

  /** @param killed whether the engine is killed before it has done anything */
  act(action: Action, killed = false): void {
    if (action.do === "up") {
      if (action.change) this.settings = changed(this.settings, action.change);
      this.done.push(action.change ? [action.change.set, action.change.set === "step" ? action.change.step : ""].join(" ").trim() : "again");
      if (!killed) this.applied = istioOf(this.settings);
    }
    if (action.do === "restart") {
      this.done.push(`restart ${action.namespace}`);
      for (const name of action.pods) if (!killed) this.pods.set(`${name}.${action.namespace}`, this.applied.placement.injects);
    }
  }

  run(goal: Goal, killedAt = -1): void {
    for (let turn = 0; turn < 30; turn++) {
      const action = nextAction(this.view(), goal);
      if (action.do === "nothing") return;
      this.act(action, turn === killedAt);
    }
    throw new Error("it does not end");
  }
}

const FORWARD = ["upgrade", "step eastWest", "step gateways", "step workloads", "restart bank", "restart shop", "installed"];

describe("the next action of an upgrade", () => {
  it("leads from one version to the next: beside, east-west gateway, ingress gateway, new pods, namespace by namespace, and the old one is removed", () => {
    const west = new Pretended();
    west.run(TO);
    expect(west.done).to.deep.equal(FORWARD);
    expect(west.settings).to.deep.equal({ version: "1.31.4", revision: "blue" });
    west.done.length = 0;
    west.run({ to: { version: "1.31.5" } });
    expect(west.settings).to.deep.equal({ version: "1.31.5", revision: "green" });
  });

  it("continues wherever the engine was killed", () => {
    for (let turn = 0; turn < FORWARD.length; turn++) {
      const west = new Pretended();
      west.run(TO, turn);
      expect(west.settings, `killed at ${FORWARD[turn]}`).to.deep.equal({ version: "1.31.4", revision: "blue" });
      expect([...new Set(west.pods.values())], `killed at ${FORWARD[turn]}`).to.deep.equal(["blue"]);
      expect(west.done.length, `killed at ${FORWARD[turn]}`).to.equal(FORWARD.length + 1);
    }
  });

  it("leads back from any step of an upgrade, until the old istiod is removed", () => {
    for (let turns = 1; turns < FORWARD.length; turns++) {
      const west = new Pretended();
      for (let turn = 0; turn < turns; turn++) west.act(nextAction(west.view(), TO));
      west.run("rollback");
      expect(west.settings, `after ${FORWARD[turns - 1]}`).to.deep.equal({ version: "1.31.3" });
      expect([...new Set(west.pods.values())], `after ${FORWARD[turns - 1]}`).to.deep.equal(["default"]);
    }
    const west = new Pretended();
    west.run(TO);
    expect(nextAction(west.view(), "rollback")).to.deep.equal({ do: "nothing", why: "no-upgrade" });
  });

  it("is the same up again, where the last one did not end", () => {
    const { istio, behind } = view(step("gateways"));
    for (const applied of [appliedOf(istioOf(step("eastWest"))), appliedOf(istioOf({})), undefined]) {
      expect(nextAction({ istio, applied, behind }, TO)).to.deep.equal({ do: "up" });
    }
  });

  it("turns a version that somebody has raised into an upgrade, instead of replacing everything at once", () => {
    const raised = { ...view({ version: "1.31.4" }), applied: { version: "1.31.3", revision: "default" } };
    expect(nextAction(raised, TO)).to.deep.equal({ do: "up", change: { set: "upgrade", to: { version: "1.31.4" }, from: { version: "1.31.3" }, revision: "blue" } });
    expect(changed({ version: "1.31.4", hub: "h" }, { set: "upgrade", to: { version: "1.31.4" }, from: { version: "1.31.3" }, revision: "blue" })).to.deep.equal({ version: "1.31.3", hub: "h", upgrade: { version: "1.31.4", revision: "blue" } });
    expect(nextAction(raised, "rollback")).to.deep.equal({ do: "nothing", why: "no-upgrade" });
  });

  it("turns another tag, hub or folder of charts into an upgrade as well, and writes down what is installed", () => {
    const was = { version: "1.31.3", tag: "fix-1", hub: "example.org/a", charts: "old" };
    const now = { ...was, tag: "fix-2", hub: "example.org/b", charts: "new" };
    expect(nextAction({ ...view(now), applied: appliedOf(istioOf(was)) }, { to: now })).to.deep.equal({ do: "up", change: { set: "upgrade", to: now, from: was, revision: "blue" } });
    expect(nextAction({ ...view({ ...was, tag: "fix-2" }), applied: appliedOf(istioOf(was)) }, TO)).to.have.nested.property("change.from").that.deep.equals({ version: "1.31.3", tag: "fix-1" });
    expect(nextAction({ ...view(now), applied: { version: "1.31.3", revision: "default" } }, { to: now }), "outputs that did not record them").to.deep.equal({ do: "nothing", why: "reached" });
  });

  it("goes back without doing again what did not end: it may never end", () => {
    const unended = (settings: Tree, applied: Tree): Action => nextAction({ ...view(settings), applied: appliedOf(istioOf(applied)) }, "rollback");
    expect(unended(step("gateways"), step("eastWest"))).to.deep.equal({ do: "up", change: { set: "step", step: "beside" } });
    expect(unended(step("beside"), {}), "the new istiod does not start").to.deep.equal({ do: "up", change: { set: "nothing" } });
    expect(unended(step("beside"), step("workloads")), "on the way back").to.deep.equal({ do: "up" });
    expect(unended({ version: "1.31.3" }, step("beside")), "at the end of it").to.deep.equal({ do: "up" });
  });

  it("restarts the pods of one namespace at a time: those that are named first, then by name", () => {
    const behind = [pod("web.1.shop"), pod("api-1.bank"), pod("cart-1.shop"), pod("x-1.zoo")];
    expect(nextAction(view(step("workloads"), behind), TO)).to.deep.equal({ do: "restart", namespace: "bank", pods: ["api-1"] });
    expect(nextAction(view(step("workloads"), behind), TO, ["other", "shop", "zoo"])).to.deep.equal({ do: "restart", namespace: "shop", pods: ["web.1", "cart-1"] });
  });

  it("waits for no pod before new pods follow", () => {
    expect(nextAction(view(step("beside"), [pod("web-1.shop")]), TO)).to.deep.include({ do: "up" });
  });

  it("is nothing where the version is there, and where another upgrade is on its way", () => {
    expect(nextAction(view({ version: "1.31.4" }), TO)).to.deep.equal({ do: "nothing", why: "reached" });
    expect(nextAction(view(step("eastWest")), { to: { version: "1.31.5" } })).to.deep.equal({ do: "nothing", why: "other-upgrade" });
  });

  it("tells two builds of one version apart by their charts and their tag", () => {
    const built = { version: "1.31.3", charts: "charts", tag: "1.31.3" };
    expect(nextAction(view(built), { to: { version: "1.31.3", tag: "1.31.3-newer" } })).to.deep.include({ do: "up" });
    expect(nextAction(view(built), { to: { version: "1.31.3", charts: "newer" } })).to.deep.include({ do: "up" });
    expect(nextAction(view(built), { to: { version: "1.31.3", tag: "1.31.3" } })).to.deep.include({ do: "nothing" });
  });

  it("takes an up for ended only when its outputs say all that the settings do", () => {
    const istio = istioOf(step("gateways"));
    expect(isApplied(istio, appliedOf(istio))).to.equal(true);
    for (const other of [step("beside"), { version: "1.31.3" }, { ...step("gateways"), version: "1.31.2" }, { ...step("gateways"), tag: "t" }, { version: "1.31.3", upgrade: { version: "1.31.4", revision: "blue", step: "gateways", hub: "h" } }, { version: "1.31.3", upgrade: { version: "1.31.4", revision: "green", step: "gateways" } }]) {
      expect(isApplied(istio, appliedOf(istioOf(other)))).to.equal(false);
      expect(isApplied(istioOf(other), appliedOf(istio))).to.equal(false);
    }
  });
});
