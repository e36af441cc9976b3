import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { airgapPaths, type AirgapPaths } from "../../../../airgap/builder/paths";
import { imageTags } from "../../../../airgap/versions";
import { EXIT, MeshError } from "../../../../lib/errors";
import { readModel } from "../../../../cli/lib/model";
import { StackFiles } from "../../../../cli/lib/stacks";
import { folderForEach } from "../support/folder";

describe("the settings that a command reads", () => {
  const folder = folderForEach();
  const airgap = (): AirgapPaths => airgapPaths(path.join(folder(), "airgap"));
  const write = (name: string, text: string): string => {
    const file = path.join(folder(), name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  };
  /** Two of the settings that the air gap's own file has. */
  const read = (inAirgap: boolean, settings: string): { demo: string; client: string } => {
    const choice = { airgap: inAirgap, why: "the test says so" };
    const { demo, client } = readModel({ stacks: new StackFiles(folder()), env: { USMESH_SETTINGS: settings }, choice, airgap: airgap() }, "local");
    return { demo: demo.image, client: client.image };
  };

  beforeEach(() => {
    write("Pulumi.yaml", "name: usmesh\n");
    write("Pulumi.local.yaml", "config:\n  usmesh:clusters: { west: {} }\n");
  });

  it("are, in the air gap, those that its build will write, also before there is any", () => {
    expect(read(true, airgap().settings)).to.deep.equal({ demo: imageTags.demo, client: imageTags.client });
    expect(fs.existsSync(airgap().home)).to.equal(false);
  });

  it("are those as well where an older version has left others, which the build replaces", () => {
    write("airgap/settings.yaml", "kind: { nodeImage: gone }\n");
    expect(read(true, airgap().settings)).to.deep.equal({ demo: imageTags.demo, client: imageTags.client });
  });

  it("are laid over by the user's own files, in which what is wrong is refused", () => {
    const own = write("own.yaml", "images: { demo: mine:1 }\n");
    const both = `${airgap().settings}${path.delimiter}${own}`;
    expect(read(true, both)).to.deep.equal({ demo: "mine:1", client: imageTags.client });
    write("own.yaml", "images: { demos: mine:1 }\n");
    expect(() => read(true, both)).to.throw(MeshError, /usmesh:images\.demos/).with.property("exitCode", EXIT.unusable);
    write("own.yaml", `istio: { charts: ${path.join(folder(), "nowhere")} }\n`);
    expect(() => read(true, both)).to.throw(MeshError, /usmesh:istio\.charts: there is no folder/);
  });

  it("are a file like any other where official downloads are used", () => {
    expect(() => read(false, airgap().settings)).to.throw(MeshError, /cannot read .*settings\.yaml: ENOENT/);
    write("airgap/settings.yaml", "images: { demo: mine:1 }\n");
    expect(read(false, airgap().settings).demo).to.equal("mine:1");
  });
});
