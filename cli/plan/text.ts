import { styleText } from "node:util";
import { documentOf, seeLine } from "../../lib/troubleshooting";
import { tableLines } from "../lib/table";
import { countLine, planLines, type Mark } from "./lines";
import type { Danger, PlanReport, StackPlan } from "./report";

const COLOURS = { "+": "green", "-": "red", "~": "yellow", "!": "red" } as const satisfies Record<Mark, string>;

type Paint = (mark: Mark, text: string) => string;

/** The plan as text for a terminal. */
export function planText(report: PlanReport, colour: boolean): string {
  const paint: Paint = (mark, text) => (colour ? styleText(COLOURS[mark], text, { validateStream: false }) : text);
  const sections = report.stacks.map((plan) => stackLines(plan, paint).join("\n"));
  return [...sections, ...report.warnings.map((warning) => `${paint("~", "warning")}: ${warning}`), verdict(report, paint)].join("\n\n");
}

function stackLines(plan: StackPlan, paint: Paint): string[] {
  const head = `stack ${plan.stack}: ${plan.state === "planned" ? countLine(plan) : plan.state === "waiting" ? "waits for another stack" : paint("!", "could not be planned")}`;
  const lines = planLines(plan);
  const width = Math.max(0, ...lines.map(({ subject }) => subject.length));
  const changes = lines.map(({ subject, mark, text }, index) => `  ${(lines[index - 1]?.subject === subject ? "" : subject).padEnd(width)}  ${paint(mark, mark)} ${text}`);
  const rows = (plan.resources ?? []).map(({ component, ...count }) => [component, ...[count.create, count.update, count.replace, count.delete].map(String)]);
  const table = rows.length === 0 ? [] : ["", ...tableLines([["RESOURCES OF", "CREATE", "UPDATE", "REPLACE", "DELETE"], ...rows]).map((line) => `  ${line}`)];
  const reason = (plan.reason ?? "").split("\n").filter(Boolean).map((line) => `  ${line}`);
  return [head, ...reason, ...changes, ...table, ...plan.warnings.map((warning) => `  ${paint("~", "warning")}: ${warning}`)];
}

function verdict({ dangers, exitCode }: PlanReport, paint: Paint): string {
  const line = ({ stack, what, danger, allowed }: Danger): string => `  ${paint(allowed ? "~" : "!", allowed ? "allowed" : "DANGER")}  stack ${stack}: ${what} (${danger})`;
  const refused = [...new Set(dangers.filter(({ allowed }) => !allowed).map(({ danger }) => danger))];
  const ends = {
    0: dangers.length === 0 ? paint("+", "nothing dangerous") : paint("+", "everything dangerous is allowed"),
    1: `${paint("!", "dangerous")}; if this is intended: ${refused.map((danger) => `--allow ${danger}`).join(" ")}\n${seeLine([documentOf("plan-dangerous")])}`,
    2: paint("!", "not everything could be planned"),
  };
  return [...dangers.map(line), ends[exitCode]].join("\n");
}
