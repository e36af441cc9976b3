import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { repositoryRoot } from "../../../lib/paths";
import { anchorsOf, documents, linksOf, readText, repositoryFiles, sources } from "./support/documents";

/** Why a link leads nowhere; undefined when it leads somewhere. @param from path of the document that it is in. */
function brokenLink(from: string, target: string): string | undefined {
  const [file = "", anchor] = target.split("#");
  const to = file === "" ? from : path.normalize(path.join(path.dirname(from), file));
  if (to.startsWith("..")) return `${from}: ${target} is outside the repository`;
  if (!fs.existsSync(path.join(repositoryRoot, to))) return `${from}: ${target}: there is no such file`;
  if (anchor === undefined) return undefined;
  return anchorsOf(readText(to)).includes(anchor) ? undefined : `${from}: ${target}: there is no such anchor`;
}

describe("the documents", () => {
  it("are in the places where people look for them", () => {
    expect(repositoryFiles).to.include.members(["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "docs/architecture.md"]);
  });

  for (const document of documents) {
    it(`has no broken link in ${document}`, () => {
      const relative = linksOf(readText(document)).filter((target) => !/^[a-z]+:/.test(target));
      expect(relative.map((target) => brokenLink(document, target)).filter((problem) => problem !== undefined)).to.deep.equal([]);
    });
  }

  it("are linked from the README: those at the top and in docs/", () => {
    const linked = linksOf(readText("README.md")).map((target) => target.split("#")[0]);
    const pages = documents.filter((document) => /^(?:docs\/)?[^/]+$/.test(document) && document !== "README.md");
    expect(pages.filter((page) => !linked.includes(page))).to.deep.equal([]);
  });

  it("have the files and anchors that messages name", () => {
    const named = sources.flatMap((file) => [...readText(file).matchAll(/\bdocs\/[a-z-]+\.md(?:#[\w.-]+)?/g)].map(([target]) => target));
    const problems = [...new Set(named)].map((target) => brokenLink("README.md", target));
    expect(problems.filter((problem) => problem !== undefined)).to.deep.equal([]);
  });
});
