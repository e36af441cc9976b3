import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { repositoryRoot } from "../../lib/paths";
import type { BenchContext } from "../case";
import { execute, succeeded } from "./execute";
import { operate, type Operation } from "./operation";

/** Name of its project and of its stack. */
const NAME = "usmesh-bench-empty";

/** A Pulumi program without a resource, which is loaded as this repository's program is. Make one with {@link EmptyProgram.create}. */
export class EmptyProgram {
  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly signal: AbortSignal,
  ) {}

  /** Makes it and brings it up, so that an operation has nothing to do. @param env where its state goes, too */
  static async create({ folder, signal }: Pick<BenchContext, "folder" | "signal">, env: NodeJS.ProcessEnv): Promise<EmptyProgram> {
    const own = fs.mkdtempSync(path.join(folder, "empty-"));
    for (const [file, text] of Object.entries(emptyProject())) fs.writeFileSync(path.join(own, file), text);
    fs.symlinkSync(path.join(repositoryRoot, "node_modules"), path.join(own, "node_modules"));
    succeeded("pulumi stack init", await execute("pulumi", ["stack", "init", NAME, "--non-interactive"], { cwd: own, env, signal }), signal);
    const program = new EmptyProgram(own, env, signal);
    await program.pulumi("up");
    return program;
  }

  /** Runs plain Pulumi on it. */
  pulumi(operation: "up" | "preview"): Promise<Operation> {
    return operate({ operation, args: ["--stack", NAME], cwd: this.folder, env: this.env, folder: this.folder, signal: this.signal });
  }
}

/** Its files by name: runtime and compiler are told what this repository's are. */
export function emptyProject(): Readonly<Record<string, string>> {
  const { runtime } = parse(fs.readFileSync(path.join(repositoryRoot, "Pulumi.yaml"), "utf8")) as { readonly runtime: { readonly options: { readonly tsconfig: string } } };
  // A file with comments is no JSON, but YAML would read other things out of it.
  const compiler = fs.readFileSync(path.join(repositoryRoot, runtime.options.tsconfig), "utf8").replace('"./tsconfig.json"', JSON.stringify(path.join(repositoryRoot, "tsconfig.json")));
  return {
    "Pulumi.yaml": stringify({ name: NAME, runtime, main: "index.ts" }),
    [runtime.options.tsconfig]: compiler,
    "package.json": JSON.stringify({ name: NAME, private: true, type: "commonjs" }),
    "index.ts": "export {};\n",
  };
}
