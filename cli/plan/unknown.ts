import type { StackFacts } from "./facts";
import type { UnknownChange } from "./report";
import { only, type Context, type Part } from "./roles";
import { rootsBefore } from "./trust";
import { TYPES } from "./types";

/** The changes that a plan has to judge and cannot, because nothing tells what they are for the mesh. */
export function planUnknown({ model, previous }: Pick<StackFacts, "model" | "previous">, parts: readonly Part[], context: Context): UnknownChange[] {
  const roles = only(parts, "unknown").map(({ change: { name, type, operation }, role: { why } }) => ({ resource: name, type, change: operation, why }));
  return [...roles, ...unknownTrust(model.trust.authority === "self", previous, parts, context)];
}

/** The trust of a stack that is up, whose last outputs do not say which roots its clusters trust. */
function unknownTrust(isOwn: boolean, previous: StackFacts["previous"], parts: readonly Part[], context: Context): UnknownChange[] {
  if (previous === undefined || previous.trust) return [];
  const unclear = (type: string, why: string): UnknownChange[] =>
    [...only(parts, "intermediate"), ...only(parts, "cacerts")]
      .filter(({ change }) => change.type === type && change.operation !== "create")
      .map(({ change: { name, operation } }) => ({ resource: name, type, change: operation, why }));
  if (!isOwn) return unclear(TYPES.secret, "the stack's last outputs do not say which roots its clusters trust");
  return rootsBefore({ previous }, context)?.signer === undefined ? unclear(TYPES.intermediate, "nothing says which root has signed it") : [];
}
