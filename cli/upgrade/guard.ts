import { EXIT, MeshError } from "../../lib/errors";
import type { MeshOutputs } from "../../outputs/contract";
import { readPeer } from "../../outputs/peers";
import { istioBefore, type IstioBefore } from "../../program/istio-before";
import { upgradeProblems } from "../../program/upgrades";
import type { ClusterModel } from "../../settings/model";
import { servesProxy } from "../../topology/istio-versions";
import type { PulumiCommands } from "../lib/pulumi";
import type { StackModel } from "../up/order";
import type { Looked } from "./look";
import type { Action, Change } from "./next";
import { HELD_REMEDY } from "./workloads";

/** Why an upgrade is refused, or does not continue. Nothing was changed by then. */

/** What the program would refuse at its next `up`. @throws MeshError with the first reason */
export async function refuseByRules({ stack, model, peers }: StackModel, before: ClusterModel, outputs: MeshOutputs["clusters"], pulumi: Pick<PulumiCommands, "list" | "outputs">): Promise<void> {
  const after = model.clusters.find(({ key }) => key === before.key);
  if (after !== undefined && JSON.stringify(after.istio) === JSON.stringify(before.istio)) {
    throw new MeshError("upgrade-settings-elsewhere", `what was written to the file of stack ${stack} for usmesh:clusters.${before.key}.istio has no effect`, "A file that USMESH_SETTINGS names overrides it: remove clusters from that file.", EXIT.unusable);
  }
  const known = await pulumi.list();
  const others = await Promise.all(peers.filter((peer) => known.includes(peer)).map(async (peer) => readPeer(peer, await pulumi.outputs(peer))));
  const each = <T>(value: (key: string) => T | undefined): Record<string, T> =>
    Object.fromEntries(model.clusters.flatMap(({ key }): [string, T][] => { const one = value(key); return one === undefined ? [] : [[key, one]]; }));
  const [problem] = upgradeProblems({
    clusters: model.clusters,
    before: each((key) => beforeOf(outputs, key)),
    kubernetes: each((key) => outputs[key]?.versions.kubernetes),
    peers: others,
  });
  if (problem !== undefined) throw problem;
}

/** Istio in a cluster since its last `up`; undefined where there was none. */
export function beforeOf(outputs: MeshOutputs["clusters"], key: string): IstioBefore | undefined {
  const cluster = outputs[key];
  return cluster && istioBefore(cluster);
}

/** Refuses to do nothing, unless the version is reached. */
export function refuseNothing({ why }: Extract<Action, { do: "nothing" }>, key: string, { istio }: ClusterModel): void {
  if (why === "no-upgrade") throw new MeshError("upgrade-not-begun", `cluster ${key} has only Istio ${istio.version}: there is no upgrade to take back`, undefined, EXIT.unusable);
  if (why === "too-late") {
    throw new MeshError("upgrade-too-late", `cluster ${key}: its old istiod is already being removed, so the upgrade to Istio ${istio.version} can no longer be taken back`, `Finish it first: the same command with --cluster ${key} and without --rollback.`, EXIT.unusable);
  }
  if (why === "other-upgrade") {
    throw new MeshError("upgrade-under-way", `cluster ${key} is being upgraded from Istio ${istio.version} to ${istio.next?.version}`, "Run the command without --to to finish that upgrade, or with --rollback to take it back.", EXIT.unusable);
  }
}

/** A folder has the charts of one version: with the same folder for both, one of the two istiods would not be of the version that the settings name. */
export function refuseSameCharts(key: string, { from, to }: Extract<Change, { set: "upgrade" }>, { istio }: ClusterModel): void {
  const charts = from.charts ?? istio.charts;
  if (charts === undefined || from.version === to.version || (to.charts ?? charts) !== charts) return;
  throw new MeshError("upgrade-charts-folder", `cluster ${key}: Istio ${from.version} and ${to.version} would both have the charts in ${charts}; nothing was changed`, `Leave istio.version and istio.charts as they are for what is installed, and name the folder of the new charts: --to ${to.version} --charts FOLDER`, EXIT.unusable);
}

/** Istio serves proxies that are one minor version older, and those of the old istiod stay for a while. */
export function refuseOldProxies(key: string, to: string, { proxies }: Looked): void {
  const old = proxies.filter(({ version }) => !servesProxy(to, version));
  if (old.length === 0) return;
  throw new MeshError("upgrade-proxies-too-old", `cluster ${key}: Istio ${to} does not serve ${old.map(({ id, version }) => `${id} (${version})`).join(", ")}; nothing was changed`, "Restart these workloads first: they get the version of the istiod that is installed.", EXIT.unusable);
}

/** A rollout that waits for somebody would stop the upgrade half way. */
export function refuseHeld(key: string, { held }: Looked): void {
  if (held.length > 0) throw new MeshError("upgrade-workload-held", `cluster ${key}: ${held.join("; ")}; nothing was changed`, HELD_REMEDY, EXIT.unusable);
}
