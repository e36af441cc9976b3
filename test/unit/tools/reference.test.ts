import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { SETTINGS_DOCUMENT } from "../../../settings/problems";
import { configDeclarations, settingsReference, settingsTable, tableIn, withDeclarations, withSettingsTable } from "../../../tools/reference";
import { mayUpdate } from "../support/update";

const root = path.join(__dirname, "../../..");
const read = (file: string): string => fs.readFileSync(path.join(root, file), "utf8");
/** The document with the settings table. */
const document = fs.existsSync(path.join(root, SETTINGS_DOCUMENT)) ? SETTINGS_DOCUMENT : "README.md";

/** Rewrites a file when UPDATE_README asks for it. */
function update(file: string, change: (text: string) => string): void {
  if (mayUpdate("UPDATE_README")) fs.writeFileSync(path.join(root, file), change(read(file)));
}

describe("the reference of settings", () => {
  it("has a sentence for every setting, at every depth", () => {
    for (const setting of settingsReference()) expect(setting.description, setting.path).to.match(/^[A-Z`].*\.$/);
    expect(settingsReference().length).to.be.at.least(60);
  });

  it(`is the table in ${document}`, () => {
    update(document, withSettingsTable);
    expect(tableIn(read(document))).to.equal(settingsTable());
  });

  it("has an anchor in each row of the table", () => {
    const rows = settingsTable().trimEnd().split("\n").slice(2);
    expect(rows).to.have.length(settingsReference().length);
    expect(rows).to.include('| <a id="usmesh-clusters-key-zone"></a>`clusters.KEY.zone` | string | `"0"` | Zone of its nodes. |');
    for (const row of rows) expect(row).to.match(/^\| <a id="usmesh(-[a-z]+)+"><\/a>/);
  });

  it("replaces nothing in a document but the table between its markers", () => {
    const other = (table: string): string => `# Settings\n\n<!-- settings: generated -->\n${table}<!-- /settings -->\n\nEnd.\n`;
    expect(withSettingsTable(other("old\n"))).to.equal(other(settingsTable()));
    expect(withSettingsTable("no markers")).to.equal("no markers");
    expect(tableIn("no markers")).to.equal(undefined);
  });
});

describe("Pulumi.yaml", () => {
  const config = () => (parse(read("Pulumi.yaml")) as { config: Record<string, { value?: unknown }> }).config;

  it("declares every setting with the schema's type, default and description", () => {
    update("Pulumi.yaml", withDeclarations);
    const declared = Object.entries(config()).filter(([key]) => !key.includes(":"));
    expect(Object.fromEntries(declared)).to.deep.equal(configDeclarations());
  });

  it("is updated where it differs from the schema, and nowhere else", () => {
    const current = read("Pulumi.yaml");
    expect(withDeclarations(current)).to.equal(current);
    const old = current
      .replace("description: Mesh id", "description: Id")
      .replace("  profile:\n    type: string\n", "  profile:\n    type: boolean\n")
      .replace("  peers:\n", "  gone:\n    type: string\n  peers:\n");
    expect(old).to.include("Id, the same").and.to.include("boolean\n    default: demo").and.to.include("gone");
    expect(withDeclarations(old)).to.equal(current);
  });

  it("disables default providers for clusters and containers", () => {
    expect(config()["pulumi:disable-default-providers"]).to.deep.equal({ value: ["kubernetes", "docker"] });
  });
});

describe("the README", () => {
  it("links to files that exist", () => {
    const links = [...read("README.md").matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? "");
    expect(links).to.have.length.greaterThan(5);
    expect(links.filter((link) => !fs.existsSync(path.join(root, link)))).to.deep.equal([]);
  });
});
