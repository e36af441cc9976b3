import { countLine, planLines } from "./lines";
import type { Danger, PlanReport, StackPlan } from "./report";

/** The first line of a plan as a comment. The workflow finds the comment by it, and updates it. */
export const MARKER = "<!-- usmesh plan -->";

const VERDICTS = {
  0: "Nothing dangerous that is not allowed",
  1: "**Dangerous, and not allowed**",
  2: "**Not everything could be planned**",
} as const;

/** The plan as a comment on a pull request. */
export function planMarkdown(report: PlanReport): string {
  const warnings = report.warnings.map((warning) => `> ⚠️ ${inline(warning)}`);
  return `${[MARKER, `## Mesh plan: ${VERDICTS[report.exitCode]}`, ...dangerLines(report.dangers), ...report.stacks.map(section), ...warnings].join("\n\n")}\n`;
}

function dangerLines(dangers: readonly Danger[]): string[] {
  if (dangers.length === 0) return [];
  const items = dangers.map(({ stack, what, danger, allowed }) => {
    const end = allowed ? `allowed by the label \`allow-${danger}\`` : `if this is intended, put the label \`allow-${danger}\` on the pull request`;
    return `- ${allowed ? "☑️" : "❌"} stack \`${stack}\`: ${inline(what)}; ${end}`;
  });
  return [items.join("\n")];
}

function section(plan: StackPlan): string {
  const states = { planned: countLine(plan), waiting: "waits for another stack", failed: "could not be planned" };
  const reason = plan.reason === undefined ? [] : [plan.state === "failed" ? fenced(plan.reason) : inline(plan.reason)];
  const lines = planLines(plan);
  const changes = lines.length === 0 ? [] : [["```diff", ...lines.map(({ mark, subject, text }) => `${mark} ${subject}: ${text}`), "```"].join("\n")];
  const warnings = plan.warnings.map((warning) => `> ⚠️ ${inline(warning)}`);
  return [`### \`${plan.stack}\`: ${states[plan.state]}`, ...reason, ...changes, ...table(plan), ...warnings].join("\n\n");
}

function table({ resources = [] }: StackPlan): string[] {
  if (resources.length === 0) return [];
  const rows = resources.map((row) => `| ${row.component} | ${row.create} | ${row.update} | ${row.replace} | ${row.delete} |`);
  const head = ["| Resources of | create | update | replace | delete |", "|---|--:|--:|--:|--:|"];
  return [["<details><summary>Resources by component</summary>", "", ...head, ...rows, "", "</details>"].join("\n")];
}

/** Text from another source within a line of markdown. It stays on the line, mentions nobody and opens no tag. */
function inline(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replace(/[<>@|]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** Text from another source as a block, whatever backticks it contains. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
