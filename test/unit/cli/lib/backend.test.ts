import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { backendFolder, backendUrl, localStacks } from "../../../../cli/lib/backend";
import { meshPaths } from "../../../../lib/paths";
import { folderForEach } from "../support/folder";

describe("the backend", () => {
  const folder = folderForEach();
  const url = (): string => `file://${folder()}?metadata=skip`;
  const write = (...parts: string[]): void => {
    const file = path.join(folder(), ".pulumi", "stacks", ...parts);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "{}");
  };

  it("is the user's own, else local files below the home", () => {
    expect(backendUrl(meshPaths("/m"), {})).to.equal("file:///m/state?metadata=skip");
    expect(backendUrl(meshPaths("/m"), { PULUMI_BACKEND_URL: "s3://bucket" })).to.equal("s3://bucket");
  });

  it("has a folder only on the local disk", () => {
    expect(backendFolder("file:///a%20b/c?metadata=skip")).to.equal("/a b/c");
    expect(backendFolder("file://~/state")).to.equal(path.join(os.homedir(), "state"));
    expect(backendFolder("s3://bucket")).to.equal(undefined);
  });

  it("on the local disk lists the project's stacks without Pulumi, also before there are any", () => {
    expect(localStacks(url(), "usmesh")).to.deep.equal([]);
    expect(localStacks("file:///nowhere/at/all", "usmesh")).to.deep.equal([]);
    for (const name of ["west.json", "west.json.bak", "east.json.gz", "east.json.attrs"]) write("usmesh", name);
    write("other", "north.json");
    expect(localStacks(url(), "usmesh")).to.deep.equal(["east", "west"]);
  });

  it("elsewhere, or with the file layout of older versions of Pulumi, is left to Pulumi", () => {
    expect(localStacks("s3://bucket", "usmesh")).to.equal(undefined);
    write("local.json");
    expect(localStacks(url(), "usmesh")).to.equal(undefined);
  });
});
