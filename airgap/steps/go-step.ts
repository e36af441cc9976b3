import * as path from "node:path";
import type { AirgapPaths } from "../builder/paths";
import type { Cost, Step } from "../builder/step";

/** A binary that is built from a Go module. */
export interface GoBinary {
  /** Name of the step. */
  readonly name: string;
  /** Name of the file in `bin/`; the step's name unless given. */
  readonly binary?: string;
  /** Folder below `airgap/go` with the `go.mod` and `go.sum` that pin it. */
  readonly module: string;
  /** Import path of the main package, or a folder of the module such as `.`. */
  readonly package: string;
  /**
   * Files of the module's folder that it is built from: `go.mod`, `go.sum` and what is named here. `all` for the whole folder, which
   * may then do without a `go.sum`.
   */
  readonly sources?: readonly string[] | "all";
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

/** What a step needs of the machine to build with Go: the version that the `go.mod` files ask for. */
export const GO_TOOLS = ["go>=1.26"] as const;

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
  };
}

/** Arguments of `go build` without the output file. The variables' order is theirs, so that the cache knows them again. */
function buildArguments({ package: main, tags, variables = {} }: GoBinary): string[] {
  const flags = ["-s", "-w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)];
  return ["-trimpath", ...(tags ? ["-tags", tags.join(",")] : []), "-ldflags", flags.join(" "), main];
}

/**
 * The step that builds a Go binary into `bin/`.
 *
 * @param go what to build.
 */
export function goStep(go: GoBinary): Step {
  const folder = `airgap/go/${go.module}`;
  const args = buildArguments(go);
  const output = `bin/${go.binary ?? go.name}`;
  return {
    name: go.name,
    kind: "binary",
    version: go.version,
    source: go.source,
    needs: [],
    inputs: go.sources === "all" ? [folder] : ["go.mod", "go.sum", ...(go.sources ?? [])].map((file) => `${folder}/${file}`),
    recipe: { go: args },
    outputs: [output],
    cost: { diskMiB: 100, cacheMiB: 800, memoryMiB: 3072, ...go.cost },
    lane: "processor",
    tools: GO_TOOLS,
    async prefetch({ run, repository, paths }) {
      // Loading the packages downloads exactly the modules that hold them, and not those that only tests need.
      const tags = go.tags ? ["-tags", go.tags.join(",")] : [];
      await run("go", ["list", "-deps", ...tags, "-f", "", go.package], { cwd: path.join(repository, folder), env: goEnvironment(paths) });
    },
    async build({ run, repository, paths, scratch, publish }) {
      const binary = path.join(scratch, path.basename(output));
      await run("go", ["build", "-o", binary, ...args], { cwd: path.join(repository, folder), env: goEnvironment(paths) });
      await publish(binary, output);
    },
  };
}
