import { expect } from "chai";
import { interruptedCreations, type StateResource } from "../../../../cli/lib/state";
import { recoverForDown, recoverForUp, undoCommands } from "../../../../cli/up/recover";
import { FakeApiServer } from "../../support/fake-api-server";
import { FakePulumi } from "./support/fake-pulumi";
import { FakeRunner } from "./support/fake-runner";
import { CLIENT, helmRecord, MAP, release, stateWith, VALUES } from "./support/states";

const command = (inputs: Record<string, unknown>): StateResource => ({ urn: JSON.stringify(inputs), type: "command:local:Command", inputs });
const NETWORK = command({ create: "make network", delete: "remove network", environment: { DOCKER_NETWORK: "usmesh" } });
const CLUSTER = command({ create: "make cluster", delete: "remove cluster", environment: { KIND_NAME: "west", SECRET: { ciphertext: "c" } }, stdin: "config" });

describe("recovering from a run that was killed", () => {
  let cluster: FakeApiServer;
  let pulumi: FakePulumi;
  let programs: FakeRunner;
  beforeEach(async () => {
    cluster = await FakeApiServer.start();
    pulumi = new FakePulumi();
    programs = new FakeRunner((line) => (line.includes(" inspect ") ? { stdout: "organization/usmesh/local" } : undefined));
  });
  afterEach(() => cluster.stop());

  it("does nothing but look when nothing is pending", async () => {
    pulumi.states.set("west", { resources: [CLIENT] });
    for (const recover of [recoverForUp, recoverForDown]) await recover(pulumi, "west", {}, programs);
    expect(pulumi.calls).to.deep.equal(["unlock west", "export west secrets", "unlock west", "export west secrets"]);
    expect(programs.calls).to.deep.equal([]);
  });

  describe("before up", () => {
    it("removes containers whose names would be taken, and leaves the rest to up", async () => {
      pulumi.states.set("west", stateWith(cluster, [], [CLIENT, CLUSTER, MAP]));
      const deployment = await recoverForUp(pulumi, "west", {}, programs);
      expect(programs.calls).to.deep.equal([
        'docker container inspect --format {{index .Config.Labels "usmesh.owner"}} mypc',
        "docker container rm --force mypc",
      ]);
      expect(deployment.pending_operations).to.have.length(3);
    });

    it("repairs the releases that were being installed, and ends what is pending", async () => {
      cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord(VALUES) });
      pulumi.states.set("west", stateWith(cluster, [], [release()]));
      await recoverForUp(pulumi, "west", {}, programs);
      expect(cluster.objects.size).to.equal(0);
      expect(pulumi.calls).to.deep.equal(["unlock west", "export west secrets", "export west secrets", "export west", "import west"]);
      expect(interruptedCreations(pulumi.states.get("west")!)).to.deep.equal([]);
    });
  });

  it("before up, looks whether what was being deleted in a cluster is gone, and leaves Helm's releases and what is replaced to others", async () => {
    const account: StateResource = { urn: "urn:account", type: "kubernetes:core/v1:ServiceAccount", id: "n/account" };
    const replaced: StateResource = { ...account, urn: "urn:replaced", delete: true };
    cluster.putRevision("istiod", 1, "deployed", { data: helmRecord(VALUES) });
    const deleting = [account, replaced, release(), MAP, NETWORK].map((resource) => ({ type: "deleting", resource }));
    pulumi.states.set("west", { ...stateWith(cluster, [account, replaced, release(), NETWORK], []), pending_operations: deleting });
    await recoverForUp(pulumi, "west", {}, programs);
    expect(pulumi.calls.filter((call) => call.startsWith("refresh"))).to.deep.equal(["refresh west urn:account"]);
  });

  describe("before down", () => {
    it("undoes the commands that were interrupted, with their environment and input, after removing containers", async () => {
      pulumi.states.set("west", stateWith(cluster, [], [NETWORK, CLUSTER, CLIENT]));
      await recoverForDown(pulumi, "west", { PATH: "/bin" }, programs);
      expect(programs.calls.slice(1)).to.deep.equal(["docker container rm --force mypc", "sh -c remove cluster", "sh -c remove network"]);
      expect(programs.options[2]).to.deep.include({ env: { PATH: "/bin", KIND_NAME: "west" }, input: "config" });
    });

    it("records what was created in clusters, so that it is deleted with the rest, and reads the secrets once", async () => {
      cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord(VALUES) });
      pulumi.states.set("west", stateWith(cluster, [], [release()]));
      const deployment = await recoverForDown(pulumi, "west", {}, programs);
      expect(deployment.resources?.at(-1)).to.deep.include({ urn: "urn:istiod", id: "istio-system/istiod" });
      expect(pulumi.imported.get("west")?.resources?.at(-1)).to.deep.include({ urn: "urn:istiod" });
      expect(pulumi.calls).to.deep.equal(["unlock west", "export west secrets", "export west", "import west", "refresh west urn:istiod"]);
      // It is recorded now, so its record in the cluster is still needed: Helm deletes the release with it.
      expect(cluster.objects.size).to.equal(1);
    });

    it("removes releases that do not exist from the state", async () => {
      pulumi.states.set("west", stateWith(cluster, [release()], [CLUSTER]));
      await recoverForDown(pulumi, "west", {}, programs);
      expect(pulumi.calls.at(-1)).to.equal("refresh west urn:istiod");
    });
  });
});

describe("the commands whose creation was interrupted", () => {
  it("are undone as they say themselves, the last one first", () => {
    const pending_operations = [
      { type: "creating", resource: NETWORK },
      { type: "creating", resource: CLUSTER },
      { type: "creating", resource: command({ create: "label nodes" }) },
      { type: "deleting", resource: command({ delete: "remove another" }) },
    ];
    expect(undoCommands({ pending_operations })).to.deep.equal([
      { command: "remove cluster", environment: { KIND_NAME: "west" }, stdin: "config" },
      { command: "remove network", environment: { DOCKER_NETWORK: "usmesh" }, stdin: "" },
    ]);
    expect(undoCommands({})).to.deep.equal([]);
  });

  it("are left to destroy when they are recorded, and undone when their replacement was interrupted", () => {
    const pending_operations = [{ type: "creating", resource: CLUSTER }];
    expect(undoCommands({ resources: [CLUSTER], pending_operations })).to.deep.equal([]);
    expect(undoCommands({ resources: [{ ...CLUSTER, pendingReplacement: true }], pending_operations })).to.have.length(1);
  });
});
