import { expect } from "chai";
import { halfMadeContainers, recordedContainers, recordedNodes, unrecordedContainers } from "../../../../cli/up/containers";
import { orphans, type ProcessFacts } from "../../../../cli/up/orphans";
import { cutOffCommands } from "../../../../cli/up/recover";

describe("after a run that was killed", () => {
  const host: ProcessFacts = { pid: 7, parent: 1, name: "pulumi-language", parentName: "systemd", args: ["pulumi-language-nodejs"], env: ["A=1", "PULUMI_BACKEND_URL=file:///s"] };

  it("the language hosts and the programs that it left are found, and no others", () => {
    const program: ProcessFacts = { ...host, name: "node", args: ["node", "/x/node_modules/@pulumi/pulumi/cmd/run/index.js"] };
    const all: ProcessFacts[] = [
      host,
      { ...host, pid: 8, parentName: "pulumi" },
      { ...host, pid: 9, env: ["PULUMI_BACKEND_URL=file:///other"] },
      { ...host, pid: 10, name: "bash", args: ["bash"] },
      { ...program, pid: 11, parent: 7, parentName: "pulumi-language" },
      { ...program, pid: 12, parent: 8, parentName: "pulumi-language" },
      { ...program, pid: 13, parent: 1, parentName: "systemd" },
      { ...program, pid: 14, parent: 1, parentName: "systemd", env: [] },
      // Only the first 15 characters of a name are known.
      { ...host, pid: 15, name: "pulumi-resource", args: ["pulumi-resource-kubernetes"] },
      { ...host, pid: 16, name: "pulumi-resource", args: ["pulumi-resource-kubernetes"], parentName: "pulumi" },
    ];
    expect(orphans(all, "file:///s")).to.deep.equal([7, 15, 11, 13]);
  });

  it("the containers are known whose creation was cut off, if they say whose they are", () => {
    const labels = [{ label: "usmesh.owner", value: "organization/usmesh/local" }];
    const container = (inputs: Record<string, unknown>): { urn: string; type: string; inputs: Record<string, unknown> } => ({ urn: "u", type: "docker:index/container:Container", inputs });
    const pending_operations = [
      { type: "creating", resource: container({ name: "mypc", labels }) },
      { type: "creating", resource: container({ name: "foreign" }) },
      { type: "deleting", resource: container({ name: "going", labels }) },
      { type: "creating", resource: { urn: "u", type: "kubernetes:core/v1:Secret", inputs: { name: "s", labels } } },
    ];
    expect(unrecordedContainers({ pending_operations })).to.deep.equal([{ name: "mypc", owner: "organization/usmesh/local" }]);
    expect(unrecordedContainers({})).to.deep.equal([]);
  });

  it("the containers that are recorded are known by name, whatever else the state holds", () => {
    const resources = [
      { urn: "one", type: "docker:index/container:Container", inputs: { name: "mypc" } },
      { urn: "two", type: "kubernetes:core/v1:Secret", inputs: { name: "mypc" } },
    ];
    expect(recordedContainers({ resources })).to.deep.equal([{ urn: "one", name: "mypc" }]);
    expect(recordedContainers({})).to.deep.equal([]);
  });

  it("the containers that did not come up are known, so that they are created again", () => {
    const inputs = { name: "mypc", labels: [{ label: "usmesh.owner", value: "organization/usmesh/local" }] };
    const container = { urn: "one", type: "docker:index/container:Container", inputs };
    const resources = [container, { ...container, initErrors: ["no such network"] }];
    expect(halfMadeContainers({ resources })).to.deep.equal([{ name: "mypc", owner: "organization/usmesh/local" }]);
    expect(halfMadeContainers({ resources: [container] })).to.deep.equal([]);
  });

  it("the nodes of kind clusters that are recorded are known by name, once each", () => {
    const node = { KIND_NAME: "west", KIND_NODE: "west-control-plane" };
    const command = (environment: Record<string, string>) => ({ urn: "u", type: "command:local:Command", inputs: { environment } });
    const resources = [command({ ...node, INCARNATION: "1" }), command({ ...node, REGION: "westus" }), command({ DOCKER_NETWORK: "usmesh" })];
    expect(recordedNodes({ resources })).to.deep.equal(["west-control-plane"]);
    expect(recordedNodes({})).to.deep.equal([]);
  });

  it("the commands whose creation was cut off are undone as they say themselves, the last one first", () => {
    const command = (inputs: Record<string, unknown>) => ({ urn: "u", type: "command:local:Command", inputs });
    const network = command({ create: "make network", delete: "remove network", environment: { DOCKER_NETWORK: "usmesh" } });
    const cluster = command({ create: "make cluster", delete: "remove cluster", environment: { KIND_NAME: "west", SECRET: { ciphertext: "c" } }, stdin: "config" });
    const pending_operations = [
      { type: "creating", resource: network },
      { type: "creating", resource: cluster },
      { type: "creating", resource: command({ create: "label nodes" }) },
      { type: "deleting", resource: cluster },
    ];
    expect(cutOffCommands({ pending_operations })).to.deep.equal([
      { command: "remove cluster", environment: { KIND_NAME: "west" }, stdin: "config" },
      { command: "remove network", environment: { DOCKER_NETWORK: "usmesh" }, stdin: "" },
    ]);
    expect(cutOffCommands({})).to.deep.equal([]);
  });
});
