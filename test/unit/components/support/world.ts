/**
 * A mock engine: it runs the program, or single components, and records what they register. Pulumi's own mocks hide the options.
 */
import * as pulumi from "@pulumi/pulumi";
import { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as state from "@pulumi/pulumi/runtime/state";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { answer, type Answers } from "./answers";
import { registered, type Registered, type Request } from "./registered";
import { plain } from "./secrets";

const REPOSITORY = resolve(__dirname, "../../../..");

export type { Registered } from "./registered";

/** What a run registered, and what it gave back. */
export interface World {
  readonly resources: readonly Registered[];
  /** The stack's outputs as they go over the wire: secrets are marked. */
  readonly outputs: Record<string, unknown>;
  /** What components registered as their outputs, as it went over the wire. */
  readonly componentOutputs: readonly unknown[];
  readonly warnings: readonly string[];
  /** Functions of providers and of the engine that the program called. */
  readonly calls: readonly { readonly token: string; readonly args: Record<string, unknown> }[];
}

/** How a program is run. */
export interface RunOptions extends Answers {
  /** Settings over those of the stack's file, without `usmesh:`. */
  readonly settings?: Record<string, unknown>;
  /** Whether to leave the stack's file out. */
  readonly bare?: boolean;
}

/** What the program gave, by what it was run with. */
const worlds = new Map<string, Promise<World>>();

/** Stryker changes the program from one run of the tests to the next, and notes which test runs what. */
const CHANGING = "__stryker__" in globalThis;

/**
 * Runs the program for a stack. What it throws is thrown. A program gives the same for the same: what one test has run is not run again
 * for another, unless an error is among what it was run with.
 */
export async function run(stack: string, options: RunOptions = {}): Promise<World> {
  const runNow = (): Promise<World> => record(stack, config(stack, options), options, () => program()());
  if (CHANGING || Object.values(options.stacks ?? {}).some((outputs) => outputs instanceof Error)) return runNow();
  const key = JSON.stringify([stack, options], (_, value: unknown) => (value === undefined ? "[undefined]" : value));
  const world = worlds.get(key) ?? runNow();
  worlds.set(key, world);
  return world;
}

/** Runs a piece of a program, such as a single component, in a stack without settings. What it throws is thrown. */
export async function runPiece(piece: () => unknown, answers: Answers = {}): Promise<World> {
  return record("test", {}, answers, async () => {
    const made = piece();
    // Only a promise is waited for: an output has every property, `then` included.
    if (made instanceof Promise) await made;
    return {};
  });
}

/**
 * Registers a piece only once where it is asked for without arguments. What tests look at is not changed by that: a world is only read.
 */
export function sharedWorld<A extends unknown[]>(register: (...args: A | []) => Promise<World>): (...args: A | []) => Promise<World> {
  let first: Promise<World> | undefined;
  return (...args) => (args.length > 0 || CHANGING ? register(...args) : (first ??= register()));
}

async function record(stack: string, settings: Record<string, string>, answers: Answers, body: () => Promise<Record<string, unknown>>): Promise<World> {
  const names = new Map<string, string>();
  const resources: Registered[] = [];
  const componentOutputs: unknown[] = [];
  const calls: World["calls"][number][] = [];
  const warnings: string[] = [];

  await pulumi.runtime.setMocks(answer(answers, calls), "usmesh", stack, false, "organization");
  pulumi.runtime.setAllConfig(settings);
  acceptTransforms();
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const nameOf = (urn: string) => names.get(urn) ?? urn.split("::").pop()!;
  intercept(monitor, "registerResource", (request) => resources.push(registered(request, nameOf, false)), names);
  intercept(monitor, "readResource", (request) => resources.push(registered(request, nameOf, true)), names);
  intercept(monitor, "registerResourceOutputs", (request) => componentOutputs.push(request.getOutputs().toJavaScript()));

  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (text: string | Uint8Array) => {
    warnings.push(text.toString());
    return true;
  };
  try {
    const exported = await body();
    const outputs = (await pulumi.runtime.serializeProperties("outputs", exported)) as Record<string, unknown>;
    await pulumi.runtime.disconnect();
    return { resources, outputs, componentOutputs, warnings, calls };
  } catch (error) {
    throw Object.assign(error as Error, { resources });
  } finally {
    process.stderr.write = write;
  }
}

/** The stack's outputs with every secret in the clear, as a peer would read them. */
export function clearOutputs(world: World): Record<string, unknown> {
  return plain(world.outputs) as Record<string, unknown>;
}

function program(): () => Promise<Record<string, unknown>> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(join(REPOSITORY, "index.ts")) as () => Promise<Record<string, unknown>>;
}

function config(stack: string, { settings = {}, bare }: RunOptions): Record<string, string> {
  const file = bare ? {} : (parse(readFileSync(join(REPOSITORY, `Pulumi.${stack}.yaml`), "utf8")) as { config: Record<string, unknown> }).config;
  const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`usmesh:${key}`, value]));
  const all = Object.entries({ ...file, ...own }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}

/** Registers transforms without the gRPC server through which the engine would call them. */
function acceptTransforms(): void {
  const { getStore } = state as unknown as { getStore: () => object };
  const callbacks = {
    awaitStackRegistrations: () => Promise.resolve(),
    registerTransform: () => Promise.resolve(new Callback()),
    shutdown: () => undefined,
  };
  Object.assign(getStore(), { supportsTransforms: true, callbacks });
}

type Respond = (error: Error | null, response?: { getUrn?(): string }) => void;
type Monitor = Record<string, (request: Request, callback: Respond) => unknown>;

function intercept(monitor: Monitor, method: string, record: (request: Request) => void, names?: Map<string, string>): void {
  const original = monitor[method]!.bind(monitor);
  monitor[method] = (request, callback) => {
    record(request);
    return original(request, (error, response) => {
      const urn = response?.getUrn?.();
      if (urn !== undefined) names?.set(urn, request.getName());
      callback(error, response);
    });
  };
}
