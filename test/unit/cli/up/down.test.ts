import { expect } from "chai";
import * as fs from "node:fs";
import { kubeconfigFile } from "../../../../cli/lib/environment";
import { nothingToRemove, takeDown, usesEngine } from "../../../../cli/up/down";
import { writeKubeconfig } from "../../../../cli/up/kubeconfig";
import { EXIT } from "../../../../lib/errors";
import { meshPaths, type MeshPaths } from "../../../../lib/paths";
import { FakeApiServer } from "../../support/fake-api-server";
import { folderForEach } from "../support/folder";
import { outputsOf } from "../support/outputs";
import { FakePulumi } from "./support/fake-pulumi";
import { CLIENT, MAP, stateWith } from "./support/states";

describe("removing stacks", () => {
  const folder = folderForEach();
  const session = (): { env: NodeJS.ProcessEnv; mesh: MeshPaths } => ({ env: {}, mesh: meshPaths(folder()) });
  let pulumi: FakePulumi;
  beforeEach(() => (pulumi = new FakePulumi()));

  it("destroys and removes them, the one named last first, and looks whether everything is gone", async () => {
    for (const stack of ["west", "east"]) pulumi.states.set(stack, { resources: [MAP] });
    await takeDown(session(), pulumi, ["west", "east"]);
    const calls = (stack: string): string[] => [`unlock ${stack}`, `export ${stack} secrets`, `destroy ${stack}`, `export ${stack}`, `remove ${stack}`];
    expect(pulumi.calls).to.deep.equal([...calls("east"), ...calls("west")]);
  });

  it("removes their kubeconfigs", async () => {
    writeKubeconfig(session().mesh, "west", outputsOf(["west"], []));
    await takeDown(session(), pulumi, ["west"]);
    expect(fs.existsSync(kubeconfigFile(session().mesh, "west"))).to.equal(false);
  });

  it("fails when something is left, naming it, and keeps the stack and its kubeconfig", async () => {
    writeKubeconfig(session().mesh, "west", outputsOf(["west"], []));
    pulumi.afterDestroy = () => ({ resources: [CLIENT, MAP] });
    const failure = await takeDown(session(), pulumi, ["west"]).catch((error: unknown) => error);
    expect(failure).to.include({ message: "stack west still has 2 resources after destroy, the first one urn:mypc", exitCode: EXIT.failed });
    expect(pulumi.calls).not.to.include("remove west");
    expect(fs.existsSync(kubeconfigFile(session().mesh, "west"))).to.equal(true);
  });

  it("does not go on to the next stack when something is left", async () => {
    pulumi.afterDestroy = () => ({ resources: [CLIENT] });
    await takeDown(session(), pulumi, ["west", "east"]).catch(() => undefined);
    expect(pulumi.calls.filter((call) => call.includes("west"))).to.deep.equal([]);
  });

  it("refreshes first when an API server does not answer, and not otherwise", async () => {
    const cluster = await FakeApiServer.start();
    try {
      pulumi.states.set("west", stateWith(cluster, []));
      await takeDown(session(), pulumi, ["west"]);
      expect(pulumi.calls).to.include("destroy west");
      pulumi.states.set("west", stateWith(cluster, []));
    } finally {
      cluster.stop();
    }
    await takeDown(session(), pulumi, ["west"]);
    expect(pulumi.calls).to.include("destroy west refresh");
  });
});

describe("whether removing stacks needs the Docker engine", () => {
  const uses = (...states: Parameters<FakePulumi["states"]["set"]>[1][]): Promise<boolean> => {
    const pulumi = new FakePulumi();
    states.forEach((state, index) => pulumi.states.set(String(index), state));
    return usesEngine(pulumi, states.map((_state, index) => String(index)));
  };
  const command = { urn: "u", type: "command:local:Command" };

  it("depends on whether any has something in Docker", async () => {
    expect(await uses({ resources: [MAP] }, { resources: [CLIENT] })).to.equal(true);
    expect(await uses({ resources: [command] })).to.equal(true);
    expect(await uses({ resources: [MAP] }, {})).to.equal(false);
  });

  it("depends on what an interrupted run was creating, too", async () => {
    expect(await uses({ pending_operations: [{ type: "creating", resource: CLIENT }] })).to.equal(true);
  });
});

describe("the message for stacks that do not exist", () => {
  it("names them, and those that exist and have a file", () => {
    expect(nothingToRemove(["west", "east"], ["local", "old"], ["local", "west"])).to.match(/^there is nothing to remove in west, east; stacks that exist: local; see /);
    expect(nothingToRemove(["west"], [], ["west"])).to.match(/^there is nothing to remove in west; see /);
  });
});
