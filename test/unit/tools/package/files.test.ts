import { expect } from "chai";
import { posix } from "node:path";
import { linksOf, readText } from "../../docs/support/documents";

describe("the documents of the package", () => {
  const { files } = JSON.parse(readText("package.json")) as { files: string[] };
  const inPackage = files.filter((file) => file.endsWith(".md"));

  it("are there", () => {
    for (const file of inPackage) expect(readText(file), file).not.to.equal("");
  });

  it("have all that the pages about the package itself link to", () => {
    for (const page of ["docs/package.md", "docs/api.md"]) {
      expect(inPackage).to.include(page);
      const linked = linksOf(readText(page)).filter((target) => !/^https?:/.test(target)).map((target) => posix.join("docs", target.replace(/#.*/, "")));
      expect(linked.filter((file) => file.startsWith("docs/") && file !== "docs/" && !inPackage.includes(file)), page).to.deep.equal([]);
    }
  });
});
