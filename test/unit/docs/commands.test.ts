import { expect } from "chai";
import type { Command } from "commander";
import { CASE_NAMES } from "../../../bench/cases/about";
import { FAILURES, RETRIES } from "../../../cli/drill/kinds";
import { program } from "../../../cli/main";
import { DANGERS } from "../../../cli/plan/danger-names";
import { FORMATS } from "../../../cli/topology/format";
import { CATEGORIES } from "../../../cli/verify/finding";
import { PARTS } from "../../../tools/test/parts";
import { codeOf, documents, readText } from "./support/documents";

/** Values that a command's option allows, for those that allow a few. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  "plan --allow": DANGERS,
  "verify --only": CATEGORIES,
  "topology --format": FORMATS,
  "drill --only": FAILURES,
  "drill --retries": [...RETRIES, "both"],
};

/** The words after each `./mesh` in a line of code: up to its end, a comment, or another command of the shell. */
function invocations(line: string): string[][] {
  const code = line.replace(/(?:^|\s)#.*$/, "");
  return [...code.matchAll(/(?:^|[\s"(=])\.\/mesh(?: ([^;|&"()]*))?/g)].map(([, rest = ""]) =>
    rest
      .replace(/[[\]]/g, " ")
      .split(/\s+/)
      .filter((word) => word !== ""),
  );
}

/** A placeholder such as `COMMAND` or `stack…`. */
function isPlaceholder(word: string): boolean {
  return /^[A-Z_]+$/.test(word) || word.includes("…");
}

/** What is wrong with the words of an invocation, for a command and its subcommands. */
function problemsOf(command: Command, words: readonly string[]): string[] {
  const [first, ...rest] = words;
  if (command.commands.length > 0 && first !== undefined && !first.startsWith("-")) {
    if (isPlaceholder(first)) return [];
    const sub = command.commands.find((candidate) => candidate.name() === first);
    return sub === undefined ? [`there is no command ${first}`] : problemsOf(sub, rest);
  }
  return words.flatMap((word, index) => {
    if (!word.startsWith("-")) return [];
    const option = command.options.find(({ long }) => long === word);
    if (option === undefined) return word === "--help" ? [] : [`${command.name()} has no option ${word}`];
    const value = words[index + 1];
    const allowed = VALUES[`${command.name()} ${word}`];
    if (allowed === undefined || value === undefined || isPlaceholder(value) || allowed.includes(value)) return [];
    return [`${command.name()} ${word} does not take ${value}`];
  });
}

const named = documents.flatMap((document) =>
  codeOf(readText(document)).flatMap((code) => invocations(code).map((words) => ({ document, words }))),
);

describe("the commands in the documents", () => {
  it("are found", () => {
    expect(named.length).to.be.greaterThan(80);
    expect(invocations('eval "$(./mesh env --json)"')).to.deep.equal([["env", "--json"]]);
    expect(invocations("./mesh up [stack…] [--preview] # sets up; ./mesh down")).to.deep.equal([["up", "stack…", "--preview"]]);
    expect(problemsOf(program(), ["up", "--fast"])).to.deep.equal(["up has no option --fast"]);
    expect(problemsOf(program(), ["drill", "--only", "trust"])).to.deep.equal(["drill --only does not take trust"]);
    expect(problemsOf(program(), ["airgap", "destroy"])).to.deep.equal(["there is no command destroy"]);
  });

  it("exist, with their options", () => {
    const problems = named.flatMap(({ document, words }) => problemsOf(program(), words).map((problem) => `${document}: ./mesh ${words.join(" ")}: ${problem}`));
    expect(problems).to.deep.equal([]);
  });

  it("name parts of the tests that there are", () => {
    const parts = named
      .filter(({ words }) => words[0] === "test")
      .flatMap(({ words }) => words.slice(1, words.findIndex((word) => word.startsWith("-")) + 1 || undefined))
      .filter((word) => /^[a-z]/.test(word) && !word.includes("…"));
    const known = PARTS.map(({ name }) => name);
    expect(parts.filter((part) => !known.includes(part))).to.deep.equal([]);
  });

  it("name cases of the benchmark that there are", () => {
    const cases = named
      .filter(({ words }) => words[0] === "bench")
      .flatMap(({ words }) => words.slice(1, words.findIndex((word) => word.startsWith("-")) + 1 || undefined))
      .filter((word) => /^[a-z]/.test(word) && !word.includes("…"));
    expect(cases).to.include.members(["up", "noop"]);
    expect(cases.filter((name) => !(CASE_NAMES as readonly string[]).includes(name))).to.deep.equal([]);
  });

  it("are all in docs/commands.md", () => {
    const headings = [...readText("docs/commands.md").matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(headings).to.include.members(program().commands.map((command) => command.name()));
  });
});

describe("the variables in docs/commands.md", () => {
  it("are those that the help names, and some more", () => {
    let help = "";
    program().configureOutput({ writeOut: (part) => (help += part) }).outputHelp();
    const text = readText("docs/commands.md");
    for (const [variable] of help.matchAll(/\bMESH_[A-Z_]+/g)) expect(text, variable).to.contain(`\`${variable}\``);
  });
});
