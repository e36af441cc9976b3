/**
 * A pretended engine: it runs the program with mocks and records what the program asked for, options included, which Pulumi's
 * own mocks hide.
 */
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import "../../support/light-promises";
import { answer, outputsOf, type Answers } from "./answers";
import { plain, SECRET_KEY } from "./secrets";

const REPOSITORY = resolve(__dirname, "../../../..");

/** One resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** Names of its parent, of what it depends on, and of what its end comes with. */
  readonly parent?: string;
  readonly dependsOn: readonly string[];
  readonly deletedWith?: string;
  /** Name of the provider; undefined for the default one, and for components. */
  readonly provider?: string;
  readonly deleteBeforeReplace: boolean;
  readonly secretOutputs: readonly string[];
  /** Inputs whose changes are ignored. Absent without any. */
  readonly ignoreChanges?: readonly string[];
  /** Its inputs as they went over the wire: secrets are marked. */
  readonly inputs: Record<string, unknown>;
  /** Read, not made. */
  readonly external: boolean;
}

/** What came of a run. */
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

/** Runs the program for a stack. What it throws is thrown. */
export async function run(stack: string, options: RunOptions = {}): Promise<World> {
  const names = new Map<string, string>();
  const resources: Registered[] = [];
  const componentOutputs: unknown[] = [];
  const calls: World["calls"][number][] = [];
  const warnings: string[] = [];

  await pulumi.runtime.setMocks(answer(options, calls), "usmesh", stack, false, "organization");
  pulumi.runtime.setAllConfig(config(stack, options));
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
    const exported = await program()();
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

export { outputsOf };

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

type Callback = (error: Error | null, response?: { getUrn?(): string }) => void;
type Monitor = Record<string, (request: Request, callback: Callback) => unknown>;

/** What is used of the engine's messages. */
interface Request {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getDeletebeforereplace(): boolean;
  getAdditionalsecretoutputsList(): string[];
  getIgnorechangesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> };
  getProperties(): { toJavaScript(): Record<string, unknown> };
  getOutputs(): { toJavaScript(): Record<string, unknown> };
}

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

function registered(request: Request, nameOf: (urn: string) => string, external: boolean): Registered {
  const parent = request.getParent();
  const provider = request.getProvider();
  const deletedWith = external ? "" : request.getDeletedwith();
  const ignored = external ? [] : request.getIgnorechangesList();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: external || request.getCustom(),
    ...(parent ? { parent: nameOf(parent) } : {}),
    dependsOn: request.getDependenciesList().map(nameOf).sort(),
    ...(deletedWith ? { deletedWith: nameOf(deletedWith) } : {}),
    ...(provider ? { provider: nameOf(provider.split("::").slice(0, -1).join("::")) } : {}),
    deleteBeforeReplace: !external && request.getDeletebeforereplace(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    ...(ignored.length > 0 ? { ignoreChanges: ignored } : {}),
    inputs: (external ? request.getProperties() : request.getObject()).toJavaScript(),
    external,
  };
}

export { SECRET_KEY };
