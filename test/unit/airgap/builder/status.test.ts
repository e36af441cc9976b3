import { expect } from "chai";
import * as path from "node:path";
import { look } from "../../../../airgap/builder/look";
import { statusOf, statusSchema, statusTable, type Status } from "../../../../airgap/builder/status";
import { fileStep, World } from "./support/world";

describe("the air gap's status", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const steps = [
    fileStep("kubectl", { version: "1.34.4", source: "go module k8s.io/kubernetes v1.34.4" }),
    fileStep("node", {
      kind: "image",
      outputs: [],
      images: ["usmesh.local/node:v1"],
      build: async () => void world.images.images.set("usmesh.local/node:v1", { id: "sha256:1", size: 3 * 1024 ** 2 }),
    }),
  ];

  async function status(): Promise<Status> {
    const { paths, repository, images } = world;
    const text = JSON.stringify(statusOf(await look({ steps, repository, paths, images }), paths));
    return statusSchema.parse(JSON.parse(text));
  }

  it("matches its schema before anything is built", async () => {
    const { ready, pieces, home } = await status();
    expect({ ready, home }).to.deep.equal({ ready: false, home: world.paths.home });
    expect(pieces[0]).to.deep.equal({
      name: "kubectl",
      kind: "binary",
      ready: false,
      state: "missing",
      problem: "not built yet",
      version: "1.34.4",
      source: "go module k8s.io/kubernetes v1.34.4",
      path: path.join(world.paths.bin, "kubectl"),
      outputs: [path.join(world.paths.bin, "kubectl")],
      images: [],
      sizeBytes: null,
      seconds: null,
      finished: null,
    });
  });

  it("has the place, size and build time of each piece", async () => {
    await world.build(steps);
    const { ready, pieces } = await status();
    expect(ready).to.equal(true);
    expect(pieces.map(({ name, path: where, sizeBytes, images }) => ({ name, where, sizeBytes, images }))).to.deep.equal([
      { name: "kubectl", where: path.join(world.paths.bin, "kubectl"), sizeBytes: '"kubectl"'.length, images: [] },
      { name: "node", where: "usmesh.local/node:v1", sizeBytes: 3 * 1024 ** 2, images: [{ tag: "usmesh.local/node:v1", id: "sha256:1" }] },
    ]);
    for (const piece of pieces) {
      expect(piece.seconds).to.be.a("number");
      expect(Date.parse(piece.finished ?? "")).to.be.closeTo(Date.now(), 10_000);
    }
  });

  it("is not ready while the Docker engine does not answer", async () => {
    await world.build(steps);
    world.images.up = false;
    const { ready, pieces } = await status();
    expect(ready).to.equal(false);
    expect(pieces[1]).to.include({ ready: false, state: "unknown", problem: "the Docker engine does not answer" });
  });

  it("is a table for people", async () => {
    await world.build(steps, { only: ["kubectl"] });
    const lines = statusTable(await status()).split("\n");
    expect(lines[1]).to.match(/^kubectl +ready +1\.34\.4 +1 MiB +0 s +go module k8s\.io\/kubernetes v1\.34\.4$/);
    expect(lines[2]).to.match(/^node +missing: not built yet +1\.0\.0 +- +- +a test$/);
    expect(lines.at(-1)).to.equal(`1 of 2 ready, built in 0 s, in ${world.paths.home}`);
  });
});
