import { isReleaseRecord, nameOf, type Found } from "./inventory";
import type { Recorded, State } from "./state";

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** What Kubernetes itself puts into every namespace. */
const IN_EVERY_NAMESPACE = ["ServiceAccount/default", "ConfigMap/kube-root-ca.crt"];

/**
 * What a cluster holds without anybody accounting for it: it was not there before, and neither it nor its release is in the state. By name, sorted.
 *
 * @param key the cluster's key, which its provider is named for.
 */
export function orphans(objects: readonly Found[], before: readonly Found[], state: State, key: string): string[] {
  const known = new Set(before.map(nameOf));
  const own = state.resources.filter(({ provider }) => provider?.includes(`::${key}-provider::`));
  const ids = new Set(own.filter(({ type }) => type !== RELEASE).map(({ type, id }) => `${type.slice(type.lastIndexOf(":") + 1)} ${id}`));
  const releases = new Set(own.filter(({ type }) => type === RELEASE).map(({ inputs }) => String(inputs?.["name"])));
  const accounted = (object: Found): boolean =>
    known.has(nameOf(object)) || ids.has(`${object.kind} ${idOf(object)}`) || releases.has(releaseOf(object)) || isOfEveryNamespace(object);
  return objects.filter((object) => !accounted(object)).map(nameOf).sort();
}

/** What a state records and its cluster does not hold. By URN, sorted. */
export function missing(objects: readonly Found[], state: State, key: string): string[] {
  const present = new Set(objects.map((object) => `${object.kind} ${idOf(object)}`));
  const isObject = ({ type, provider }: Recorded): boolean =>
    type.startsWith("kubernetes:") && type !== RELEASE && (provider?.includes(`::${key}-provider::`) ?? false);
  return state.resources
    .filter((resource) => isObject(resource) && !present.has(`${resource.type.slice(resource.type.lastIndexOf(":") + 1)} ${resource.id}`))
    .map(({ urn }) => urn)
    .sort();
}

/** As the engine identifies objects. */
function idOf({ metadata: { namespace, name } }: Found): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function releaseOf(object: Found): string {
  const { annotations, labels } = object.metadata;
  return (isReleaseRecord(object) ? labels?.["name"] : annotations?.["meta.helm.sh/release-name"]) ?? "";
}

function isOfEveryNamespace({ kind, metadata: { name } }: Found): boolean {
  return IN_EVERY_NAMESPACE.includes(`${kind}/${name}`);
}
