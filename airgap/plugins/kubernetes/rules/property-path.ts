/** Property paths as the engine writes them: `spec.replicas`, `metadata.annotations["a.b"]`, `items[0]`, `items[*]`. */

/** One step: a key, or an index. */
export type Step = string | number;

/** Matches any key or index. */
const ANY = "*";

/** Reads a path. Throws for one that is not well-formed. */
export function parsePath(text: string): Step[] {
  const steps: Step[] = [];
  const token = /\.?(?:([^.[\]"]+)|\[(\d+)\]|\[\*\]|\["((?:[^"\\]|\\.)*)"\])/y;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) throw new Error(`"${text}" is no property path`);
    const [, key, index, quoted] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, "$1"));
    else steps.push(key ?? ANY);
  }
  return steps;
}

/** Writes a path; a key that could be taken for a path itself is quoted. */
export function formatPath(steps: readonly Step[]): string {
  return steps.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (/[."[\]]/.test(step)) return `${text}["${step.replace(/"/g, '\\"')}"]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Whether a path leads to, or into, what `outer` names; `*` in `outer` stands for any step. */
export function isWithin(path: readonly Step[], outer: readonly Step[]): boolean {
  return outer.length <= path.length && outer.every((step, i) => step === ANY || step === path[i]);
}
