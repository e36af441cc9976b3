import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { NodeImages } from "../../../components";
import { repositoryRoot } from "../../../lib/paths";
import { itHonoursOptions, optionsIn } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece } from "./support/world";

const NAME = "west-node-images";
const ARGS = { kindName: "west", uid: "1-2", images: ["prometheus:3", "jaeger:2"] };

describe("NodeImages", () => {
  it("gives a cluster's nodes images of the Docker engine, and another cluster's nodes again", async () => {
    const world = await runPiece(() => {
      const { deletedWith } = optionsIn("west");
      new NodeImages(NAME, ARGS, deletedWith ? { deletedWith } : {});
    });
    expect(resource(world, `${NAME}-load`)).to.deep.include({ parent: NAME, deletedWith: "west-kind" });
    expect(resource(world, `${NAME}-load`).inputs).to.deep.include({
      create: "sh components/scripts/kind-images.sh",
      environment: { KIND_NAME: "west", IMAGES: "prometheus:3 jaeger:2" },
      triggers: ["1-2", "prometheus:3", "jaeger:2"],
      logging: "none",
      addPreviousOutputInEnv: false,
    });
  });

  it("finds its script from the folder of another program", async () => {
    const [here, there] = [process.cwd(), fs.realpathSync(os.tmpdir())];
    process.chdir(there);
    try {
      const world = await runPiece(() => void new NodeImages(NAME, ARGS));
      expect(resource(world, `${NAME}-load`).inputs["create"]).to.equal(`sh ${path.relative(there, path.join(repositoryRoot, "components/scripts/kind-images.sh"))}`);
    } finally {
      process.chdir(here);
    }
  });

  itHonoursOptions(NAME, (opts) => new NodeImages(NAME, ARGS, opts));
});
