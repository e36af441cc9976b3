import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { settingsReference } from "../../../tools/reference";
import { mayUpdate } from "../support/update";

const file = path.join(__dirname, "../../../docs/settings.md");
const MARKED = /(<!-- settings: [^\n]*-->\n)([\s\S]*?)(<!-- \/settings -->)/;

/** The table of all settings that are no records of settings. */
function table(): string {
  const all = settingsReference();
  const leaves = all.filter((setting) => !all.some((other) => other.path.startsWith(`${setting.path}.`)));
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = leaves.map((s) => `| \`${s.path}\` | ${cell(s.type)} | ${s.default === undefined ? "" : `\`${s.default}\``} | ${cell(s.description)} |`);
  return ["| setting | type | default | what it is |", "|---|---|---|---|", ...rows, ""].join("\n");
}

describe("the README", () => {
  it("lists every setting with its type, default and meaning", () => {
    const text = fs.readFileSync(file, "utf8");
    if (mayUpdate("UPDATE_README")) fs.writeFileSync(file, text.replace(MARKED, (_all, start: string, _old, end: string) => start + table() + end));
    expect(MARKED.exec(fs.readFileSync(file, "utf8"))?.[2]).to.equal(table());
  });

  it("links to files that are there", () => {
    const links = [...fs.readFileSync(file, "utf8").matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? "");
    expect(links).to.have.length.greaterThan(5);
    expect(links.filter((link) => !fs.existsSync(path.join(path.dirname(file), link)))).to.deep.equal([]);
  });
});
