import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "../../../../lib/errors";
import { repositoryRoot, stacksFolder } from "../../../../lib/paths";
import { StackFiles } from "../../../../cli/lib/stacks";
import { folderForEach } from "../support/folder";

const SALT = "encryptionsalt: v1:c2FsdA==:v1:abc:def\n";

describe("the stacks' files", () => {
  const folder = folderForEach();
  const write = (name: string, text: string): void => fs.writeFileSync(path.join(folder(), name), text);
  const files = (): StackFiles => new StackFiles(folder());
  const copyOf = (stack: string): string => fs.readFileSync(files().copyTo(path.join(folder(), "copies"), stack), "utf8");

  beforeEach(() => {
    write("Pulumi.yaml", "name: usmesh\nruntime: nodejs\n");
    write("Pulumi.local.yaml", "# both clusters\nconfig:\n  usmesh:demo: true\n");
  });

  it("are found by their names, and a missing one is named with those that exist", () => {
    write("Pulumi.west.yaml", "config: {}\n");
    expect(files().names()).to.deep.equal(["local", "west"]);
    expect(() => files().require(["local", "west"])).not.to.throw();
    expect(() => files().require(["north"])).to.throw(MeshError, /no stack "north"/).with.property("hint").that.contains("local, west");
  });

  it("are refused by name when they are not YAML or their folder cannot be read", () => {
    write("Pulumi.local.yaml", "config:\n  usmesh:demo: [true\n");
    expect(() => files().config("local")).to.throw(MeshError, `${path.join(folder(), "Pulumi.local.yaml")} is not YAML`).with.property("exitCode", EXIT.unusable);
    const apart = new StackFiles(folder(), path.join(folder(), "nowhere"));
    expect(() => apart.names()).to.throw(MeshError, /nowhere cannot be read: ENOENT/).with.property("hint").that.contains("MESH_STACKS");
  });

  it("can be read as they would be after a change, and stay as they are", () => {
    const changed = files().edited("local", (text) => text.replace("true", "false"));
    expect(changed.config("local")).to.deep.equal({ "usmesh:demo": false });
    expect(changed.edited("local", (text) => text.replace("demo", "client")).config("local")).to.deep.equal({ "usmesh:client": false });
    expect(changed.names()).to.deep.equal(["local"]);
    expect(files().config("local")).to.deep.equal({ "usmesh:demo": true });
  });

  it("are replaced in one step, and keep who may read them", () => {
    const file = path.join(folder(), "Pulumi.local.yaml");
    fs.chmodSync(file, 0o640);
    files().edit("local", (text) => text.replace("true", "false"));
    expect(fs.readFileSync(file, "utf8")).to.equal("# both clusters\nconfig:\n  usmesh:demo: false\n");
    expect(fs.statSync(file).mode & 0o777).to.equal(0o640);
  });

  it("may be in a folder of their own, outside the repository", () => {
    const apart = path.join(folder(), "apart");
    fs.mkdirSync(apart);
    fs.writeFileSync(path.join(apart, "Pulumi.north.yaml"), "config: {}\n");
    const found = new StackFiles(folder(), apart);
    expect(found.names()).to.deep.equal(["north"]);
    expect(found.project).to.equal("usmesh");
    expect(found.config("north")).to.deep.equal({});
    expect(() => found.require(["local"])).to.throw(MeshError).with.property("hint").that.contains(apart);
    expect(stacksFolder({ MESH_STACKS: apart })).to.equal(apart);
    expect(stacksFolder({})).to.equal(repositoryRoot);
  });

  it("are copied completely, with a project around them, and do not change", () => {
    const text = fs.readFileSync(path.join(folder(), "Pulumi.local.yaml"), "utf8");
    expect(copyOf("local")).to.equal(text);
    expect(fs.readFileSync(path.join(folder(), "copies", "Pulumi.yaml"), "utf8")).to.contain("name: usmesh");
    expect(fs.readFileSync(path.join(folder(), "Pulumi.local.yaml"), "utf8")).to.equal(text);
  });

  it("are copied without a salt, so that any passphrase works with a fresh clone", () => {
    write("Pulumi.local.yaml", `config:\n  usmesh:demo: true\n${SALT}`);
    expect(copyOf("local")).to.equal("config:\n  usmesh:demo: true\n");
    write("Pulumi.local.yaml", SALT);
    expect(copyOf("local").trim()).to.equal("{}");
    write("Pulumi.local.yaml", "");
    expect(copyOf("local")).to.equal("config: {}\n");
  });

  it("keep the salt that their own secrets were encrypted with", () => {
    write("Pulumi.local.yaml", `config:\n  usmesh:token:\n    secure: v1:x:y\n${SALT}`);
    expect(copyOf("local")).to.contain(SALT.trim());
  });

  it("name a secrets provider, or none for a passphrase", () => {
    const provider = (line: string): string | undefined => {
      write("Pulumi.local.yaml", `${line}\nconfig: {}\n`);
      return files().secretsProvider("local");
    };
    for (const url of ["awskms://alias/mesh?region=us-west-1", "azurekeyvault://a.vault.azure.net/keys/b", "gcpkms://projects/a", "hashivault://mesh"]) expect(provider(`secretsprovider: ${url}`)).to.equal(url);
    for (const line of ["", "secretsprovider: passphrase", "secretsprovider: default", "secretsprovider:"]) expect(provider(line), line).to.equal(undefined);
    for (const line of ["secretsprovider: awskms", "secretsprovider: https://vault", "secretsprovider: [a]"]) {
      expect(() => provider(line), line).to.throw(MeshError, /Pulumi\.local\.yaml: secretsprovider: .* is not a secrets provider/).with.property("exitCode", EXIT.unusable);
    }
  });

  it("are copied without a secrets provider, to which Pulumi would add a new key at each run", () => {
    write("Pulumi.local.yaml", "secretsprovider: awskms://alias/mesh\nencryptedkey: AAA=\nconfig:\n  usmesh:demo: true\n");
    expect(copyOf("local")).to.equal("config:\n  usmesh:demo: true\n");
    write("Pulumi.local.yaml", "secretsprovider: awskms://alias/mesh\nencryptedkey: AAA=\nconfig:\n  other:token:\n    secure: AAA\n");
    expect(copyOf("local")).to.contain("secretsprovider: awskms://alias/mesh").and.to.contain("encryptedkey: AAA=");
  });

  it("are copied again when the tracked file has changed", () => {
    copyOf("local");
    write("Pulumi.local.yaml", "config:\n  usmesh:demo: false\n");
    expect(copyOf("local")).to.contain("false");
  });
});
