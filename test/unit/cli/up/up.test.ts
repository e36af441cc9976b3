import { expect } from "chai";
import * as fs from "node:fs";
import { bringUp, initStacks } from "../../../../cli/up/up";
import { EXIT, MeshError } from "../../../../lib/errors";
import { meshPaths } from "../../../../lib/paths";
import { FakeApiServer } from "../../support/fake-api-server";
import { folderForEach } from "../support/folder";
import { issuedFor, outputsOf, requestOf, trustOutputsOf } from "../support/outputs";
import { FakePulumi } from "./support/fake-pulumi";
import { FakeRunner } from "./support/fake-runner";
import { EAST, WEST } from "./support/stacks";
import { CLIENT, release, stateWith } from "./support/states";

describe("bringing stacks up", () => {
  const folder = folderForEach();
  let pulumi: FakePulumi;
  beforeEach(() => {
    pulumi = new FakePulumi();
    pulumi.onUp = wireWithPeers;
  });

  const bring = (...stacks: (typeof WEST)[]): ReturnType<typeof bringUp> => bringUp({ env: {} }, pulumi, stacks, new FakeRunner(() => ({ code: 1, stderr: "No such container" })));
  const ups = (): string[] => pulumi.calls.filter((call) => call.startsWith("up "));
  /** As the program does: a stack wires its cluster with the peers' that are up. */
  function wireWithPeers(stack: string): void {
    const peers = ["west", "east"].filter((peer) => peer !== stack && pulumi.exported.has(peer));
    pulumi.exported.set(stack, outputsOf([stack], peers.map((peer) => `${stack}->${peer}`)));
  }

  it("brings up in a second pass those that could not be wired in the first", async () => {
    const up = await bring(WEST, EAST);
    expect(ups()).to.deep.equal(["up west", "up east", "up west"]);
    expect(up.map(({ stack, outputs }) => [stack, outputs.pairs])).to.deep.equal([["west", ["west->east"]], ["east", ["east->west"]]]);
  });

  it("brings a stack up again that peers could still read in the old way, once they have switched", async () => {
    const keeping = new Set(["west", "east"]);
    pulumi.onUp = (stack) => {
      wireWithPeers(stack);
      const outputs = pulumi.exported.get(stack)!;
      // A stack closes the way when all its peers have been brought up since.
      if (ups().length > 2) keeping.delete(stack);
      if (keeping.has(stack)) Object.assign(outputs.credentials[stack]!, { caCertificate: "ca", token: "a-token" });
    };
    for (const stack of ["west", "east", "west"]) pulumi.onUp(stack);
    await bring(WEST, EAST);
    expect(ups()).to.deep.equal(["up west", "up east", "up west", "up east"]);
    expect([...keeping]).to.deep.equal([]);
  });

  it("takes one pass when everything is wired and nothing changes", async () => {
    for (const stack of ["west", "east", "west"]) wireWithPeers(stack);
    await bring(WEST, EAST);
    expect(ups()).to.deep.equal(["up west", "up east"]);
  });

  it("brings up again those that read what has changed since", async () => {
    for (const stack of ["west", "east", "west"]) wireWithPeers(stack);
    pulumi.onUp = (stack) => {
      wireWithPeers(stack);
      if (stack === "east") pulumi.exported.get("east")!.credentials["east"]!.gateway!.caCertificate = "a-new-authority";
    };
    await bring(WEST, EAST);
    expect(ups()).to.deep.equal(["up west", "up east", "up west"]);
  });

  describe("where one stack signs for another", () => {
    /** The generation of keys that west's settings ask for. */
    let generation: number;
    beforeEach(() => {
      generation = 1;
      pulumi.onUp = (stack) => (stack === "west" ? upWest() : upEast());
    });
    /** As the program does: west signs the newest request that east exports. */
    function upWest(): void {
      const request = pulumi.exported.get("east")?.requests["east"]?.at(-1);
      wireWithPeers("west");
      if (!("east" in (pulumi.exported.get("east")?.clusters ?? {}))) pulumi.exported.get("west")!.pairs = [];
      Object.assign(pulumi.exported.get("west")!, { trust: trustOutputsOf("west", ["west", "east"], { generation }), certificates: request ? { east: issuedFor("east", request.generation) } : {} });
    }
    /** East asks for its certificate, and comes up with it. */
    function upEast(): void {
      const { certificates, trust } = pulumi.exported.get("west")!;
      const issued = certificates["east"];
      const requests = [1, 2].map((one) => requestOf("east", one)).filter((request) => request.publicKey === issued?.publicKey || request.generation === trust?.generation);
      const wasUp = "east" in (pulumi.exported.get("east")?.clusters ?? {});
      wireWithPeers("east");
      const outputs = issued || wasUp ? pulumi.exported.get("east")! : outputsOf([], []);
      pulumi.exported.set("east", { ...outputs, requests: { east: requests } });
    }

    it("takes the passes in which it asks, is signed for and comes up, and both are wired", async () => {
      const up = await bring(WEST, EAST);
      expect(ups()).to.deep.equal(["up west", "up east", "up west", "up east", "up west"]);
      expect(up.map(({ stack, outputs }) => [stack, outputs.pairs])).to.deep.equal([["west", ["west->east"]], ["east", ["east->west"]]]);
    });

    it("takes two passes to give all of them new keys, and none when nothing changes", async () => {
      await bring(WEST, EAST);
      pulumi.calls.length = 0;
      generation = 2;
      await bring(WEST, EAST);
      expect(ups()).to.deep.equal(["up west", "up east", "up west", "up east"]);
      expect(pulumi.exported.get("east")?.requests["east"]).to.deep.equal([requestOf("east", 2)]);
      pulumi.calls.length = 0;
      await bring(WEST, EAST);
      expect(ups()).to.deep.equal(["up west", "up east"]);
    });

    it("begins with the other one when an earlier version made its keys in the authority", async () => {
      upWest();
      const { requests: _requests, certificates: _certificates, ...rest } = outputsOf(["east"], ["east->west"]);
      pulumi.exported.set("east", { ...rest, version: 1, intermediates: {} } as never);
      await bring(WEST, EAST);
      expect(ups()).to.deep.equal(["up east", "up west", "up east"]);
    });

    it("fails when it has no certificate in the end, with the command that leads to one", async () => {
      upWest();
      const failure = await bring(EAST).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(MeshError).with.property("message", "stack east: east has no certificate yet, which stack west has to sign");
      expect(failure).to.have.property("hint", "Next: ./mesh up west east");
    });
  });

  it("takes stacks that another version of the program brought up for changed", async () => {
    pulumi.exported.set("west", { version: 0 } as never);
    await bring({ ...WEST, peers: [] });
    expect(ups()).to.deep.equal(["up west"]);
  });

  it("fails when pairs are not wired in the end, naming them", async () => {
    pulumi.onUp = (stack) => pulumi.exported.set(stack, outputsOf([stack], []));
    const failure = await bring(WEST, EAST).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(MeshError).with.property("message", "up, but not wired: west->east, east->west");
    expect(ups()).to.deep.equal(["up west", "up east", "up west", "up east"]);
  });

  it("fails when a stack exports nothing", async () => {
    pulumi.onUp = () => undefined;
    expect(await bring(WEST).catch((error: Error) => error.message)).to.equal("stack west is up and exports nothing");
  });

  it("writes no kubeconfig to a file", async () => {
    await bring({ ...WEST, peers: [] });
    expect(fs.existsSync(meshPaths(folder()).kubeconfigs)).to.equal(false);
  });

  it("first refreshes containers that no longer exist, such as the client, so that they are recreated", async () => {
    pulumi.states.set("west", { resources: [CLIENT] });
    await bring({ ...WEST, peers: [] });
    expect(pulumi.calls).to.deep.equal(["unlock west", "export west secrets", "refresh west urn:mypc", "up west"]);
  });

  it("reads each stack once before it is changed, whatever the number of passes", async () => {
    await bring(WEST, EAST);
    expect(pulumi.calls).to.deep.equal([...["west", "east"].flatMap((stack) => [`unlock ${stack}`, `export ${stack} secrets`]), "up west", "up east", "up west"]);
  });

  it("changes nothing when somebody is working on one of the stacks", async () => {
    pulumi.busy.add("east");
    expect(await bring(WEST, EAST).catch((error: Error) => error.message)).to.equal("stack east is being worked on");
    expect(ups()).to.deep.equal([]);
  });

  describe("when up fails", () => {
    const failing = (error: Error): (() => number) => {
      let count = 0;
      pulumi.onUp = (stack) => {
        if (++count === 1) throw error;
        wireWithPeers(stack);
      };
      return () => count;
    };

    it("repeats it once when releases had to be repaired", async () => {
      const cluster = await FakeApiServer.start();
      try {
        pulumi.states.set("west", stateWith(cluster, [release()]));
        const count = failing(new MeshError("pulumi-failed", "pulumi up failed"));
        await bring({ ...WEST, peers: [] });
        expect(count()).to.equal(2);
        expect(pulumi.calls).to.include("refresh west urn:istiod");
      } finally {
        cluster.stop();
      }
    });

    it("does not repeat it when there was nothing to repair", async () => {
      const count = failing(new MeshError("pulumi-failed", "pulumi up failed"));
      expect(await bring(WEST).catch((error: Error) => error.message)).to.equal("pulumi up failed");
      expect(count()).to.equal(1);
    });

    it("does not look for anything to repair when it was interrupted", async () => {
      failing(new MeshError("interrupted", "interrupted", undefined, EXIT.interrupted));
      await bring(WEST).catch(() => undefined);
      expect(pulumi.calls).to.deep.equal(["unlock west", "export west secrets", "up west"]);
    });
  });
});

describe("creating stacks", () => {
  it("is done for those that the backend does not know", async () => {
    const pulumi = new FakePulumi();
    pulumi.states.set("west", {});
    await initStacks(pulumi, [WEST, EAST]);
    expect(pulumi.calls).to.deep.equal(["init east"]);
  });
});
