/** `npm run build`: what the package consists of, built into `dist`. `node --import tsx tools/package/build.ts [FOLDER]` builds it elsewhere. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { repositoryRoot } from "../../lib/paths";
import { run } from "../../lib/process";
import { reachable } from "./reachable";

/** What is imported by name: modules, without extension. */
const ENTRIES = ["components/index", "outputs/index", "automation/index"];

/** What is only run: the program, and the plugin for other languages. */
const PROGRAM = "index";
const PLUGIN = "provider/index";

/** Files that are read at run time, from the repository's root, at the same places in the package. */
const SCRIPTS = "components/scripts";

/**
 * Builds the package.
 *
 * @param out absolute path of the folder; what was there is removed.
 */
export async function buildPackage(out: string): Promise<void> {
  const compiled = fs.mkdtempSync(path.join(tmpdir(), "usmesh-build-"));
  try {
    const compiler = require.resolve("typescript/bin/tsc");
    await run(process.execPath, [compiler, "-p", path.join(repositoryRoot, "tsconfig.build.json"), "--outDir", compiled], { cwd: repositoryRoot });
    // The package has no air gap: a module that says so takes its place.
    fs.renameSync(path.join(compiled, "airgap", "absent.js"), path.join(compiled, "airgap", "index.js"));
    fs.rmSync(out, { recursive: true, force: true });
    const modules = [...reachable(compiled, [...ENTRIES, PROGRAM, PLUGIN], ".js"), ...reachable(compiled, ENTRIES, ".d.ts")];
    for (const module of modules) copy(path.join(compiled, module), path.join(out, module));
    fs.cpSync(path.join(repositoryRoot, SCRIPTS), path.join(out, SCRIPTS), { recursive: true });
    fs.writeFileSync(path.join(out, "Pulumi.yaml"), projectOf(fs.readFileSync(path.join(repositoryRoot, "Pulumi.yaml"), "utf8")));
  } finally {
    fs.rmSync(compiled, { recursive: true, force: true });
  }
}

/** The project that the functions of the package run: this repository's, whose program is compiled. */
function projectOf(text: string): string {
  const document = parseDocument(text);
  document.setIn(["runtime", "options"], document.createNode({ typescript: false }));
  document.set("main", `${PROGRAM}.js`);
  return document.toString({ lineWidth: 0 });
}

function copy(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
}

if (require.main === module) void buildPackage(path.resolve(process.argv[2] ?? path.join(repositoryRoot, "dist")));
