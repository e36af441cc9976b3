import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { AirgapPaths } from "../builder/paths";
import type { Cost, Json, Step, StepContext, StepKind } from "../builder/step";

/** A binary that is built from a Go module. */
export interface GoBinary {
  /** Name of the step. */
  readonly name: string;
  /** What sort of thing it is; `binary` unless given. */
  readonly kind?: StepKind;
  /** The file that is made, relative to the home; of the step's name in `bin` unless given. */
  readonly output?: string;
  /** Folder below `airgap/go` with the `go.mod` and `go.sum` that pin it. */
  readonly module: string;
  /** Import path of the main package, or a folder of the module such as `.`. */
  readonly package: string;
  /**
   * Files of the module's folder that it is built from: `go.mod`, `go.sum` and what is named here. `all` for the whole folder, which
   * may then do without a `go.sum`.
   */
  readonly sources?: readonly string[] | "all";
  /** Sources that are made when it is built. It is then built in a copy of the module's folder. */
  readonly generated?: GeneratedSources;
  readonly version: string;
  /** See {@link Step.source}. */
  readonly source: string;
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Go variables that are set at link time: value by full name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** See {@link Cost}; disk and memory have defaults that fit the larger ones. */
  readonly cost: Partial<Cost> & Pick<Cost, "seconds">;
}

/** Sources of a Go binary that the repository does not hold. */
export interface GeneratedSources {
  /** What decides their content, beside the binary's version and module. */
  readonly recipe: Json;
  /** Import path of the packages that the main package is made of: it cannot be loaded itself before its sources are complete. */
  readonly imports: string;
  /** Writes them into a folder that has the other sources already. */
  write(context: StepContext, folder: string): Promise<void>;
}

/** What a step needs of the machine to build with Go: the version that the `go.mod` files ask for. */
export const GO_TOOLS = ["go>=1.26"] as const;

/** Memory of a machine, in bytes, from which the compiler may collect garbage less often: it then takes about a tenth less time. */
const AMPLE_MEMORY = 12 * 1024 ** 3;

/**
 * Environment of every Go command of the build: static binaries, the machine's own toolchain, caches in the home, and modules
 * exactly as `go.sum` has them.
 */
export function goEnvironment(paths: AirgapPaths): NodeJS.ProcessEnv {
  return {
    GOMODCACHE: paths.goModules,
    GOCACHE: paths.goBuild,
    GOFLAGS: "-buildvcs=false -mod=readonly",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GOOS: undefined,
    GOARCH: undefined,
    CGO_ENABLED: "0",
    GOGC: os.totalmem() >= AMPLE_MEMORY ? "400" : undefined,
  };
}

/** Arguments of `go build` without the output file. The variables' order is theirs, so that the cache knows them again. */
function buildArguments({ package: main, tags, variables = {} }: GoBinary): string[] {
  const flags = ["-s", "-w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)];
  return ["-trimpath", ...(tags ? ["-tags", tags.join(",")] : []), "-ldflags", flags.join(" "), main];
}

/**
 * Downloads a Go module.
 *
 * @param folder folder below `airgap/go` whose `go.sum` vouches for it.
 * @param name the module's path.
 * @returns the folder that it lies in, all of it read-only.
 */
export async function goModule({ run, repository, paths }: StepContext, folder: string, name: string): Promise<string> {
  const said = await run("go", ["mod", "download", "-json", name], {
    cwd: path.join(repository, "airgap/go", folder),
    env: goEnvironment(paths),
  });
  return (JSON.parse(said) as { Dir: string }).Dir;
}

/** A folder in the scratch folder with a binary's sources, those that are generated included. */
async function completeSources(context: StepContext, inputs: readonly string[], generated: GeneratedSources): Promise<string> {
  const folder = path.join(context.scratch, "sources");
  await fs.mkdir(folder);
  for (const input of inputs) await fs.cp(path.join(context.repository, input), path.join(folder, path.basename(input)));
  await generated.write(context, folder);
  return folder;
}

/**
 * The step that builds a Go binary.
 *
 * @param go what to build.
 */
export function goStep(go: GoBinary): Step {
  const folder = `airgap/go/${go.module}`;
  const { generated } = go;
  const args = buildArguments(go);
  const output = go.output ?? `bin/${go.name}`;
  const inputs = go.sources === "all" ? [folder] : ["go.mod", "go.sum", ...(go.sources ?? [])].map((file) => `${folder}/${file}`);
  return {
    name: go.name,
    kind: go.kind ?? "binary",
    version: go.version,
    source: go.source,
    needs: [],
    inputs,
    recipe: { go: args, ...(generated && { generated: generated.recipe }) },
    outputs: [output],
    cost: { diskMiB: 100, cacheMiB: 800, memoryMiB: 3072, ...go.cost },
    lane: "processor",
    tools: GO_TOOLS,
    async prefetch({ run, repository, paths }) {
      // Loading the packages downloads exactly the modules that hold them, and not those that only tests need.
      const list = ["list", "-deps", ...(go.tags ? ["-tags", go.tags.join(",")] : []), "-f", "", generated?.imports ?? go.package];
      await run("go", list, { cwd: path.join(repository, folder), env: goEnvironment(paths) });
    },
    async build(context) {
      const { run, repository, paths, scratch, publish } = context;
      const cwd = generated ? await completeSources(context, inputs, generated) : path.join(repository, folder);
      const binary = path.join(scratch, path.basename(output));
      await run("go", ["build", "-o", binary, ...args], { cwd, env: goEnvironment(paths) });
      await publish(binary, output);
    },
  };
}
