import { merge } from "../lib/merge";
import { nextRevision, placementOf } from "../topology/revisions";
import type { ClusterIstio, IstioInstall, IstioModel } from "./model";
import type { ClusterSettings } from "./schema";

/** What overrides the settings of the stack. */
type Own = Partial<Pick<ClusterSettings["istio"], "version" | "charts" | "hub" | "tag" | "values">>;

/** Istio in a cluster: the stack's settings with the cluster's over them, and those of its upgrade over both. */
export function completeClusterIstio(stack: IstioModel, { revision, upgrade, ...own }: ClusterSettings["istio"]): ClusterIstio {
  const current: IstioInstall = { ...over(stack, stack, own), revision };
  if (upgrade === undefined) return { ...current, placement: placementOf(revision) };
  const { step, revision: wanted = nextRevision(revision), ...changes } = upgrade;
  const next = { ...over(stack, current, changes), revision: wanted, step };
  return { ...current, next, placement: placementOf(revision, next) };
}

/** The installation that has a revision. @throws Error when the cluster has none of it */
export function installOf(istio: ClusterIstio, revision: string): IstioInstall {
  const found = [istio, istio.next].find((install) => install?.revision === revision);
  if (found === undefined) throw new Error(`no istiod of revision ${revision} is wanted`);
  return found;
}

/** Digests belong to the stack's version: another version has other charts. */
function over<T extends IstioModel>({ version, digests }: IstioModel, base: T, { values, ...own }: Own): T {
  const set = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const install = { ...base, ...set, values: values === undefined ? base.values : (merge(base.values, values) as T["values"]) };
  return { ...install, digests: install.version === version ? digests : {} };
}
