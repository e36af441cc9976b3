import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Client, DockerNetwork, type DockerNetworkArgs } from "../../../components";
import { expectOrdinary, itHonoursOptions, typesBelow } from "./support/pieces";
import { closure, resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "docker";
const create = (args: Partial<DockerNetworkArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new DockerNetwork(NAME, { network: "usmesh", ...args }, opts);
const register = sharedWorld((args?: Partial<DockerNetworkArgs>): Promise<World> => runPiece(() => create(args)));

describe("DockerNetwork", () => {
  it("is a command that creates the network and removes it, and is run again for another one", async () => {
    const world = await register();
    expect(typesBelow(world, NAME)).to.deep.equal({ "docker-network": "command:local:Command" });
    expect(resource(world, "docker-network").inputs).to.deep.equal({
      create: "sh components/scripts/network-create.sh",
      delete: "sh components/scripts/network-delete.sh",
      environment: { DOCKER_NETWORK: "usmesh", DOCKER_SUBNET: "" },
      triggers: ["usmesh"],
      logging: "none",
      addPreviousOutputInEnv: false,
    });
  });

  it("asks for the subnet in its arguments, for which it is not run again", async () => {
    const { inputs } = resource(await register({ subnet: "172.30.0.0/16" }), "docker-network");
    expect(inputs).to.deep.include({ environment: { DOCKER_NETWORK: "usmesh", DOCKER_SUBNET: "172.30.0.0/16" }, triggers: ["usmesh"] });
  });

  it("records what it is made from, and gives the subnet that the network really has", async () => {
    const subnet = "172.30.0.0/16";
    const world = await runPiece(() => create({ subnet }), { subnet: "172.31.0.0/16" });
    expect(resource(world, NAME)).to.deep.include({ type: "usmesh:index:DockerNetwork", inputs: { network: "usmesh", subnet } });
    expect(world.componentOutputs).to.deep.equal([{ name: "usmesh", subnet: "172.31.0.0/16" }]);
  });

  it("exists before what is given its name", async () => {
    const world = await runPiece(() => new Client("client", { containerName: "mypc", image: "curl", network: create().name }));
    expect(closure(world, "client-container")).to.include("docker-network");
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itHonoursOptions(NAME, (opts) => create({}, opts));
});
