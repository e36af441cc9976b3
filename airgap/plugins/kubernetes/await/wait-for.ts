/** The annotation `pulumi.com/waitFor`: the program says itself what to wait for. */
import { type Json, type KubeObject, numberAt, stringAt } from "../objects";
import { compileJsonPath } from "./json-path";
import type { Rule } from "./rule";
import { READY, type Verdict, condition, waiting } from "./verdict";

/**
 * Makes the rule for an annotation's value: `condition=Type[=Status]`, `jsonpath={.path}[=value]`, or a JSON list of
 * these, all of which must hold. Throws for anything else.
 */
export function waitForRule(annotation: string): Rule {
  const judges = expressions(annotation).map(judgeOf);
  return {
    judge: (object) => judges.map((judge) => judge(object)).find((verdict) => !verdict.ready) ?? READY,
    onRead: false,
  };
}

function expressions(annotation: string): string[] {
  let list: unknown;
  try {
    list = JSON.parse(annotation);
  } catch {
    return [annotation];
  }
  if (!Array.isArray(list)) return [annotation];
  if (list.length === 0) throw new Error("pulumi.com/waitFor: the list of conditions is empty");
  return list.map(String);
}

function judgeOf(expression: string): (object: KubeObject) => Verdict {
  if (expression.startsWith("condition=")) return conditionJudge(expression.slice("condition=".length));
  if (expression.startsWith("jsonpath=")) return pathJudge(expression.slice("jsonpath=".length));
  throw new Error(`pulumi.com/waitFor: "${expression}" starts neither with "condition=" nor with "jsonpath="`);
}

function conditionJudge(text: string): (object: KubeObject) => Verdict {
  const [type = "", status = "True"] = text.split("=");
  return (object) => {
    const found = condition(object, type);
    const observed = numberAt(found, "observedGeneration") ?? numberAt(object, "status", "observedGeneration");
    const stale = observed !== undefined && observed < (numberAt(object, "metadata", "generation") ?? 0);
    const is = stringAt(found, "status");
    if (!stale && is?.toLowerCase() === status.toLowerCase()) return READY;
    return waiting(`Waiting for condition ${type}=${status}`, [`condition ${type} is ${is ?? "not there"}`]);
  };
}

function pathJudge(text: string): (object: KubeObject) => Verdict {
  const match = /^\{\s*(.*?)\s*\}(?:=(.+))?$/s.exec(text);
  if (match === null) throw new Error(`pulumi.com/waitFor: "jsonpath=${text}" is not of the form jsonpath={.path}=value`);
  const [, path = "", value] = match;
  const select = compileJsonPath(path);
  return (object) => {
    const observed = numberAt(object, "status", "observedGeneration");
    const stale = observed !== undefined && observed < (numberAt(object, "metadata", "generation") ?? 0);
    const [found] = stale ? [] : select(object);
    const matches = value === undefined ? found !== undefined : scalar(found) === value;
    if (matches) return READY;
    return waiting(`Waiting for {${path}}${value === undefined ? "" : `=${value}`}`, [
      `{${path}} is ${scalar(found) ?? "not there"}`,
    ]);
  };
}

function scalar(value: Json | undefined): string | undefined {
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}
