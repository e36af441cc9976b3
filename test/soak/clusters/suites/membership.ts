import { expect } from "chai";
import type { Environments, Stack } from "../support/environments";
import { kindName } from "../support/environments";
import type { Traffic } from "../support/traffic";
import { closeBetween } from "./discovery";

/** A third environment joins and leaves while requests flow between the other two. */
export function membership(mesh: Environments, traffic: Traffic): void {
  const remotes = async (stack: Stack): Promise<string[]> =>
    Object.keys(JSON.parse(await mesh.kubectl(stack, "-n istio-system get secret istio-remote-secret-usmesh -o jsonpath='{.data}'")) as object).sort();

  it("joins with one file of its own and one line in the others'", async () => {
    mesh.north(true);
    mesh.set("west", "peers", ["east", "north"]);
    mesh.set("east", "peers", ["west", "north"]);
    await traffic.during("north joins", async () => {
      await Promise.all([mesh.meshDoes("up", "west", "east", "north"), closeBetween(mesh, ["west", "east", "north"])]);
    });
    expect(await remotes("west")).to.deep.equal(["east-cluster", "north-cluster"]);
    expect(await remotes("east")).to.deep.equal(["north-cluster", "west-cluster"]);
    expect(await remotes("north")).to.deep.equal(["east-cluster", "west-cluster"]);
  });

  it("is part of the mesh, from each cluster to each other", async () => {
    await traffic.during("north is there", async () => {
      expect(await mesh.faults(["west", "east", "north"])).to.deep.equal([]);
    });
  });

  it("leaves in the reverse order, without a trace", async () => {
    mesh.set("west", "peers", ["east"]);
    mesh.set("east", "peers", ["west"]);
    await traffic.during("north leaves", async () => {
      await mesh.meshDoes("up", "west", "east");
      await mesh.meshDoes("down", "--yes", "north");
    });
    mesh.north(false);
    expect(await remotes("west")).to.deep.equal(["east-cluster"]);
    expect(await remotes("east")).to.deep.equal(["west-cluster"]);
    expect(await mesh.known()).to.deep.equal(["east", "west"]);
    expect((await mesh.leftovers()).filter((name) => name.includes(kindName("north")))).to.deep.equal([]);
    for (const stack of ["west", "east"]) expect(await mesh.sh(`pulumi stack export -s ${stack}`)).not.to.contain("north");
    expect(await mesh.faults(["west", "east"])).to.deep.equal([]);
  });
}
