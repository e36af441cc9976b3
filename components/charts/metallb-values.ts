import { clashes, merge, type Tree } from "../../lib/merge";
import type { ChartModel } from "../../settings/model";

/** Addresses are announced by ARP on the Docker network, so BGP and its routing daemon stay off. */
const FIXED: Tree = { speaker: { frr: { enabled: false } }, frrk8s: { enabled: false }, crds: { enabled: true } };

/**
 * MetalLB counts as ready a moment before its webhook answers. The pool was checked before anything was made, and has not to wait
 * for that.
 */
const SUGGESTED: Tree = { crds: { validationFailurePolicy: "Ignore" } };

/** Values of MetalLB's chart: what is suggested, the settings' `metallb.values` over it, and on top what the component needs. */
export function metallbValues(chart: ChartModel): Record<string, unknown> {
  return merge(SUGGESTED, chart.values["metallb"] ?? {}, FIXED);
}

/** Which keys of `metallb.values` would change what the component needs, with the value that stands. */
export function metallbValueClashes(extra: Tree): { path: string; stands: unknown }[] {
  return clashes(FIXED, extra);
}
