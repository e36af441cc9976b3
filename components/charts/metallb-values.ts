import { clashes, merge, type Tree } from "../../lib/merge";

/** Addresses are announced by ARP on the Docker network, so BGP and its routing daemon stay off. */
const FIXED: Tree = { speaker: { frr: { enabled: false } }, frrk8s: { enabled: false }, crds: { enabled: true } };

/**
 * MetalLB is ready a moment before its webhook answers. The addresses of the pool were checked before any resource was registered, so
 * the pool need not wait for the webhook.
 */
const SUGGESTED: Tree = { crds: { validationFailurePolicy: "Ignore" } };

/** Values of MetalLB's chart: what is suggested, the caller's values over that, and on top what the component needs. */
export function metallbValues(extra: Tree = {}): Record<string, unknown> {
  return merge(SUGGESTED, extra, FIXED);
}

/** Which keys of `extra` would change what the component needs, with the value that the component sets. */
export function metallbValueClashes(extra: Tree): { path: string; kept: unknown }[] {
  return clashes(FIXED, extra);
}
