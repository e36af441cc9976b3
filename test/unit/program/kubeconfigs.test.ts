import { expect } from "chai";
import { readKubeconfigs } from "../../../program/kubeconfigs";
import { parseSettings } from "../../../settings/config";
import { resource } from "../components/support/queries";
import { redacted } from "../components/support/secrets";
import { run, runPiece } from "../components/support/world";

const STACK = "organization/eks/prod";
const kubeconfig = (name: string, server = `https://${name}:6443`, user: object = { token: "canary" }) => ({
  clusters: [{ name, cluster: { server } }],
  users: [{ name, user }],
  contexts: [{ name, context: { cluster: name, user: name } }],
  "current-context": name,
});

describe("the kubeconfigs of existing clusters", () => {
  const read = async (clusters: object, outputs: Record<string, unknown> | undefined, secrets: Record<string, unknown> = {}): Promise<Record<string, string> | string> => {
    const model = parseSettings({ clusters, kubeconfigs: secrets }, { stack: "local" });
    let found: Promise<Record<string, string> | string> | undefined;
    await runPiece(() => (found = readKubeconfigs(model, secrets).catch((error: Error) => error.message)), { stacks: { [STACK]: outputs } });
    return found!;
  };
  const from = (settings: object) => ({ driver: "existing", ...settings });

  it("come from another stack's output, as text or as an object, and from a secret setting", async () => {
    const clusters = { west: from({ stack: STACK }), east: from({ stack: STACK, output: "east" }), north: from({}) };
    const all = await read(clusters, { kubeconfig: kubeconfig("west"), east: JSON.stringify(kubeconfig("east")) }, { north: JSON.stringify(kubeconfig("north")) });
    expect(Object.entries(all).map(([key, text]) => [key, /server: (\S+)/.exec(text)?.[1]])).to.deep.equal(["west", "east", "north"].map((key) => [key, `https://${key}:6443`]).sort());
  });

  for (const [what, outputs, message] of [
    ["there is no such stack", undefined, `usmesh:clusters.west.stack: the backend has no stack "${STACK}"; name it in full, organization/project/stack, and bring it up first`],
    ["the stack is not up", {}, `usmesh:clusters.west.output: stack ${STACK} has no output "kubeconfig"; it has none: bring it up first, pulumi up -s ${STACK}`],
    ["the stack has no such output", { vpc: "canary", kubeConfig: "canary" }, `usmesh:clusters.west.output: stack ${STACK} has no output "kubeconfig"; it has: kubeConfig, vpc`],
    ["the output is not a kubeconfig", { kubeconfig: "canary" }, `usmesh:clusters.west.output: the output kubeconfig of stack ${STACK} is not a kubeconfig: it has no clusters, users and contexts; it must be a kubeconfig, as text or as an object`],
  ] as const) {
    it(`cannot come from a stack when ${what}`, async () => {
      expect(await read({ west: from({ stack: STACK }) }, outputs)).to.equal(message);
    });
  }

  it("are used by the whole program, and shown nowhere", async function () {
    this.timeout(60_000);
    const settings = { clusters: { west: from({ stack: STACK }) }, trust: {}, peers: [], demo: false, demoClusters: {}, client: { enabled: false } };
    const world = await run("local", { settings, stacks: { [STACK]: { kubeconfig: kubeconfig("west", "https://127.0.0.1:1") } } });
    expect(redacted(resource(world, "west-provider").inputs)).to.include({ kubeconfig: "[secret]" });
    expect(JSON.stringify(redacted(world.resources))).not.to.contain("canary");
  });

  it("end the run before anything is written when the program of one gives no login", async function () {
    this.timeout(60_000);
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "/nowhere/aws" } };
    const settings = { clusters: { west: from({ stack: STACK }) }, trust: {}, peers: [], demo: false, demoClusters: {}, client: { enabled: false } };
    const failure = await run("local", { settings, stacks: { [STACK]: { kubeconfig: kubeconfig("west", "https://127.0.0.1:1", user) } } }).catch((error: Error) => error);
    expect(failure).to.be.an("error").with.property("message").that.matches(/usmesh:clusters\.west: the program \/nowhere\/aws of the kubeconfig gave no login \(.*ENOENT.*nothing was changed/);
  });
});
