import { clashes, merge, type Tree } from "../../lib/merge";

/** Addresses are announced by ARP on the Docker network, so BGP and its routing daemon stay off. */
const FIXED: Tree = { speaker: { frr: { enabled: false } }, frrk8s: { enabled: false }, crds: { enabled: true } };

/** The chart waits for ten seconds before it asks a pod for the first time, which each of them spends ready. */
const ASKED_SOON: Tree = { readinessProbe: { initialDelaySeconds: 1, periodSeconds: 2 } };

/**
 * MetalLB is ready a moment before its webhook answers. The addresses of the pool were checked before any resource was registered, so
 * the pool need not wait for the webhook.
 */
const SUGGESTED: Tree = { crds: { validationFailurePolicy: "Ignore" }, controller: ASKED_SOON, speaker: ASKED_SOON };

/**
 * Speakers tell each other which nodes are there. A speaker cannot start before the controller has made their common key, and the kubelet
 * looks for that at longer and longer intervals, up to a minute. A single one has nobody to tell.
 */
const SINGLE: Tree = { speaker: { memberlist: { enabled: false } } };

/**
 * Values of MetalLB's chart: what is suggested, the caller's values over that, and on top what the component needs.
 *
 * @param singleNode whether the cluster has one node and gets no other
 */
export function metallbValues(extra: Tree = {}, singleNode = false): Record<string, unknown> {
  return merge(SUGGESTED, singleNode ? SINGLE : {}, extra, FIXED);
}

/** Which keys of `extra` would change what the component needs, with the value that the component sets. */
export function metallbValueClashes(extra: Tree): { path: string; kept: unknown }[] {
  return clashes(FIXED, extra);
}
