import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { repositoryRoot } from "../../../lib/paths";
import { inSteps } from "../../support/steps";
import { Ground, KEYS, STACK, type Key } from "./support/ground";
import { ways } from "./support/ways";

describe("one mesh over real clusters, brought up in three ways", function () {
  inSteps(this);
  const ground = new Ground();
  /** By cluster: what the first way made. */
  const first = new Map<Key, readonly string[]>();
  after(() => ground.remove());

  it("has clusters that components of the package made", async () => {
    await ground.create();
    for (const key of KEYS) expect(await ground.namespaces(key)).to.deep.equal([]);
  });

  for (const way of ways()) {
    describe(`by ${way.name}`, () => {
      it("comes up, and verify is green", async () => {
        await way.up(ground);
        expect(await ground.faults(path.join(ground.home, "clusters"))).to.deep.equal([]);
      });

      it("is the same in each cluster, whichever way", async () => {
        for (const key of KEYS) {
          const made = await ground.made(key);
          expect(made.length).to.be.greaterThan(50);
          const known = first.get(key) ?? made;
          first.set(key, known);
          const differences = { more: made.filter((name) => !known.includes(name)), less: known.filter((name) => !made.includes(name)) };
          expect(differences, key).to.deep.equal({ more: [], less: [] });
          expect(made, key).to.have.length(known.length);
        }
      });

      if (way.name.startsWith("this program")) {
        it("carries what the example of a consumer deploys, with the package in a project of its own", async () => {
          const example = path.join(repositoryRoot, "examples", "consumer");
          const files = fs.readdirSync(example).filter((file) => /\.(ts|json|yaml)$/.test(file));
          const folder = await ground.project("consumer", Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(example, file), "utf8")])));
          await ground.pulumi(folder, "config", "set", "--path", "stacks[0]", `organization/usmesh/${STACK}`);
          await ground.pulumi(folder, "config", "set", "image", (await ground.model()).demo.image);
          await ground.pulumi(folder, "up", "--yes", "--skip-preview");
          for (const key of KEYS) expect(await ground.made(key)).to.include("apps/v1/Deployment/consumer/hello");
          await ground.pulumi(folder, "destroy", "--yes", "--skip-preview");
        });
      }

      it("is removed, and leaves no namespace of the mesh", async () => {
        await way.down(ground);
        for (const key of KEYS) expect(await ground.namespaces(key)).to.deep.equal([]);
      });
    });
  }

  // Tests of a suite itself run before those of the suites in it.
  describe("when that is done", () => {
    it("is deleted with its clusters", async () => {
      await ground.pulumi(path.join(ground.home, "clusters"), "destroy", "--yes", "--skip-preview");
    });
  });
});
