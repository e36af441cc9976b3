import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import type { Executed } from "../../../../bench/lib/execute";
import { NORTH_SETTINGS } from "../../../../bench/traffic/join";
import { Joining, type JoiningParts } from "../../../../bench/traffic/joining";
import type { MeshOutputs } from "../../../../outputs/contract";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-joining-"));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A command in few words. */
function brief(command: string, args: readonly string[]): string {
  const text = args.join(" ");
  const kubeconfig = /--kubeconfig (\S+)/.exec(text)?.[1];
  if (kubeconfig !== undefined) return `scale ${kubeconfig} ${/--replicas (\d)/.exec(text)?.[1]}`;
  const address = /http:\/\/(\S+)\//.exec(text)?.[1];
  if (address !== undefined) return `${text.includes("NORTH") ? "await north" : "await silence"} at ${address}`;
  if (/ (rm -f|touch) \/tmp/.test(text)) return /rm -f|touch/.exec(text)?.[0] ?? "";
  return `${path.basename(command)} ${text}`;
}

/** A mesh whose commands end at once; those that `codes` names with another code than 0. */
function site(codes: Readonly<Record<string, number>> = {}): { joining: Joining; ran: string[]; settings: unknown[] } {
  const [ran, settings]: [string[], unknown[]] = [[], []];
  const ended = (what: string): Executed => {
    ran.push(what);
    return { code: codes[what] ?? 0, stdout: "", stderr: "it broke", seconds: 50 };
  };
  const execute: JoiningParts["execute"] = async (command, args, { env }) => {
    const files = (env["USMESH_SETTINGS"] ?? "").split(path.delimiter);
    if (args[0] === "up") settings.push(files.slice(0, -1), parse(fs.readFileSync(files.at(-1) ?? "", "utf8")));
    return ended(brief(command, args));
  };
  const outputs = { clusters: { west: { ingressAddress: "1.1.1.1" }, east: { ingressAddress: "2.2.2.2" } } } as unknown as MeshOutputs;
  const mesh: ConstructorParameters<typeof Joining>[0] = {
    env: { USMESH_SETTINGS: `airgap.yaml${path.delimiter}own.yaml` },
    kubeconfig: async (cluster) => cluster,
    mesh: async (...args) => ended(`standing ${args.join(" ")}`),
    outputs: async () => outputs,
  };
  const context = { folder, signal: new AbortController().signal, say: () => undefined };
  return { joining: new Joining(mesh, context, { execute }), ran, settings };
}

const ALONE = ["scale west 0", "scale east 0", "await silence at 1.1.1.1", "await silence at 2.2.2.2"];
const LEAVE = ["standing up local", "await silence at 1.1.1.1", "await silence at 2.2.2.2"];
const BACK = ["scale west 1", "scale east 1"];

describe("the joining of a third cluster", () => {
  it("is awaited by clients of both others, and undone before the next one", async () => {
    const { joining, ran, settings } = site();
    const joined = await joining.alone(() => joining.once());
    expect(joined).to.have.all.keys("west", "east", "up").and.include({ up: 50 });
    expect(ran).to.deep.equal([...ALONE, "rm -f", "mesh up local", "await north at 1.1.1.1", "await north at 2.2.2.2", ...LEAVE, ...BACK]);
    expect(settings).to.deep.equal([["airgap.yaml", "own.yaml"], NORTH_SETTINGS]);
  });

  it("is undone when it fails, and the clients are told that nobody will answer", async () => {
    const { joining, ran } = site({ "mesh up local": 1, "await north at 1.1.1.1": 3, "await north at 2.2.2.2": 3 });
    const failure = await joining.alone(() => joining.once()).catch((error: Error) => error.message);
    expect(failure).to.match(/^\.\/mesh up local with north ended with 1:\nit broke/);
    expect(ran).to.include("touch");
    expect(ran.slice(-5)).to.deep.equal([...LEAVE, ...BACK]);
  });

  it("has no figure where a client got no answer", async () => {
    const { joining, ran } = site({ "await north at 2.2.2.2": 3 });
    const failure = await joining.alone(() => joining.once()).catch((error: Error) => error.message);
    expect(failure).to.contain("the client ended with 3");
    expect(ran.slice(-5)).to.deep.equal([...LEAVE, ...BACK]);
  });
});
