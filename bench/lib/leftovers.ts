import { execute, succeeded } from "./execute";
import { PREFIX } from "./names";

/** What Docker has of the benchmark. */
export interface Leftovers {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** Begin of the names of the volumes that the program makes for its kind clusters. */
const VOLUMES = "usmesh.kind.";

/** Those of some names that only the benchmark gives: a prefix, alone or with more after a hyphen. */
export function ours(names: readonly string[], prefix: string = PREFIX): string[] {
  return names.filter((name) => name === prefix || name.startsWith(`${prefix}-`));
}

/** What there is in Docker with the benchmark's names, or with those of a part of it. @throws Error when Docker does not answer */
export async function findLeftovers(env: NodeJS.ProcessEnv, prefix: string = PREFIX): Promise<Leftovers> {
  const names = async (...args: readonly string[]): Promise<string[]> => {
    const { stdout } = succeeded(`docker ${args[0]}`, await execute("docker", args, { env }));
    return stdout.split("\n").filter(Boolean);
  };
  return {
    containers: ours(await names("ps", "--all", "--format", "{{.Names}}"), prefix),
    networks: ours(await names("network", "ls", "--format", "{{.Name}}"), prefix),
    volumes: ours(await names("volume", "ls", "--format", "{{.Name}}"), `${VOLUMES}${prefix}`),
  };
}

/** All their names. */
export function allNames({ containers, networks, volumes }: Leftovers): string[] {
  return [...containers, ...networks, ...volumes];
}

/** The commands of Docker that remove them, the words of each; what only they hold is removed with containers. */
export function removals({ containers, networks, volumes }: Leftovers): string[][] {
  const command = (words: readonly string[], names: readonly string[]): string[][] => (names.length === 0 ? [] : [["docker", ...words, ...names]]);
  return [...command(["rm", "--force", "--volumes"], containers), ...command(["volume", "rm", "--force"], volumes), ...command(["network", "rm"], networks)];
}

/** Removes what is left. A run refuses to begin where there is anything with its names, so all of it is the run's own. */
export async function removeLeftovers(env: NodeJS.ProcessEnv, prefix: string = PREFIX): Promise<void> {
  for (const [command = "", ...args] of removals(await findLeftovers(env, prefix))) succeeded(`${command} ${args[0]}`, await execute(command, args, { env }));
}
