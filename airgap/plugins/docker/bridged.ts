/**
 * Defaults and differences as in the official plugin, which wraps a Terraform provider. It compares new inputs with the state and not
 * with old inputs, so that changes made by others are found. What the program does not set stays as the engine has it, or is unset.
 */
import { equal } from "../lib/compare";
import type { ChangeKind, DiffResult } from "../lib/plugin";
import type { Rule, Rules } from "../lib/schema";
import { hasUnknown, isObject, reveal, Secret, type Props, type Value } from "../lib/values";

/** One input. */
export interface Field {
  rule: Rule;
  /** When the program does not set it, the engine chooses a value, and any value is accepted. */
  computed?: boolean;
  /** A change is made in place; otherwise it replaces the resource. */
  updatable?: boolean;
  /** Fills in from the state what the engine chose. */
  fill?: (want: Value, have: Value) => Value;
}
export type Fields = Record<string, Field>;

/** The key under which the official plugin lists the inputs that are defaults. */
const DEFAULTS = "__defaults";

/** The rules of fields, for checking. */
export function rulesOf(fields: Fields): Rules {
  return Object.fromEntries(Object.entries(fields).map(([name, { rule }]) => [name, rule]));
}

/** Properties of the official plugin that this one does not support. */
export function refused(...names: string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, { rule: { type: "refused" } }]));
}

/** The inputs with defaults filled in and listed, at every depth, as the official plugin has them in its state. */
export function withDefaults(inputs: Props, rules: Rules): Props {
  const filled: Props = {};
  const defaults: string[] = [];
  for (const [name, v] of Object.entries(inputs)) {
    const rule = rules[name];
    if (v !== null && v !== undefined && name !== DEFAULTS) filled[name] = rule ? nested(v, rule) : v;
  }
  for (const [name, rule] of Object.entries(rules)) {
    if (filled[name] !== undefined || rule.default === undefined) continue;
    filled[name] = rule.default;
    defaults.push(name);
  }
  return { [DEFAULTS]: defaults.sort(), ...filled };
}

function nested(v: Value, rule: Rule): Value {
  if (v instanceof Secret) return new Secret(nested(v.value, rule));
  if (rule.type === "array" && Array.isArray(v)) return v.map((item) => nested(item, rule.items));
  return rule.type === "object" && isObject(v) ? withDefaults(v, rule.properties) : v;
}

/** A value without the lists of defaults, at every depth: as it is in the state. */
export function withoutNotes<V extends Value>(v: V): V {
  if (v instanceof Secret) return new Secret(withoutNotes(v.value)) as V;
  if (Array.isArray(v)) return v.map((item) => withoutNotes(item)) as V;
  if (!isObject(v)) return v;
  const kept = Object.entries(v).filter(([name]) => name !== DEFAULTS);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNotes(item)])) as V;
}

/** What has to change so that the state becomes what the program asks for. */
export function difference(fields: Fields, state: Props, news: Props): DiffResult {
  const detailed: Record<string, ChangeKind> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.rule.type === "refused") continue;
    const change = changeOf(field, state[name] ?? null, news[name] ?? null);
    if (change) detailed[name] = field.updatable ? change : `${change}-replace`;
  }
  const replaces = Object.keys(detailed).filter((name) => detailed[name]?.endsWith("-replace"));
  return { changes: Object.keys(detailed).length > 0, replaces, detailed };
}

function changeOf({ rule, computed, fill = (want) => want }: Field, have: Value, want: Value): "add" | "update" | "delete" | undefined {
  if (hasUnknown(want)) return "update";
  if (want === null && computed) return undefined;
  const [had, wanted] = [withoutNotes(reveal(have)), withoutNotes(reveal(want))];
  const before = bare(had, rule);
  const after = bare(fill(wanted, had), rule);
  if (after === undefined) return before === undefined ? undefined : want === null ? "delete" : "update";
  if (before === undefined) return "add";
  return equal(before, after) ? undefined : "update";
}

/** A value without empty strings and lists, zeros and false, and with sets sorted; undefined when nothing is left. */
function bare(v: Value, rule: Rule | undefined): Value | undefined {
  if (v === null || v === "" || v === 0 || v === false) return undefined;
  if (Array.isArray(v)) {
    const of = rule?.type === "array" ? rule : undefined;
    const items = v.map((item) => bare(item, of?.items) ?? item);
    if (of?.unordered) items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    return items.length ? items : undefined;
  }
  if (!isObject(v)) return v;
  const rules = rule?.type === "object" ? rule.properties : {};
  const left = Object.entries(v)
    .map(([name, item]) => [name, bare(item, rules[name])] as const)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return left.length ? (Object.fromEntries(left) as Value) : undefined;
}
