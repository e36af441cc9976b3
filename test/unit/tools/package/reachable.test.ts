import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { reachable } from "../../../../tools/package/reachable";

describe("the files of the package", () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "usmesh-reachable-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };

  it("are those that the entries import, directly or not, and no others", () => {
    write("a/index.js", 'const b = require("../b/one"); require("node:fs"); require("yaml");');
    write("b/one.js", 'require("./two");');
    write("b/two.js", 'require("../a"); Promise.resolve().then(() => import("./three.js"));');
    write("b/three.js", "");
    write("b/unused.js", "");
    expect(reachable(folder, ["a/index"], ".js")).to.deep.equal(["a/index.js", "b/one.js", "b/three.js", "b/two.js"]);
  });

  it("are found for types apart from code", () => {
    write("a.d.ts", 'import { type B } from "./b";\nexport type C = import("./c").C;\nexport * from "./d";\n');
    for (const name of ["b", "c", "d", "e"]) write(`${name}.d.ts`, "");
    expect(reachable(folder, ["a"], ".d.ts")).to.deep.equal(["a.d.ts", "b.d.ts", "c.d.ts", "d.d.ts"]);
  });

  it("must all be there", () => {
    write("a.js", 'require("./gone");');
    expect(() => reachable(folder, ["a"], ".js")).to.throw("nothing is compiled for gone");
  });
});
