import { clashes, merge, type Tree } from "./merge";
import type { ChartModel } from "./model";

/** Addresses are announced by ARP on the Docker network, so BGP and its routing daemon stay off. */
const FIXED: Tree = { speaker: { frr: { enabled: false } }, frrk8s: { enabled: false }, crds: { enabled: true } };

/** Values of MetalLB's chart, with the settings' `metallb.values` beneath what the component needs. */
export function metallbValues(chart: ChartModel): Record<string, unknown> {
  return merge(chart.values["metallb"] ?? {}, FIXED);
}

/** Which keys of `metallb.values` would change what the component needs, with the value that stands. */
export function metallbValueClashes(extra: Tree): { path: string; stands: unknown }[] {
  return clashes(FIXED, extra);
}
