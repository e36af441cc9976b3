/**
 * The label `app.kubernetes.io/managed-by: pulumi`. With server-side apply nothing new gets it, but an object that has it
 * from older days keeps it.
 */
import { Unknown } from "../../lib/values";
import { type KubeObject, at, isObject } from "../objects";

const LABEL = "app.kubernetes.io/managed-by";

/** The label's value; `PULUMI_KUBERNETES_MANAGED_BY_LABEL` replaces it. */
function value(env: NodeJS.ProcessEnv): string {
  return env["PULUMI_KUBERNETES_MANAGED_BY_LABEL"] ?? "pulumi";
}

/** Gives the label to an object whose last inputs had it. */
export function keepManagedBy(object: KubeObject, olds: KubeObject, env: NodeJS.ProcessEnv): KubeObject {
  const had: unknown = at(olds, "metadata", "labels", LABEL);
  if (had !== value(env) && !(had instanceof Unknown)) return object;
  const metadata = object["metadata"] ?? {};
  if (!isObject(metadata)) return object;
  const labels = metadata["labels"] ?? {};
  if (!isObject(labels)) return object;
  return { ...object, metadata: { ...metadata, labels: { ...labels, [LABEL]: value(env) } } };
}
