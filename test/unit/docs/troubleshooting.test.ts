import { expect } from "chai";
import { SECTIONS } from "../../../lib/troubleshooting";
import { readText, sources } from "./support/documents";
import { errorClasses, namedSections, refusals } from "./support/refusals";

const text = readText("docs/troubleshooting.md");
const files = sources.map((file) => ({ file, text: readText(file) }));

describe("docs/troubleshooting.md", () => {
  it("names each problem by an anchor that does not depend on the message's words", () => {
    for (const section of SECTIONS) expect(section).to.match(/^[a-z]+(?:-[a-z]+)*$/);
    expect(new Set(SECTIONS).size).to.equal(SECTIONS.length);
  });

  it("has the sections that messages can name, in this order, and no others", () => {
    expect([...text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)).to.deep.equal(SECTIONS);
  });

  it("shows a message in each section", () => {
    for (const section of SECTIONS) expect(text).to.match(new RegExp(`^### ${section}\n\n> \\S`, "m"));
  });

  it("has no section that no message names", () => {
    const named = files.filter(({ file }) => file !== "lib/troubleshooting.ts").flatMap((source) => namedSections(source.text));
    expect(SECTIONS.filter((section) => !named.includes(section))).to.deep.equal([]);
  });
});

describe("the errors for users", () => {
  const classes = errorClasses(files);

  it("are found, in TypeScript and in shell", () => {
    expect([...classes.keys()]).to.include.members(["MeshError", "UserError", "PeerError", "SettingsError", "AirgapError", "StepFailed"]);
    expect(refusals(files, classes).filter(({ file }) => file.endsWith(".ts")).length).to.be.greaterThan(50);
    expect(refusals(files, classes).filter(({ file }) => /^mesh$|\.sh$/.test(file)).length).to.be.greaterThan(9);
  });

  it("each name a section that there is", () => {
    const wrong = refusals(files, classes).filter(({ sections }) => sections.length === 0 || !sections.every((section) => (SECTIONS as readonly string[]).includes(section)));
    expect(wrong).to.deep.equal([]);
  });

  it("would be seen without a section, or with one that there is not", () => {
    const examples = ['throw new MeshError("it broke", "fix it")', "throw new UserError(`no ${file}`)", 'new PeerError(stack, "it is odd")', 'die "no Docker"', 'section=no-such\n'];
    const seen = refusals(examples.map((example) => ({ file: example.startsWith("die") || example.startsWith("section") ? "a.sh" : "a.ts", text: example })), classes);
    expect(seen.map(({ sections }) => sections)).to.deep.equal([["it broke"], [], [], [], ["no-such"]]);
  });

  it("end the program in one way, which prints the section", () => {
    expect(files.filter((source) => /new (?:\w+\.)?RunError\(/.test(source.text)).map(({ file }) => file)).to.deep.equal(["lib/refusal.ts"]);
  });
});
