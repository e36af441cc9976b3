/** A source: its path from the root, and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A place that makes an error for users. */
export interface Refusal {
  readonly file: string;
  /** The line, or its part from there on. */
  readonly code: string;
  /** The sections that it can name: none where it names none. */
  readonly sections: readonly string[];
}

/** The argument or property that passes on the section that something else names. */
const PASSED_ON = /^(?:\w+\.)?section\b/;

/**
 * The classes of errors for users, by name: `MeshError` and all that extend it. The value says where an instance gets its section:
 * `argument`, the first one of its constructor, or `own`, the class itself.
 */
export function errorClasses(sources: readonly Source[]): ReadonlyMap<string, "argument" | "own"> {
  const classes = new Map<string, "argument" | "own">();
  const found = sources.flatMap(({ text }) => [...text.matchAll(/^export class (\w+) extends (\w+) \{\n.*?^\}/gms)]);
  const add = (name: string, body: string): void => {
    const takesSection = /constructor\(\s*(?:readonly )?section: Section/.test(body) || !body.includes("constructor(");
    classes.set(name, takesSection ? "argument" : "own");
    for (const [below, child = "", parent] of found) if (parent === name) add(child, below);
  };
  for (const [body, name = "", parent] of found) if (name === "MeshError" && parent === "Error") add(name, body);
  return classes;
}

/** Every place that makes an error for users. Those that only pass on what another place has named are left out. */
export function refusals(sources: readonly Source[], classes: ReadonlyMap<string, "argument" | "own">): Refusal[] {
  return sources.flatMap((source) => (source.file.endsWith(".ts") ? inTypeScript(source, classes) : inShell(source)));
}

function inTypeScript({ file, text }: Source, classes: ReadonlyMap<string, "argument" | "own">): Refusal[] {
  const made = [...text.matchAll(/new (\w+)\(\s*([^\n]*)/g)].filter(([, name = ""]) => classes.get(name) === "argument");
  const own = [...text.matchAll(/class (\w+) extends \w+ \{\n.*?\bsuper\(\s*([^\n]*)/gs)].filter(([, name = ""]) => classes.get(name) === "own");
  return [...made, ...own].flatMap(([, name = "", first = ""]) => {
    if (PASSED_ON.test(first)) return [];
    // Up to the end of the first argument: `"a", …` or `(x && TABLE[x]) ?? "a", …`
    const literal = /^(?:\([^"]*\) \?\? )?"([^"]*)"/.exec(first)?.[1];
    return [{ file, code: `${name}(${first}`, sections: literal === undefined ? [] : [literal] }];
  });
}

function inShell({ file, text }: Source): Refusal[] {
  return text.split("\n").flatMap((line) => {
    const assigned = /^\s*section=([^$\s]\S*)$/.exec(line);
    const died = /(?:^|\|\| |\s)die (.*)$/.exec(line);
    if (assigned) return [{ file, code: line.trim(), sections: [assigned[1]!] }];
    if (!died || died[1]!.startsWith('"$section"')) return [];
    const [, named] = /^([a-z-]+) "/.exec(died[1]!) ?? [];
    return [{ file, code: line.trim(), sections: named === undefined ? [] : [named] }];
  });
}

/** The words of a source that stand where a section is named. */
export function namedSections(text: string): string[] {
  const literals = [...text.matchAll(/(?:\(|: |\?\? )\s*"([a-z-]+)"/g), ...text.matchAll(/\b(?:die |section=)([a-z-]+)/g)];
  return literals.map(([, named = ""]) => named);
}
