/** Checks the inputs of a resource type against rules, and refuses every other input by name. */
import { see } from "../../../lib/troubleshooting";
import type { CheckResult } from "./plugin";
import { isObject, reveal, Secret, Unknown, type Props, type Value } from "./values";

/** What a value must be. Unknown values pass every rule; null counts as not given. */
export type Rule = {
  required?: boolean;
  /** The default; only for plugins that write defaults into the inputs. */
  default?: Value;
} & (
  | { type: "string"; oneOf?: readonly string[]; test?: (text: string) => string | undefined }
  | { type: "integer" | "number"; min?: number; max?: number }
  | { type: "boolean" }
  /** The only value that this plugin supports. */
  | { type: "constant"; value: Value }
  /** `unordered`: a set; plugins that compare lists ignore its order. */
  | { type: "array"; items: Rule; unordered?: boolean }
  | { type: "map"; values: Rule }
  | { type: "object"; properties: Rules }
  /** Any value. */
  | { type: "any" }
  /** A property of the official plugin that this one does not support; `why` says what to do instead, if anything. */
  | { type: "refused"; why?: string }
);
export type Rules = Record<string, Rule>;

export type Failure = NonNullable<CheckResult["failures"]>[number];

/**
 * Everything that is wrong with a resource's inputs. A property without a rule is refused by name: ignoring it would create something
 * other than what the program asks for.
 *
 * @param who the plugin and the type, for the messages, such as `tls` and `tls:index/privateKey:PrivateKey`
 */
export function violations(props: Props, rules: Rules, who: { plugin: string; type: string }): Failure[] {
  return violationsAt("", props, rules, who);
}

function violationsAt(prefix: string, props: Props, rules: Rules, who: { plugin: string; type: string }): Failure[] {
  const failures: Failure[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    const absent = props[name] === undefined || props[name] === null;
    if (rule.required && absent) failures.push({ property: prefix + name, reason: `is required` });
  }
  for (const [name, value] of Object.entries(props)) {
    // Names that start with two underscores are metadata of an official plugin, in a state that it wrote.
    if (value === null || value === undefined || name.startsWith("__")) continue;
    failures.push(...violationsOf(prefix + name, value, rules[name], who));
  }
  return failures;
}

function violationsOf(
  property: string,
  value: Value,
  rule: Rule | undefined,
  who: { plugin: string; type: string },
): Failure[] {
  if (value instanceof Secret) return violationsOf(property, value.value, rule, who);
  const refused = (what: string, why = ""): Failure[] => [
    { property, reason: `the air-gap plugin ${who.plugin} does not support ${what} of ${who.type}${why}${see("airgap-plugin-refuses")}` },
  ];
  if (!rule) return refused(property);
  if (rule.type === "refused") return refused(property, rule.why && `; ${rule.why}`);
  if (value instanceof Unknown) return [];
  const wrong = (expected: string): Failure[] => [{ property, reason: `must be ${expected}` }];
  switch (rule.type) {
    case "any":
      return [];
    case "boolean":
      return typeof value === "boolean" ? [] : wrong("true or false");
    case "constant":
      return value === rule.value ? [] : refused(`${property}: ${JSON.stringify(reveal(value))}`);
    case "string": {
      if (typeof value !== "string") return wrong("a string");
      if (rule.oneOf && !rule.oneOf.includes(value)) return wrong(`one of ${rule.oneOf.join(", ")}`);
      const complaint = rule.test?.(value);
      return complaint ? wrong(complaint) : [];
    }
    case "integer":
    case "number":
      if (typeof value !== "number") return wrong("a number");
      if (rule.type === "integer" && !Number.isInteger(value)) return wrong("a whole number");
      if (rule.min !== undefined && value < rule.min) return wrong(`at least ${rule.min}`);
      return rule.max !== undefined && value > rule.max ? wrong(`at most ${rule.max}`) : [];
    case "array":
      if (!Array.isArray(value)) return wrong("a list");
      return value.flatMap((item, i) => violationsOf(`${property}[${i}]`, item, rule.items, who));
    case "map":
      if (!isObject(value)) return wrong("an object");
      return Object.entries(value).flatMap(([k, v]) => violationsOf(`${property}.${k}`, v, rule.values, who));
    case "object":
      return isObject(value) ? violationsAt(`${property}.`, value, rule.properties, who) : wrong("an object");
  }
}
