/** A mock engine for a program that uses a mesh's outputs. */
import * as pulumi from "@pulumi/pulumi";

/** One resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Name of the provider; undefined for the default one, and for components. */
  readonly provider?: string;
  readonly inputs: Record<string, unknown>;
}

/** What the program registered and read. */
export interface Engine {
  readonly resources: Registered[];
  /** Names of the stacks whose outputs were read. */
  readonly read: string[];
}

/**
 * Starts a program's run.
 * @param stacks outputs by `organization/project/stack`, or why they cannot be read; any other stack was never initialised
 * @param config settings of the program, with their namespaces
 */
export async function startEngine(stacks: Readonly<Record<string, unknown>>, config: Record<string, string> = {}): Promise<Engine> {
  const engine: Engine = { resources: [], read: [] };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider, id }) => {
        const given = inputs as Record<string, unknown>;
        if (type === "pulumi:pulumi:StackReference") return { id: id ?? name, state: { ...given, outputs: stacks[given["name"] as string] ?? {}, secretOutputNames: ["kubeconfigs"] } };
        engine.resources.push({ type, name, inputs: given, ...(provider ? { provider: provider.split("::").at(-2) } : {}) });
        return { id: `${name}-id`, state: given };
      },
      call: ({ token, inputs }) => {
        if (token !== "pulumi:pulumi:readStackOutputs") throw new Error(`there is no mock of ${token}`);
        const name = (inputs as { name: string }).name;
        engine.read.push(name);
        if (!(name in stacks)) throw refused(`unknown stack "${name}"`);
        if (stacks[name] instanceof Error) throw refused(stacks[name].message);
        return { name, outputs: stacks[name], secretOutputNames: [] };
      },
    },
    "consumer",
    "dev",
    false,
    "acme",
  );
  pulumi.runtime.setAllConfig(config);
  return engine;
}

/** An error, as the engine returns it. */
function refused(details: string): Error {
  return Object.assign(new Error(`invocation of pulumi:pulumi:readStackOutputs returned an error: ${details}`), { details });
}

/** Waits until everything is registered. */
export async function endEngine(): Promise<void> {
  await pulumi.runtime.disconnect();
}

/** An output's value. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
