import { EXIT, MeshError } from "./errors";

/** Where a setting is: keys and list positions from the top. */
export type Path = readonly PropertyKey[];

/** One thing that is wrong with the settings. */
export interface Problem {
  /** The setting to change. */
  readonly path: Path;
  /** What is wrong and what would be right. */
  readonly message: string;
  /** Other settings that the judgement rests on. */
  readonly because?: readonly Path[];
}

/** What whoever runs the program can mend: shown as a message, without a stack trace. */
export class UserError extends MeshError {
  override name = "UserError";
  override readonly exitCode: number = EXIT.unusable;
}

/** Thrown for wrong settings: every problem, one a line. Nothing has been registered when it is thrown. */
export class SettingsError extends UserError {
  override name = "SettingsError";

  constructor(
    readonly problems: readonly Problem[],
    stack: string,
  ) {
    const count = problems.length === 1 ? "1 setting is" : `${problems.length} settings are`;
    const lines = problems.map((problem) => `  ${formatPath(problem.path)}: ${problem.message}`);
    super(`${count} wrong in stack ${stack}; nothing was changed.\n${lines.join("\n")}`);
  }
}

/** A setting's path as users write it: `usmesh:clusters.west.addresses[0]`. */
export function formatPath(path: Path): string {
  const steps = path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`));
  return path.length === 0 ? "usmesh" : `usmesh:${steps.join("")}`;
}

/** Whether a path is `start` or goes on from there. */
export function within(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}

/** Whether one path is the other or leads to it. */
export function related(a: Path, b: Path): boolean {
  return within(a, b) || within(b, a);
}

/** ` Did you mean "x"?` for the closest candidate, or an empty text when none is close. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const scored = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  if (best === undefined || best.distance > Math.max(1, Math.floor(word.length / 3))) return "";
  return ` Did you mean "${best.candidate}"?`;
}

/** Letters to insert, delete, replace or swap with their neighbour to turn one word into the other. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1]!;
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
