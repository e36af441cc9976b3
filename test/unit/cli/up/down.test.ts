import { expect } from "chai";
import * as fs from "node:fs";
import { kubeconfigFile } from "../../../../cli/lib/environment";
import { backendUrl } from "../../../../cli/lib/backend";
import { ChoiceRecord } from "../../../../cli/lib/choice-record";
import type { StackToRemove } from "../../../../cli/up/down-guard";
import { nothingToRemove, takeDown, usesEngine } from "../../../../cli/up/down";
import { writeKubeconfig } from "../../../../cli/up/kubeconfig";
import { EXIT } from "../../../../lib/errors";
import { meshPaths, type MeshPaths } from "../../../../lib/paths";
import { folderForEach } from "../support/folder";
import { outputsOf } from "../support/outputs";
import { FakePulumi } from "./support/fake-pulumi";
import { CLIENT, MAP, ROOT } from "./support/states";

describe("removing stacks", () => {
  const folder = folderForEach();
  const session = (): { env: NodeJS.ProcessEnv; mesh: MeshPaths } => ({ env: {}, mesh: meshPaths(folder()) });
  let pulumi: FakePulumi;
  beforeEach(() => (pulumi = new FakePulumi()));

  const toRemove = (...stacks: string[]): StackToRemove[] => stacks.map((stack) => ({ stack, roots: [], unreachable: [] }));

  it("destroys and removes them in the order given, and looks whether everything is gone", async () => {
    for (const stack of ["west", "east"]) pulumi.states.set(stack, { resources: [MAP] });
    await takeDown(session(), pulumi, toRemove("east", "west"));
    const calls = (stack: string): string[] => [`unlock ${stack}`, `export ${stack} secrets`, `destroy ${stack}`, `export ${stack}`, `remove ${stack}`];
    expect(pulumi.calls).to.deep.equal([...calls("east"), ...calls("west")]);
  });

  it("removes their kubeconfigs", async () => {
    writeKubeconfig(session().mesh, "west", outputsOf(["west"], []).kubeconfigs);
    await takeDown(session(), pulumi, toRemove("west"));
    expect(fs.existsSync(kubeconfigFile(session().mesh, "west"))).to.equal(false);
  });

  it("fails when something is left, naming it, and keeps the stack and its kubeconfig", async () => {
    writeKubeconfig(session().mesh, "west", outputsOf(["west"], []).kubeconfigs);
    pulumi.afterDestroy = () => ({ resources: [CLIENT, MAP] });
    const failure = await takeDown(session(), pulumi, toRemove("west")).catch((error: unknown) => error);
    expect(failure).to.include({ message: "stack west still has 2 resources after destroy, the first one urn:mypc", exitCode: EXIT.failed });
    expect(pulumi.calls).not.to.include("remove west");
    expect(fs.existsSync(kubeconfigFile(session().mesh, "west"))).to.equal(true);
  });

  it("does not continue with the next stack when something is left", async () => {
    pulumi.afterDestroy = () => ({ resources: [CLIENT] });
    await takeDown(session(), pulumi, toRemove("east", "west")).catch(() => undefined);
    expect(pulumi.calls.filter((call) => call.includes("west"))).to.deep.equal([]);
  });

  it("forgets what is in a cluster that does not answer only when it was found before, and that is wanted", async () => {
    await takeDown(session(), pulumi, [{ stack: "west", roots: [], unreachable: [{ server: "https://west:6443", reason: "no answer" }] }]);
    expect(pulumi.calls).to.include("destroy west forget");
  });

  it("lets the engine delete the roots, and nothing else that is protected", async () => {
    pulumi.states.set("west", { resources: [ROOT, { ...MAP, protect: true }] });
    await takeDown(session(), pulumi, toRemove("west"));
    expect(pulumi.calls.slice(2, 4)).to.deep.equal(["unprotect west trust-root-1", "destroy west"]);
  });

  it("forgets what the stack was brought up with", async () => {
    const { mesh } = session();
    const record = new ChoiceRecord(mesh.choices, backendUrl(mesh, {}));
    record.keep(["west", "east"], true);
    await takeDown(session(), pulumi, toRemove("west"));
    expect(record.of()?.stacks).to.deep.equal(["east"]);
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
