/** Labels: a map for the engine, a set of pairs for the resources. */
import type { Rule } from "../lib/schema";
import type { Value } from "../lib/values";

/** One label of a resource. */
export interface Label {
  label: string;
  value: string;
}

const TEXT: Rule = { type: "string", required: true };

/** The rule for labels. */
export const LABELS: Rule = {
  type: "array",
  items: { type: "object", properties: { label: TEXT, value: TEXT } },
  unordered: true,
};

/** Pairs as the engine takes them. */
export function fromLabels(labels: Label[] | undefined): Record<string, string> {
  return Object.fromEntries((labels ?? []).map(({ label, value }) => [label, value]));
}

/** What the engine has, as pairs in the order of their names. */
export function toLabels(labels: Record<string, string> | null): Value[] {
  return Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}
