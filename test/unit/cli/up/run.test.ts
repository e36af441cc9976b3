import { expect } from "chai";
import { NEEDS } from "../../../../cli/lib/needs";
import type { Session } from "../../../../cli/lib/session";
import type { StackFiles } from "../../../../cli/lib/stacks";
import type { StackModel } from "../../../../cli/up/order";
import { runDown, runUp, upStacks, type Parts } from "../../../../cli/up/run";
import { MeshError } from "../../../../lib/errors";
import { outputsOf } from "../support/outputs";
import { FakePulumi } from "./support/fake-pulumi";
import { stackModel } from "./support/stacks";
import { CLIENT } from "./support/states";

const EXISTING = { driver: "existing", kubeconfig: "/kubeconfig", context: "west" };

describe("the commands up and down", () => {
  let calls: string[];
  let printed: string[];
  let pulumi: FakePulumi;
  let inState: string[] | undefined;
  let model: StackModel;

  beforeEach(() => {
    calls = [];
    printed = [];
    pulumi = new FakePulumi();
    inState = undefined;
    model = stackModel("west", { clusters: { west: {} } });
  });

  const needName = (needs: unknown): string => Object.entries(NEEDS).find(([, value]) => value === needs)?.[0] ?? "";
  const parts = (): Parts => {
    const files = {
      require: (names: readonly string[]) => {
        if (names.includes("unknown")) throw new MeshError("stack-unknown", 'there is no stack "unknown"');
      },
      names: () => ["east", "west"],
    } as unknown as StackFiles;
    const session = { stacks: files } as unknown as Session;
    return {
      stackFiles: () => files,
      openSession: async (names = []) => (calls.push(`open session ${names.join()}`), session),
      stacksInState: () => inState,
      setUp: async (_session, needs) => void calls.push(`set up ${needName(needs)}`),
      pulumiOf: (_session, quiet) => (calls.push(`pulumi${quiet ? " quiet" : ""}`), pulumi),
      readStacks: (_session, names) => (calls.push(`read ${names.join()}`), [model]),
      initStacks: async () => void calls.push("init"),
      keepChoice: (_session, names) => void calls.push(`keep choice ${names.join()}`),
      bringUp: async () => (calls.push("bring up"), [{ ...model, outputs: outputsOf(["west"], []) }]),
      usesEngine: async () => (pulumi.states.get("west")?.resources ?? []).length > 0,
      guardDown: async (_pulumi, names, { yes, forget }) => (calls.push(`guard ${names.join()}${yes ? " yes" : ""}${forget ? " forget" : ""}`), names.map((stack) => ({ stack, roots: [], unreachable: [] }))),
      takeDown: async (_session, _pulumi, stacks) => void calls.push(`take down ${stacks.map(({ stack }) => stack).join()}`),
      stopEngine: async () => (calls.push("stop engine"), true),
      say: (line) => void calls.push(`say ${line}`),
      print: (text) => void printed.push(text),
    };
  };

  describe("up", () => {
    it("reads the settings before anything is set up, and prints the addresses in the end", async () => {
      await runUp(["west"], {}, parts());
      expect(calls).to.deep.equal(["open session west", "read west", "set up upInDocker", "pulumi", "init", "keep choice west", "bring up"]);
      expect(printed.join()).to.contain("ingress.west");
    });

    it("sets nothing up when a stack has no file", async () => {
      expect(await runUp(["unknown"], {}, parts()).catch((error: Error) => error.message)).to.contain("unknown");
      expect(calls).to.deep.equal([]);
    });

    it("does without Docker when there is neither a kind cluster nor the client", async () => {
      model = stackModel("west", { clusters: { west: EXISTING }, client: { enabled: false } });
      await runUp(["west"], {}, parts());
      expect(calls).to.include("set up up");
    });

    it("needs Prometheus and Jaeger where a stack asks for them and its nodes get them from the engine", async () => {
      const asks = (images: object, clusters: object = { west: {} }): StackModel => stackModel("west", { clusters, client: { enabled: false }, observability: { enabled: true, images } });
      for (const [asked, needs] of [
        [asks({ load: true }), "upObserved"],
        [asks({}), "upInDocker"],
        [asks({ load: true }, { west: EXISTING }), "up"],
      ] as const) {
        model = asked;
        await runUp(["west"], {}, parts());
        expect(calls).to.include(`set up ${needs}`);
        calls = [];
      }
    });

    it("needs Docker for a kind cluster without the client", async () => {
      model = stackModel("west", { clusters: { west: {} }, client: { enabled: false } });
      await runUp(["west"], {}, parts());
      expect(calls).to.include("set up upInDocker");
    });

    it("with --preview only previews", async () => {
      await runUp(["west"], { preview: true }, parts());
      expect(calls).to.deep.equal(["open session west", "read west", "set up preview", "pulumi", "init"]);
      expect(pulumi.calls).to.deep.equal(["preview west"]);
      expect(printed).to.deep.equal([]);
    });

    it("gives a program the report, and prints nothing", async () => {
      const environments: (NodeJS.ProcessEnv | undefined)[] = [];
      const { openSession } = parts();
      const env = { MESH_HOME: "/home" };
      const report = await upStacks(["west"], env, { ...parts(), openSession: (names, given) => (environments.push(given), openSession(names)) });
      expect(report.stacks.map(({ stack }) => stack)).to.deep.equal(["west"]);
      expect(environments).to.deep.equal([env]);
      expect(calls).to.include("pulumi quiet");
      expect(printed).to.deep.equal([]);
    });

    it("with --json prints JSON alone, and keeps Pulumi off standard output", async () => {
      await runUp(["west"], { json: true }, parts());
      expect(calls).to.include("pulumi quiet");
      expect(JSON.parse(printed.join(""))).to.have.nested.property("stacks[0].stack", "west");
    });
  });

  describe("down", () => {
    it("sets nothing up when the state has none of the stacks", async () => {
      inState = ["east"];
      await runDown(["west"], {}, parts());
      expect(calls).to.deep.equal(["say there is nothing to remove in west; stacks that exist: east; see docs/troubleshooting.md#nothing-to-remove"]);
    });

    it("removes those stacks that exist, each once", async () => {
      pulumi.states.set("west", {});
      await runDown(["west", "east", "west"], {}, parts());
      expect(calls).to.deep.equal(["open session west,east,west", "set up state", "pulumi", "guard west", "set up down", "take down west"]);
    });

    it("passes on what the user has said beforehand", async () => {
      pulumi.states.set("west", {});
      await runDown(["west"], { yes: true, forget: true }, parts());
      expect(calls).to.include("guard west yes forget");
    });

    it("sets nothing up and removes nothing when it is refused", async () => {
      pulumi.states.set("west", {});
      const refusing = { ...parts(), guardDown: () => Promise.reject(new MeshError("down-roots", "refused")) };
      expect(await runDown(["west"], { engine: true }, refusing).catch((error: Error) => error.message)).to.equal("refused");
      expect(calls.at(-1)).to.equal("pulumi");
    });

    it("needs the Docker engine when a stack has something there", async () => {
      inState = ["west"];
      pulumi.states.set("west", { resources: [CLIENT] });
      await runDown(["west"], {}, parts());
      expect(calls).to.include("set up downInDocker");
    });

    it("says that there is nothing to remove when only Pulumi knows", async () => {
      await runDown(["west"], {}, parts());
      expect(calls).to.deep.equal(["open session west", "set up state", "pulumi", "say there is nothing to remove in west; see docs/troubleshooting.md#nothing-to-remove"]);
    });

    it("stops the engine only with --engine, and also when there was nothing to remove", async () => {
      inState = [];
      await runDown(["west"], { engine: true }, parts());
      expect(calls).to.deep.equal(["say there is nothing to remove in west; see docs/troubleshooting.md#nothing-to-remove", "stop engine", "say stopped the Docker engine"]);
    });

    it("does not stop an engine that ./mesh did not start, and says so", async () => {
      inState = [];
      await runDown(["west"], { engine: true }, { ...parts(), stopEngine: async () => false });
      expect(calls.at(-1)).to.equal("say the Docker engine is not one that ./mesh started");
    });

    it("leaves the engine running when something could not be removed", async () => {
      pulumi.states.set("west", {});
      const failing = { ...parts(), takeDown: () => Promise.reject(new MeshError("not-everything-gone", "something is left")) };
      expect(await runDown(["west"], { engine: true }, failing).catch((error: Error) => error.message)).to.equal("something is left");
      expect(calls).not.to.include("stop engine");
    });
  });
});
