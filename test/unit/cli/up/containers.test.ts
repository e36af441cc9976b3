import { expect } from "chai";
import { failedContainers, recordedContainers, recordedNodes, removeContainer, reviveContainers, unrecordedContainers } from "../../../../cli/up/containers";
import type { Deployment, StateResource } from "../../../../cli/lib/state";
import type { Finished } from "../../../../lib/process";
import { FakePulumi } from "./support/fake-pulumi";
import { FakeRunner } from "./support/fake-runner";
import { CLIENT } from "./support/states";

const OWNER = "organization/usmesh/local";
const NODE: StateResource = { urn: "urn:west", type: "command:local:Command", inputs: { environment: { KIND_NAME: "west", KIND_NODE: "west-control-plane", INCARNATION: "1" } } };
const MISSING = { code: 1, stderr: "Error response from daemon: No such container: mypc" };

describe("the containers of a stack before up", () => {
  /** Revives the containers with a Docker that answers so to `inspect`. */
  async function revive(deployment: Deployment, inspect: Partial<Finished>, others: Partial<Finished> = {}): Promise<{ pulumi: string[]; docker: string[] }> {
    const [pulumi, docker] = [new FakePulumi(), new FakeRunner((line) => (line.includes(" inspect ") ? inspect : others))];
    await reviveContainers(pulumi, "local", deployment, {}, docker, 0);
    return { pulumi: pulumi.calls, docker: docker.calls.filter((line) => !line.includes(" inspect ")) };
  }

  it("are refreshed when they no longer exist, so that Pulumi recreates them", async () => {
    expect(await revive({ resources: [CLIENT] }, MISSING)).to.deep.equal({ pulumi: ["refresh local urn:mypc"], docker: [] });
  });

  it("are started when they are stopped", async () => {
    expect(await revive({ resources: [CLIENT] }, { stdout: "false\n" })).to.deep.equal({ pulumi: [], docker: ["docker container start mypc"] });
  });

  it("are left alone when they run, and when Docker does not answer", async () => {
    expect(await revive({ resources: [CLIENT, NODE] }, { stdout: "true\n" })).to.deep.equal({ pulumi: [], docker: [] });
    expect(await revive({ resources: [CLIENT, NODE] }, { code: 1, stderr: "Cannot connect to the Docker daemon" })).to.deep.equal({ pulumi: [], docker: [] });
  });

  it("are removed when they did not start, so that Pulumi recreates them", async () => {
    const failed = { ...CLIENT, initErrors: ["no such network"] };
    expect((await revive({ resources: [failed] }, { stdout: OWNER })).docker).to.include("docker container rm --force mypc");
  });

  it("that are nodes of kind clusters are started, and their API server is awaited", async () => {
    const { pulumi, docker } = await revive({ resources: [NODE] }, { stdout: "false\n" });
    expect(pulumi).to.deep.equal([]);
    expect(docker[0]).to.equal("docker container start west-control-plane");
    expect(docker[1]).to.match(/^docker exec west-control-plane kubectl .* get --raw \/readyz$/);
  });

  it("that are workers of kind clusters are started after the control plane", async () => {
    const node = { ...NODE, inputs: { environment: { ...(NODE.inputs?.["environment"] as object), KIND_WORKERS: "west-worker west-worker2" } } };
    const { docker } = await revive({ resources: [node] }, { stdout: "false\n" });
    expect(docker.filter((line) => line.includes("container start"))).to.deep.equal(["west-control-plane", "west-worker", "west-worker2"].map((name) => `docker container start ${name}`));
  });

  it("that are nodes end the run when their API server does not answer in time", async () => {
    const docker = new FakeRunner((line) => (line.includes(" inspect ") ? { stdout: "false" } : line.includes(" exec ") ? { code: 1 } : undefined));
    const failure = await reviveContainers(new FakePulumi(), "local", { resources: [NODE] }, {}, docker, 0).catch((error: unknown) => error);
    expect(failure).to.have.property("message").that.matches(/^west-control-plane was started, but its API server does not answer/);
    expect(failure).to.have.property("hint").that.contains("docker rm --force west-control-plane");
  });

  it("that are nodes and no longer exist are left to the program", async () => {
    expect(await revive({ resources: [NODE] }, MISSING)).to.deep.equal({ pulumi: [], docker: [] });
  });
});

describe("removing a container", () => {
  const remove = async (inspect: Partial<Finished>): Promise<string[]> => {
    const docker = new FakeRunner((line) => (line.includes(" inspect ") ? inspect : undefined));
    await removeContainer({ name: "mypc", owner: OWNER }, {}, docker);
    return docker.calls.slice(1);
  };

  it("is done when its label names the stack", async () => {
    expect(await remove({ stdout: `${OWNER}\n` })).to.deep.equal(["docker container rm --force mypc"]);
  });

  it("is not done when it is somebody else's, or does not exist", async () => {
    expect(await remove({ stdout: "organization/usmesh/other\n" })).to.deep.equal([]);
    expect(await remove({ stdout: "<no value>\n" })).to.deep.equal([]);
    expect(await remove({ ...MISSING, stdout: OWNER })).to.deep.equal([]);
  });
});

describe("the containers in a state", () => {
  it("that are recorded are known by name, whatever else the state has", () => {
    const secret = { urn: "two", type: "kubernetes:core/v1:Secret", inputs: { name: "mypc" } };
    expect(recordedContainers({ resources: [CLIENT, secret] })).to.deep.equal([{ urn: "urn:mypc", name: "mypc" }]);
    expect(recordedContainers({})).to.deep.equal([]);
  });

  it("whose creation was interrupted are known, if they say whose they are", () => {
    const pending_operations = [
      { type: "creating", resource: CLIENT },
      { type: "creating", resource: { ...CLIENT, urn: "urn:foreign", inputs: { name: "foreign" } } },
      { type: "deleting", resource: { ...CLIENT, urn: "urn:going" } },
      { type: "creating", resource: { ...CLIENT, type: "kubernetes:core/v1:Secret" } },
    ];
    expect(unrecordedContainers({ pending_operations })).to.deep.equal([{ name: "mypc", owner: OWNER }]);
    expect(unrecordedContainers({})).to.deep.equal([]);
  });

  it("whose creation a later run completed are not counted as interrupted", () => {
    const pending_operations = [{ type: "creating", resource: CLIENT }];
    expect(unrecordedContainers({ resources: [CLIENT], pending_operations })).to.deep.equal([]);
  });

  it("that did not start are known", () => {
    expect(failedContainers({ resources: [CLIENT, { ...CLIENT, initErrors: ["no such network"] }] })).to.deep.equal([{ name: "mypc", owner: OWNER }]);
    expect(failedContainers({ resources: [CLIENT] })).to.deep.equal([]);
  });

  it("that are nodes of kind clusters are known by name, once each", () => {
    const command = (environment: Record<string, string>): StateResource => ({ ...NODE, inputs: { environment } });
    const labels = command({ KIND_NAME: "west", KIND_NODE: "west-control-plane", REGION: "westus" });
    expect(recordedNodes({ resources: [NODE, labels, command({ DOCKER_NETWORK: "usmesh" })] })).to.deep.equal(["west-control-plane"]);
    expect(recordedNodes({})).to.deep.equal([]);
  });
});
