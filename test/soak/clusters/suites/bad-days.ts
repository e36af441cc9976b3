import { expect } from "chai";
import type { Environments, Stack } from "../support/environments";
import { CLIENT, kindName } from "../support/environments";

const PAIR = ["west", "east"] as const;

/** What happens to clusters outside the program, and how the next command recovers. */
export function badDays(mesh: Environments): void {
  const node = (stack: Stack): string => `${kindName(stack)}-control-plane`;
  const address = async (stack: Stack): Promise<string> =>
    mesh.sh(`docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' ${node(stack)}`);

  it("recovers nodes that came back with each other's addresses", async () => {
    const [west, east] = [await address("west"), await address("east")];
    await mesh.sh(`docker stop ${node("west")} ${node("east")}`);
    // The first to come back gets the lowest address that is free.
    const order = ordinal(west) < ordinal(east) ? ["east", "west"] as const : ["west", "east"] as const;
    for (const stack of order) await mesh.sh(`docker start ${node(stack)}`);
    expect([await address("west"), await address("east")]).to.deep.equal([east, west]);
    await mesh.meshDoes("up", ...PAIR);
    expect(await mesh.faults(PAIR, 400)).to.deep.equal([]);
  });

  it("starts a node that somebody stopped", async () => {
    await mesh.sh(`docker stop ${node("east")} ${CLIENT}`);
    await mesh.meshDoes("up", ...PAIR);
    expect(await mesh.sh(`docker ps --format '{{.Names}}'`)).to.contain(node("east")).and.to.contain(CLIENT);
    expect(await mesh.faults(PAIR, 400)).to.deep.equal([]);
  });

  it("recreates a cluster that is gone, and nothing else", async () => {
    await mesh.sh(`docker rm -f -v ${node("east")}`);
    await mesh.meshDoes("up", ...PAIR);
    expect(await mesh.faults(PAIR, 400)).to.deep.equal([]);
  });

  it("takes a stack down whose cluster is gone already", async () => {
    await mesh.sh(`docker rm -f -v ${node("east")}`);
    await mesh.meshDoes("down", "--yes", "east");
    expect(await mesh.known()).to.deep.equal(["west"]);
  });

  it("removes what a first up was creating when it was killed", async () => {
    // West signs for east's new key before the cluster is created.
    await mesh.upKilled(PAIR, async () => (await mesh.leftovers()).includes(node("east")));
    await mesh.meshDoes("down", "--yes", "east");
    expect(await mesh.known()).to.deep.equal(["west"]);
    expect((await mesh.leftovers()).filter((name) => name.includes(kindName("east")))).to.deep.equal([]);
  });
}

/** An IPv4 address as a number. */
function ordinal(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
