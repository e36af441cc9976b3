import type { StackFacts } from "./facts";
import type { UnknownChange } from "./report";
import type { Operation } from "./resources";
import { only, type Context, type Part } from "./roles";
import { rootsBefore } from "./trust";

/** The changes that a plan has to judge and cannot, because their role in the mesh cannot be determined. */
export function planUnknown({ model, previous }: Pick<StackFacts, "model" | "previous">, parts: readonly Part[], context: Context): UnknownChange[] {
  const roles = only(parts, "unknown").map(({ change: { name, type, operation }, role: { why } }) => ({ resource: name, type, change: operation, why }));
  return [...roles, ...unknownTrust(model.trust.authority === "self", previous, parts, context)];
}

/** Changed certificates of a stack that is up, where it is not known what its clusters trust so far. */
function unknownTrust(isOwn: boolean, previous: StackFacts["previous"], parts: readonly Part[], context: Context): UnknownChange[] {
  if (previous === undefined || previous.trust) return [];
  const unclear = (some: readonly Part[], why: string, harmless: readonly Operation[]): UnknownChange[] =>
    some.flatMap(({ change: { name, type, operation } }) => (harmless.includes(operation) ? [] : [{ resource: name, type, change: operation, why }]));
  if (!isOwn) return unclear(only(parts, "cacerts"), "the stack's last outputs do not hold the roots that its clusters trust", ["create"]);
  const { signer } = rootsBefore({ previous }, context) ?? {};
  return signer === undefined ? unclear(only(parts, "intermediate"), "it is not known which root signed it", ["create", "update"]) : [];
}
