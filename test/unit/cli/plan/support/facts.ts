import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StackFacts } from "../../../../../cli/plan/facts";
import { readPreview, type Preview } from "../../../../../cli/plan/preview";
import { parseSettings } from "../../../../../settings/config";
import type { MeshModel } from "../../../../../settings/model";
import { readPeer, type Peer } from "../../../../../outputs/peers";
import { outputsOf } from "../../support/outputs";

/** One step of a preview: operation, chain of types without `usmesh:index:`, name, and inputs before and after. */
export type PretendedStep = readonly [op: string, types: string, name: string, before?: Record<string, unknown>, after?: Record<string, unknown>];

/** A preview as `pulumi preview --json` prints it. */
export function previewJson(steps: readonly PretendedStep[], outputs?: object, diagnostics: readonly object[] = []): string {
  const stack = { op: "same", urn: "urn:pulumi:west::usmesh::pulumi:pulumi:Stack::usmesh-west", ...(outputs ? { oldState: { outputs } } : {}) };
  const all = steps.map(([op, types, name, before, after]) => ({
    op,
    urn: `urn:pulumi:west::usmesh::${types.replace(/(^|\$)(?=[A-Z])/g, "$1usmesh:index:")}::${name}`,
    ...(before ? { oldState: { inputs: before } } : {}),
    ...(after ? { newState: { inputs: after } } : {}),
    ...(op === "replace" ? { replaceReasons: ["something"] } : {}),
  }));
  return JSON.stringify({ steps: [stack, ...all], diagnostics });
}

/** A preview that the real engine printed, cut down to what is read of it. */
export function recorded(name: string): Preview {
  return readPreview(readFileSync(join(__dirname, "..", "recorded", `${name}.json`), "utf8"))!;
}

/** What a stack that owns these clusters left: it holds the roots, of which the first signs. */
export function standingOf(keys: readonly string[], pairs: readonly string[] = [], roots: readonly string[] = ["1"]): Record<string, unknown> {
  return { ...outputsOf(keys, pairs), trust: trustOf("west", roots) };
}

/** The trust that a stack exports. */
export function trustOf(authority: string, roots: readonly string[], made = "first"): Record<string, unknown> {
  const rootCertificates = roots.map((root) => `-----BEGIN CERTIFICATE-----\n${made}${root}\n-----END CERTIFICATE-----\n`).join("");
  return { authority, roots, signer: roots[0], rootCertificates, rootExpiry: "2036-01-01T00:00:00Z", generation: 1 };
}

/** The settings of a stack with clusters that are there already. */
export function settings(keys: readonly string[], extra: Record<string, unknown> = {}, stack = "west"): MeshModel {
  const clusters = Object.fromEntries(keys.map((key) => [key, { driver: "existing", kubeconfig: `${key}.yaml`, context: key, region: `${key}us` }]));
  return parseSettings({ clusters, ...extra }, { stack });
}

/** What a plan is made from. */
export function facts(model: MeshModel, steps: readonly PretendedStep[], outputs?: object, peers: readonly Peer[] = []): StackFacts {
  return { stack: "west", model, peers, ...readPreview(previewJson(steps, outputs))! };
}

/** A peer that is up and owns these clusters. */
export function peer(stack: string, keys: readonly string[], extra: object = {}): Peer {
  return readPeer(stack, { ...outputsOf(keys, []), ...extra });
}
