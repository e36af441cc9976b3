/** The mesh that the cases of one run share, since it takes most of a minute to bring up. */
import type { MeshOutputs } from "../outputs/contract";
import type { Tree } from "../lib/merge";
import type { BenchContext } from "./case";
import { BenchMesh, STACK, type Watch } from "./lib/bench-mesh";
import { succeeded, type Executed } from "./lib/execute";
import type { Cluster } from "./lib/names";
import type { Operation } from "./lib/operation";

/** The default stack, up: west and east on kind, with the demo and the client container. Its names in Docker are `MESH` in bench/lib/names.ts. */
export interface StandingMesh {
  /** The environment in which plain `pulumi`, `docker`, `kind`, `kubectl` and `helm` work on it: give it to `execute` of bench/lib/execute.ts. */
  readonly env: NodeJS.ProcessEnv;
  /** Path of the file with the administrator's kubeconfig of a cluster: only this user can read it. */
  kubeconfig(cluster: Cluster): Promise<string>;
  /** Runs `./mesh` on it, however that ends. Throws when the run of the benchmark is interrupted. */
  mesh(...args: readonly string[]): Promise<Executed>;
  /** Runs an operation of plain Pulumi, which has to succeed. */
  pulumi(operation: "up" | "preview", args?: readonly string[], watch?: Watch): Promise<Operation>;
  /** The stack's outputs, secret ones included: never to be printed. */
  outputs(): Promise<MeshOutputs>;
  /** Lays settings over its own; the next `up` applies them. A case that changes something takes it back before it ends. */
  change(settings: Tree): void;
  /** The state's file. */
  readonly stateFile: string;
}

/** Makes a mesh that is not up yet. */
function openMesh(name: string, context: BenchContext): Promise<BenchMesh> {
  return BenchMesh.open(name, context);
}

/** By run: it is brought up at the first demand. */
const standing = new WeakMap<BenchContext, { readonly mesh: Promise<BenchMesh>; readonly up: Promise<StandingMesh> }>();

/**
 * The run's standing mesh: brought up when the first case asks for it. `context` is the same object for all cases of a run.
 *
 * @param open makes it; tests replace it
 */
export function standingMesh(context: BenchContext, open = openMesh): Promise<StandingMesh> {
  const known = standing.get(context);
  if (known) return known.up;
  const mesh = open("standing", context);
  const up = mesh.then(async (opened) => {
    context.say("bring up the mesh that the cases share");
    succeeded(`./mesh up ${STACK}`, await opened.mesh("up", STACK), context.signal);
    return opened;
  });
  standing.set(context, { mesh, up });
  return up;
}

/** Removes it, where there is one, whatever became of it. */
export async function removeStandingMesh(context: BenchContext): Promise<void> {
  const known = standing.get(context);
  if (!known) return;
  standing.delete(context);
  await known.up.catch(() => undefined);
  const mesh = await known.mesh.catch(() => undefined);
  if (mesh === undefined) return;
  context.say("remove the mesh that the cases shared");
  await mesh.remove();
}
