import { expect } from "chai";
import { readText, repositoryFiles } from "./support/documents";

describe("docs/architecture.md", () => {
  const tree = /^## Folders\n([\s\S]*?)^## /m.exec(readText("docs/architecture.md"))?.[1] ?? "";

  it("lists exactly the top-level folders of the repository", () => {
    const listed = [...tree.matchAll(/^ {4}(\S+)\/ /gm)].map(([, folder]) => folder);
    const tracked = new Set(repositoryFiles.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
    expect(listed).to.deep.equal([...tracked].sort());
  });

  it("says of each in a line what it is for", () => {
    const lines = tree.split("\n").filter((line) => line.startsWith("    "));
    for (const line of lines) expect(line).to.match(/^ {4}\S+ +[a-zA-Z]\S* .{10,}$/);
    expect(lines.length).to.be.greaterThan(15);
  });
});
