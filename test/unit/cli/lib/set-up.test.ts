import { expect } from "chai";
import { NEEDS } from "../../../../cli/lib/needs";
import { setUp } from "../../../../cli/lib/set-up";
import { requireTools } from "../../../../cli/lib/tools";
import { EXIT } from "../../../../lib/errors";
import { meshPaths } from "../../../../lib/paths";

type Parts = NonNullable<Parameters<typeof setUp>[2]>;

describe("setting up what a command needs", () => {
  /** What is done, in order, when so much is built already. */
  async function done(airgap: boolean, needs: (typeof NEEDS)[keyof typeof NEEDS], incomplete = true, extra: Partial<Parts> = {}): Promise<string[]> {
    const calls: string[] = [];
    const parts = {
      requireTools: (tools: readonly string[]) => void calls.push(`require ${tools.join()}`),
      requireBuildable: async () => (calls.push("look"), incomplete),
      ensureInotifyLimits: () => void calls.push("limits"),
      ensureEngine: async () => void calls.push("engine"),
      ensureBuilt: async ({ only = [] }: { only?: readonly string[] }) => void calls.push(`build ${only.join()}`),
      ...extra,
    } as unknown as Parts;
    await setUp({ choice: { airgap, why: "the test says so" }, mesh: meshPaths("/m"), env: { PATH: "/nowhere" } }, needs, parts);
    return calls;
  }

  it("with official downloads is looking for the programs", async () => {
    expect(await done(false, NEEDS.state)).to.deep.equal(["require pulumi"]);
  });

  it("with official downloads names the programs that are missing, and does nothing else", async () => {
    const failure = await done(false, NEEDS.upInDocker, true, { requireTools }).catch((error: unknown) => error);
    expect(failure).to.include({ message: "missing on PATH: pulumi, kind", exitCode: EXIT.unusable });
    expect(failure).to.have.property("hint").that.contains("Install kind: https://");
  });

  it("in the air gap is building what is missing", async () => {
    expect(await done(true, NEEDS.state)).to.deep.equal(["look", "build pulumi"]);
  });

  it("in the air gap is nothing when everything is built", async () => {
    expect(await done(true, NEEDS.state, false)).to.deep.equal(["look"]);
  });

  it("starts the engine before anything is built, and after what cannot be built is refused", async () => {
    expect((await done(true, NEEDS.downInDocker)).map((call) => call.split(" ")[0])).to.deep.equal(["look", "limits", "engine", "build"]);
  });
});
