import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { MeshPeering, type MeshPeeringArgs, type PeeringMember } from "../../../components";
import { CANARY } from "./support/answers";
import { expectOrdinary, itHonoursOptions, optionsIn, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
import { runPiece, type World } from "./support/world";

const NAME = "peering";

/** A member that another stack owns. */
function other(key: string): PeeringMember {
  const clusterName = `${key}-cluster`;
  const access = { clusterName, apiServer: `https://${key}.example:6443`, caCertificate: "certificate", token: `${CANARY} token of ${key}` };
  return { key, clusterName, network: `${key}-network`, accessFor: (reader) => ({ ...access, token: `${access.token} for ${reader}` }) };
}

/** A member that the component writes to. */
function own(key: string): PeeringMember {
  return { ...other(key), own: { namespace: "istio-system", options: optionsIn(key) } };
}

const create = (args: Partial<MeshPeeringArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new MeshPeering(NAME, { meshId: "usmesh", members: [own("west"), other("east")], ...args }, opts);
const register = (members: () => PeeringMember[], args: Partial<MeshPeeringArgs> = {}): Promise<World> =>
  runPiece(() => create({ members: members(), ...args }));
const keysIn = (world: World, key: string) => Object.keys(plain(resource(world, `${NAME}-${key}`).inputs["data"]) as object);

describe("MeshPeering", () => {
  it("is one Secret for each own cluster", async () => {
    expect(typesBelow(await register(() => [own("west"), own("east"), other("north")]), NAME)).to.deep.equal({
      "peering-west": "kubernetes:core/v1:Secret",
      "peering-east": "kubernetes:core/v1:Secret",
    });
  });

  it("records the generation and the members, without what is needed to read them", async () => {
    const world = await register(() => [own("west"), other("east")], { generation: 3 });
    expect(resource(world, NAME)).to.deep.include({
      type: "usmesh:index:MeshPeering",
      inputs: {
        meshId: "usmesh",
        generation: 3,
        members: [
          { key: "west", clusterName: "west-cluster", network: "west-network" },
          { key: "east", clusterName: "east-cluster", network: "east-network" },
        ],
      },
    });
  });

  it("writes each Secret with the provider of its cluster, and deletes it with its cluster", async () => {
    const world = await register(() => [own("west"), own("east")]);
    for (const key of ["west", "east"]) {
      expect(resource(world, `${NAME}-${key}`)).to.include({ parent: NAME, provider: `${key}-provider`, deletedWith: `${key}-kind` });
    }
  });

  it("writes nothing to a cluster of another stack, and nothing when there is nobody to read", async () => {
    expect(typesBelow(await register(() => [other("west"), other("east")]), NAME)).to.deep.equal({});
    expect(typesBelow(await register(() => [own("west")]), NAME)).to.deep.equal({});
  });

  it("makes istiod take the Secret for remote clusters, named after the mesh", async () => {
    const { inputs } = resource(await register(() => [own("west"), other("east")], { meshId: "other" }), `${NAME}-west`);
    expect(inputs).to.deep.include({
      type: "Opaque",
      metadata: { name: "istio-remote-secret-other", namespace: "istio-system", labels: { "istio/multiCluster": "true" } },
    });
  });

  it("gives each cluster a key for every other member, and none for itself", async () => {
    const world = await register(() => [own("west"), own("east"), other("north")]);
    expect(keysIn(world, "west")).to.deep.equal(["east-cluster", "north-cluster"]);
    expect(keysIn(world, "east")).to.deep.equal(["north-cluster", "west-cluster"]);
  });

  it("gives each cluster what is meant for that cluster", async () => {
    const world = await register(() => [own("west"), own("east"), other("north")]);
    for (const key of ["west", "east"]) {
      const { "north-cluster": north } = plain(resource(world, `${NAME}-${key}`).inputs["data"]) as Record<string, string>;
      expect(Buffer.from(north ?? "", "base64").toString()).to.contain(`token of north for ${key}`);
    }
  });

  it("keeps the credentials secret, whatever the caller did", async () => {
    expect(redacted(resource(await register(() => [own("west"), other("east")]), `${NAME}-west`).inputs["data"])).to.equal("[secret]");
  });

  it("updates a Secret whenever its content changes: no change of it is ignored, and it is never deleted first", async () => {
    const world = await register(() => [own("west"), own("east")]);
    for (const key of ["west", "east"]) {
      expect(resource(world, `${NAME}-${key}`), key).not.to.have.any.keys("ignoreChanges", "replaceOnChanges", "retainOnDelete");
    }
    expectOrdinary(world);
  });

  it("tells which pairs it wired", async () => {
    const { componentOutputs } = await register(() => [own("west"), own("east"), other("north")]);
    expect(componentOutputs).to.deep.include({ pairs: ["west->east", "west->north", "east->west", "east->north"] });
  });

  itHonoursOptions(NAME, (opts) => create({}, opts));
});
