import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { emptyProject } from "../../../../bench/lib/empty-program";

describe("the empty program", () => {
  const files = emptyProject();
  const read = (file: string): string => fs.readFileSync(path.join(__dirname, "../../../..", file), "utf8");

  it("has no resource, and the runtime and compiler of this one", () => {
    expect(files["index.ts"]).to.equal("export {};\n");
    expect((parse(files["Pulumi.yaml"]!) as { runtime: unknown }).runtime).to.deep.equal((parse(read("Pulumi.yaml")) as { runtime: unknown }).runtime);
    expect(files["tsconfig.pulumi.json"]!.replace(/"extends": "[^"]+"/, "")).to.equal(read("tsconfig.pulumi.json").replace(/"extends": "[^"]+"/, ""));
    expect(fs.existsSync(/"extends": "([^"]+)"/.exec(files["tsconfig.pulumi.json"]!)![1]!)).to.equal(true);
  });
});
