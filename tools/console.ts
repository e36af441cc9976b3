/** One command of a document, with what it printed. */
export interface Example {
  /** Line of the document where it starts, counted from 1. */
  readonly line: number;
  /** The command, several lines where it has continuations. */
  readonly command: string;
  /** What the document shows below it. */
  readonly expected: readonly string[];
  /** Whether every number may be another one: the block has the comment `<!-- numbers differ -->` before it. */
  readonly numbersDiffer: boolean;
}

/** Stands in an output for any text, or alone on a line for any lines. */
export const LEFT_OUT = "…";

const OPEN = "```console";
const CLOSE = "```";
const NUMBERS_DIFFER = "<!-- numbers differ -->";

/**
 * Reads the blocks of commands of a Markdown document: lines that begin with `$ ` are commands, `> ` continues one, the rest is output.
 *
 * @throws Error for a block that is not closed, or that begins with output.
 */
export function readExamples(markdown: string): Example[] {
  const examples: { line: number; command: string; expected: string[]; numbersDiffer: boolean }[] = [];
  let inside = false;
  let numbersDiffer = false;
  let first = false;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (!inside) {
      if (text === OPEN) [inside, first] = [true, true];
      else if (text.trim() !== "") numbersDiffer = text === NUMBERS_DIFFER;
    } else if (text === CLOSE) {
      [inside, numbersDiffer] = [false, false];
    } else if (text.startsWith("$ ")) {
      examples.push({ line: index + 1, command: text.slice(2), expected: [], numbersDiffer });
      first = false;
    } else {
      const last = examples.at(-1);
      if (first || !last) throw new Error(`line ${index + 1}: a block must begin with a command`);
      if (text.startsWith("> ") && last.expected.length === 0) last.command += `\n${text.slice(2)}`;
      else last.expected.push(text);
    }
  }
  if (inside) throw new Error("the last block is not closed");
  return examples;
}

/** What is another each time, and says nothing: names of pods, addresses of pods, ages, times. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/-[0-9a-f]{7,10}-[a-z0-9]{5}\b/g, "-POD"],
  [/\b10\.\d{1,3}\.\d{1,3}\.\d{1,3}(:\d+)?\b/g, "POD-ADDRESS"],
  [/\b172\.\d+\.255\./g, "172.18.255."],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "TIME"],
  [/\b\w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4} GMT/g, "TIME"],
  [/\b(\d+(\.\d+)?(ms|µs|[dhms]))+\b/g, "DURATION"],
  [/(port|NodePort:|:)3\d{4}\b/g, "$1NODE-PORT"],
];

function plain(line: string, numbersDiffer: boolean): string {
  const masked = CHANGING.reduce((text, [pattern, word]) => text.replace(pattern, word), line);
  // Columns are as wide as their longest value.
  return (numbersDiffer ? masked.replace(/\d+(\.\d+)?/g, "N") : masked).replace(/\s+/g, " ").trim();
}

/** Whether an output is what a document shows, up to what is another each time. */
export function isShown({ expected, numbersDiffer }: Pick<Example, "expected" | "numbersDiffer">, output: string): boolean {
  const lines = output.split("\n").map((line) => plain(line, numbersDiffer));
  while (lines.at(-1) === "") lines.pop();
  const patterns = expected.map((line) => (line.trim() === LEFT_OUT ? undefined : pattern(plain(line, numbersDiffer))));
  return matches(patterns, lines);
}

function pattern(line: string): RegExp {
  const parts = line.split(LEFT_OUT).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** `undefined` among the patterns stands for any number of lines. */
function matches(patterns: readonly (RegExp | undefined)[], lines: readonly string[]): boolean {
  const [next, ...rest] = patterns;
  if (patterns.length === 0) return lines.length === 0;
  if (next) return lines.length > 0 && next.test(lines[0] ?? "") && matches(rest, lines.slice(1));
  return lines.some((_, skipped) => matches(rest, lines.slice(skipped))) || matches(rest, []);
}

/** The document with other outputs: by line of the command. */
export function withOutputs(markdown: string, outputs: ReadonlyMap<number, string>): string {
  const lines = markdown.split("\n");
  for (const example of readExamples(markdown).reverse()) {
    const output = outputs.get(example.line);
    if (output === undefined) continue;
    const start = example.line - 1 + example.command.split("\n").length;
    const shown = output.trimEnd();
    lines.splice(start, example.expected.length, ...(shown === "" ? [] : shown.split("\n")));
  }
  return lines.join("\n");
}
