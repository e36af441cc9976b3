import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Client, type ClientArgs } from "../../../components";
import { expectOrdinary, itHonoursOptions, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "client";
const ARGS: ClientArgs = { containerName: "mypc", image: "curlimages/curl:8.12.1", network: "usmesh" };
const create = (opts?: pulumi.ComponentResourceOptions) => new Client(NAME, ARGS, opts);
const register = sharedWorld((opts?: () => pulumi.ComponentResourceOptions): Promise<World> => runPiece(() => create(opts?.())));

describe("Client", () => {
  it("is a container, its image, and a provider for both", async () => {
    const world = await register();
    expect(typesBelow(world, NAME)).to.deep.equal({
      "client-docker": "pulumi:providers:docker",
      "client-image": "docker:index/remoteImage:RemoteImage",
      "client-container": "docker:index/container:Container",
    });
    for (const name of ["client-image", "client-container"]) expect(resource(world, name).provider, name).to.equal("client-docker");
  });

  it("is written with the Docker provider in its options", async () => {
    const world = await register(() => ({ provider: new docker.Provider("another") }));
    expect(Object.keys(typesBelow(world, NAME))).to.deep.equal(["client-image", "client-container"]);
    for (const name of ["client-image", "client-container"]) expect(resource(world, name).provider, name).to.equal("another");
  });

  it("waits on the network for requests, says whose it is, and leaves its image to others", async () => {
    const world = await register();
    expect(resource(world, "client-container").inputs).to.deep.equal({
      name: "mypc",
      image: "sha256:1",
      entrypoints: ["sleep", "infinity"],
      init: true,
      restart: "unless-stopped",
      labels: [{ label: "usmesh.owner", value: "organization/usmesh/test" }],
      networksAdvanced: [{ name: "usmesh" }],
    });
    expect(resource(world, "client-image").inputs).to.deep.equal({ name: "curlimages/curl:8.12.1", keepLocally: true });
  });

  it("records what it is made from, and gives its container's name", async () => {
    const world = await register();
    expect(resource(world, NAME)).to.deep.include({ type: "usmesh:index:Client", inputs: ARGS });
    expect(world.componentOutputs).to.deep.equal([{ containerName: "mypc" }]);
  });

  it("is deleted before it is replaced, since its name is taken, and no change of it is ignored", async () => {
    const world = await register();
    expectOrdinary(world, ["client-container"]);
    expect(resource(world, "client-container").deleteBeforeReplace).to.equal(true);
  });

  itHonoursOptions(NAME, create);
});
