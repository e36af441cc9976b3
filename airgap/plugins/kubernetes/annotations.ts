/** The annotations by which a program steers what happens to one object. */
import { type KubeObject, annotation } from "./objects";

/** The name was made, not given. Set by this plugin only. */
export const AUTONAMED = "pulumi.com/autonamed";
/** Awaiting is left out. */
export const SKIP_AWAIT = "pulumi.com/skipAwait";
/** What to wait for instead of the kind's own rule. */
export const WAIT_FOR = "pulumi.com/waitFor";
/** How long to wait, in seconds. */
export const TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds";
/** A Job that is not ready is replaced. */
export const REPLACE_UNREADY = "pulumi.com/replaceUnready";
/** Fields that other managers own are taken over. */
export const PATCH_FORCE = "pulumi.com/patchForce";
/** The field manager to apply as. */
export const PATCH_FIELD_MANAGER = "pulumi.com/patchFieldManager";
/** `orphan`, `background` or `foreground`. */
export const DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy";

/** Whether an annotation is "true". */
export function isTrue(object: KubeObject, key: string): boolean {
  return annotation(object, key) === "true";
}

/** Default of every wait, in seconds. */
const DEFAULT_TIMEOUT = 600;

/**
 * How long to wait for an object, in seconds.
 *
 * @param customSeconds the program's custom timeout; 0 if it set none, then the annotation counts
 * @param otherwise what counts where neither is set
 */
export function timeoutOf(customSeconds: number, object: KubeObject, otherwise = DEFAULT_TIMEOUT): number {
  if (customSeconds > 0) return customSeconds;
  const given = Number(annotation(object, TIMEOUT_SECONDS) ?? Number.NaN);
  return Number.isInteger(given) ? given : otherwise;
}

/** What happens to what an object owns when it is deleted; by default it goes first. */
export function propagationOf(object: KubeObject): "Foreground" | "Background" | "Orphan" {
  switch (annotation(object, DELETION_PROPAGATION)?.toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}
