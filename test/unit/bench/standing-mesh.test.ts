import { expect } from "chai";
import type { BenchContext } from "../../../bench/case";
import type { BenchMesh } from "../../../bench/lib/bench-mesh";
import { removeStandingMesh, standingMesh } from "../../../bench/standing-mesh";

/** A mesh whose `up` ends with a code; `log` has what was done to it. */
function pretend(code: number) {
  const log: string[] = [];
  const mesh = {
    mesh: async (...args: string[]) => {
      log.push(args.join(" "));
      return { code, stdout: "", stderr: code === 0 ? "" : "no node", seconds: 1 };
    },
    remove: async () => void log.push("remove"),
  } as unknown as BenchMesh;
  const open = async (): Promise<BenchMesh> => {
    log.push("open");
    return mesh;
  };
  return { log, open, mesh };
}

const context = (): BenchContext => ({ runs: 1, signal: new AbortController().signal, say: () => undefined, folder: "/none" });

describe("the mesh that cases share", () => {
  it("is brought up once in a run, at the first demand, and removed once in the end", async () => {
    const { log, open, mesh } = pretend(0);
    const run = context();
    const [first, second] = await Promise.all([standingMesh(run, open), standingMesh(run, open)]);
    expect(first).to.equal(mesh).and.equal(second);
    await removeStandingMesh(run);
    await removeStandingMesh(run);
    expect(log).to.deep.equal(["open", "up local", "remove"]);
  });

  it("is another one in another run", async () => {
    const { log, open } = pretend(0);
    await Promise.all([standingMesh(context(), open), standingMesh(context(), open)]);
    expect(log).to.have.members(["open", "open", "up local", "up local"]);
  });

  it("is removed also when it did not come up, which each case that asks for it hears", async () => {
    const { log, open } = pretend(1);
    const run = context();
    for (let times = 0; times < 2; times += 1) {
      expect(await standingMesh(run, open).catch((error: Error) => error.message)).to.equal("./mesh up local ended with 1:\nno node");
    }
    await removeStandingMesh(run);
    expect(log).to.deep.equal(["open", "up local", "remove"]);
  });
});
