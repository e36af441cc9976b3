/** Diff: what an update would change, and whether that takes a new object. */
import type { ChangeKind, DiffRequest, DiffResult } from "../../lib/kind";
import { REPLACE_UNREADY, isTrue } from "../annotations";
import { fromState } from "../checkpoint";
import { refOf } from "../cluster/api";
import { judgeJob } from "../await/job";
import { type JsonObject, type KubeObject, apiVersionOf, gvkOf, nameOf, namespaceOf } from "../objects";
import { toObject } from "../props";
import { detailedChanges } from "../rules/changes";
import { withoutDropped } from "../rules/empties";
import { forceNewPaths } from "../rules/forcenew";
import { isAutonamed, isNamed } from "../rules/naming";
import { normalize } from "../rules/normalize";
import { isWithin, parsePath } from "../rules/property-path";
import { prune } from "../rules/prune";
import { isBuiltIn } from "../tokens";
import { type Context, withNamespace } from "./context";

/** Compares the wishes with the live object as it was last seen, as far as the last wishes went. */
export async function diff(context: Context, request: DiffRequest): Promise<DiffResult> {
  const checkpoint = fromState(request.state);
  const { live } = checkpoint;
  const oldInputs = normalize(checkpoint.inputs);
  const wished = normalize(toObject(request.news));
  const gvk = gvkOf(wished);
  const namespaced = await context.isNamespaced(gvk);
  const news = placed(wished, namespaced);
  let olds = placed(prune(live, oldInputs), namespaced);
  olds = { apiVersion: apiVersionOf(gvk), kind: gvk.kind, ...olds };
  if (nameOf(news) !== "") olds = { ...olds, metadata: { ...(olds["metadata"] as JsonObject), name: nameOf(live) } };

  const relevant = isBuiltIn(gvk.group) ? withoutDropped(news, oldInputs, live) : news;
  const detailed = detailedChanges(olds, relevant, forceNewPaths(news, context.access.flags));
  dropIgnored(detailed, request.ignoreChanges);
  const replaces = Object.entries(detailed).flatMap(([path, kind]) => (isReplacement(path, kind) ? [path] : []));
  let changes = Object.keys(detailed).length > 0;
  if (await isUnready(context, news, live)) {
    changes = true;
    replaces.push(`metadata.annotations["${REPLACE_UNREADY}"]`);
  }
  return { changes, replaces, detailed, deleteBeforeReplace: replaces.length > 0 && keepsPlace(news, live) };
}

/** Namespaced objects without a namespace are in `default`; a namespace means nothing for the others. */
function placed(object: KubeObject, namespaced: boolean): KubeObject {
  return withNamespace(object, namespaced ? "default" : undefined);
}

function dropIgnored(detailed: Record<string, ChangeKind>, ignoreChanges: readonly string[]): void {
  const ignored = ignoreChanges.map(parsePath);
  for (const path of Object.keys(detailed)) {
    const steps = parsePath(path);
    if (ignored.some((outer) => isWithin(steps, outer))) delete detailed[path];
  }
}

function isReplacement(path: string, kind: ChangeKind): boolean {
  return kind.endsWith("-replace") || (kind === "delete" && path === "metadata");
}

/** The new object takes the old one's place, so that the old one has to go first. */
function keepsPlace(news: KubeObject, live: KubeObject): boolean {
  const same = nameOf(news) === nameOf(live) && namespaceOf(news) === namespaceOf(live);
  return isNamed(news) && !isAutonamed(news) && same;
}

async function isUnready(context: Context, news: KubeObject, live: KubeObject): Promise<boolean> {
  if (!isTrue(news, REPLACE_UNREADY) || news["kind"] !== "Job" || context.access.unreachable !== undefined) return false;
  try {
    return !judgeJob(await context.access.api.get(refOf(live))).ready;
  } catch {
    // Without an answer nothing is known to be unready.
    return false;
  }
}
