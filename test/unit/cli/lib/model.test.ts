import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { airgapPaths, type AirgapPaths } from "../../../../airgap/builder/paths";
import { imageTags } from "../../../../airgap/versions";
import { readModel } from "../../../../cli/lib/model";
import { StackFiles } from "../../../../cli/lib/stacks";
import { EXIT, MeshError } from "../../../../lib/errors";
import type { MeshModel } from "../../../../settings/model";
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
  const model = (inAirgap: boolean, settings: string): MeshModel => {
    const choice = { airgap: inAirgap, why: "the test says so" };
    return readModel({ stacks: new StackFiles(folder()), env: { USMESH_SETTINGS: settings }, choice, airgap: airgap() }, "local");
  };
  /** Two of the settings in the air gap's own file. */
  const read = (inAirgap: boolean, settings: string): { demo: string; client: string } => {
    const { demo, client } = model(inAirgap, settings);
    return { demo: demo.image, client: client.image };
  };

  beforeEach(() => {
    write("Pulumi.yaml", "name: usmesh\n");
    write("Pulumi.local.yaml", "config:\n  usmesh:clusters: { west: {} }\n");
  });

  it("are, in the air gap, those that its build will write, also before anything is built", () => {
    expect(read(true, airgap().settings)).to.deep.equal({ demo: imageTags.demo, client: imageTags.client });
    expect(fs.existsSync(airgap().home)).to.equal(false);
  });

  it("are not those that an older version of the air gap wrote, which the build replaces", () => {
    write("airgap/settings.yaml", "kind: { nodeImage: gone }\n");
    expect(read(true, airgap().settings)).to.deep.equal({ demo: imageTags.demo, client: imageTags.client });
  });

  it("include the user's own files, in which mistakes are refused", () => {
    const own = write("own.yaml", "images: { demo: mine:1 }\n");
    const both = `${airgap().settings}${path.delimiter}${own}`;
    expect(read(true, both)).to.deep.equal({ demo: "mine:1", client: imageTags.client });
    write("own.yaml", "images: { demos: mine:1 }\n");
    expect(() => read(true, both)).to.throw(MeshError, /usmesh:images\.demos/).with.property("exitCode", EXIT.unusable);
    write("own.yaml", `istio: { charts: ${path.join(folder(), "nowhere")} }\n`);
    expect(() => read(true, both)).to.throw(MeshError, /usmesh:istio\.charts: there is no folder/);
  });

  it("include the air gap's file as it is where official downloads are used", () => {
    expect(() => read(false, airgap().settings)).to.throw(MeshError, /cannot read .*settings\.yaml: ENOENT/);
    write("airgap/settings.yaml", "images: { demo: mine:1 }\n");
    expect(read(false, airgap().settings).demo).to.equal("mine:1");
  });

  it("name files and folders by their paths from the project's folder", () => {
    write("Pulumi.local.yaml", "config:\n  usmesh:clusters: { west: { driver: existing, kubeconfig: kube/west.yaml, context: west } }\n");
    expect(() => model(false, "")).to.throw(MeshError, /there is no file "kube\/west\.yaml"/);
    write("kube/west.yaml", "");
    expect(model(false, "").clusters[0]?.driver.type).to.equal("existing");
  });

  it("have the types that the engine gives a program", () => {
    write("Pulumi.local.yaml", 'config:\n  usmesh:clusters: { west: {}, east: {} }\n  usmesh:demo: "true"\n  usmesh:mesh: 123\n');
    expect(model(false, "")).to.deep.include({ mesh: "123" }).and.to.have.nested.property("demo.enabled", true);
  });

  for (const [what, line] of [
    ["encrypted", "usmesh:mesh: { secure: AAABAbc= }"],
    ["encrypted in part", "usmesh:peers: [east, { secure: AAABAbc= }]"],
  ] as const) {
    it(`are refused when one of them is ${what}`, () => {
      write("Pulumi.local.yaml", `config:\n  usmesh:clusters: { west: {} }\n  ${line}\n  other:token: { secure: AAABAbc= }\n`);
      expect(() => model(false, "")).to.throw(MeshError, /^1 setting is wrong in stack local.*\n.*is encrypted/).with.property("exitCode", EXIT.unusable);
    });
  }
});
