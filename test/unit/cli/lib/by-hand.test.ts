import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { airgapPaths, type AirgapPaths } from "../../../../airgap/builder/paths";
import { byHand, type ByHand } from "../../../../cli/lib/by-hand";
import { meshEnvironment } from "../../../../cli/lib/environment";
import { meshPaths } from "../../../../lib/paths";
import { folderForEach } from "../support/folder";

const TOOLS = ["pulumi", "docker", "kind", "kubectl", "helm", "istioctl"];

describe("the variables for manual work", () => {
  const folder = folderForEach();
  const airgap = (): AirgapPaths => airgapPaths(path.join(folder(), "airgap"));
  const mesh = () => meshPaths(path.join(folder(), "mesh"));
  const make = (inAirgap: boolean, env: NodeJS.ProcessEnv): ByHand =>
    byHand({ variables: meshEnvironment({ airgap: inAirgap, mesh: mesh(), airgapPaths: airgap(), stacks: ["local"], env }), env, airgap: inAirgap ? airgap() : undefined });
  const install = (where: string, ...tools: string[]): void => {
    fs.mkdirSync(where, { recursive: true });
    for (const tool of tools) fs.writeFileSync(path.join(where, tool), "", { mode: 0o755 });
  };

  it("refer to nothing of the air gap before it is built, and say what is missing", () => {
    const { variables, missing } = make(true, { PATH: "/nowhere" });
    expect(variables).not.to.have.any.keys("PATH", "PULUMI_HOME", "USMESH_SETTINGS");
    expect(variables).to.have.property("KUBECONFIG", path.join(mesh().kubeconfigs, "local.yaml"));
    expect(missing).to.have.length(3);
    expect(missing[0]).to.match(/^not built yet: pulumi, kind, kubectl, helm, istioctl, Pulumi's plugins, the air gap's settings\. \.\/mesh up/);
    expect(missing[1]).to.contain("docker").and.to.contain("./mesh up");
    expect(missing[2]).to.contain("no stack is up").and.to.contain("./mesh up");
  });

  it("are complete, with nothing missing, once everything is built and a stack is up", () => {
    install(airgap().bin, ...TOOLS);
    fs.mkdirSync(airgap().pulumiHome);
    fs.writeFileSync(airgap().settings, "");
    install(mesh().kubeconfigs, "local.yaml");
    const { variables, missing } = make(true, { PATH: "/nowhere" });
    expect(missing).to.deep.equal([]);
    expect(variables).to.include({ PATH: `${airgap().bin}:/nowhere`, PULUMI_HOME: airgap().pulumiHome, USMESH_SETTINGS: airgap().settings });
  });

  it("keep the user's own settings, and undo what an earlier eval has set", () => {
    expect(make(true, { USMESH_SETTINGS: "/mine.yaml" }).variables).to.have.property("USMESH_SETTINGS", "/mine.yaml");
    expect(make(true, { USMESH_SETTINGS: airgap().settings }).variables).to.have.property("USMESH_SETTINGS", "");
  });

  it("use programs of the user's own", () => {
    install(path.join(folder(), "own"), "kubectl", "docker");
    const { missing } = make(true, { PATH: path.join(folder(), "own") });
    expect(missing.join("\n")).to.contain("not built yet: pulumi, kind, helm, istioctl").and.not.to.contain("docker");
  });

  it("say where to download what is missing", () => {
    install(path.join(folder(), "own"), "pulumi", "docker", "kind");
    const { missing } = make(false, { PATH: path.join(folder(), "own") });
    expect(missing[0]).to.equal("missing on PATH: kubectl, helm, istioctl");
    expect(missing[1]).to.match(/^Install kubectl: https:/);
  });
});
