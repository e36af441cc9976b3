/** The package as npm would publish it, and projects that have it. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import packageJson from "../../../package.json";
import { takeTurn } from "../../../airgap/turn";
import { buildPackage } from "../../../tools/package/build";
import { repositoryFiles } from "../../unit/docs/support/documents";
import { run } from "../../support/run";

const REPOSITORY = resolve(__dirname, "../../..");

/** Where packages are kept, each below the digest of what it was made from. */
const CACHE = join(REPOSITORY, "node_modules", ".cache", "usmesh", "package");

/** What the package is made from, beside documents. */
const SOURCES = /^(?!test\/|docs\/|airgap\/(?!absent|builder\/paths)).*\.(ts|js|sh|json|yaml)$/;

/** The package's name on npm. */
const NAME = "usmesh";

/** What of the repository's packages a project needs that uses the package. */
const PACKAGES = Object.keys(packageJson.dependencies);

/** What a project needs besides to check its types. */
const FOR_TYPES = ["@types/node", "typescript"];

/** The package's tarball. It is built once for all test processes, and again when a source has changed. @returns its path */
export async function tarball(): Promise<string> {
  const folder = await published();
  return join(folder, "usmesh.tgz");
}

let ready: Promise<string> | undefined;

/** Once for a process: all its tests have the same package. */
function published(): Promise<string> {
  ready ??= publish();
  return ready;
}

/** One process builds it, and those that want it meanwhile wait: what is kept is replaced. */
async function publish(): Promise<string> {
  const release = await takeTurn(join(tmpdir(), "usmesh-package"));
  try {
    return await build(join(CACHE, digest()));
  } finally {
    await release();
  }
}

/** @returns the folder, in which the package is unless it was there before */
async function build(folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  const made = mkdtempSync(join(tmpdir(), "usmesh-package-"));
  try {
    const copy = join(made, "repository");
    // All that is tracked, so that what does not belong into the package could get in.
    for (const file of repositoryFiles) cpSync(join(REPOSITORY, file), join(copy, file));
    await buildPackage(join(copy, "dist"));
    const options = { cwd: copy, stdin: "ignore" } as const;
    const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", made], options);
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    const result = join(made, "result");
    mkdirSync(result);
    renameSync(join(made, packed.filename), join(result, "usmesh.tgz"));
    writeFileSync(join(result, "contents.json"), stdout);
    rmSync(CACHE, { recursive: true, force: true });
    cpSync(result, folder, { recursive: true });
    return folder;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** What npm says of a tarball. */
export interface Contents {
  /** Bytes of the tarball, and of what is in it. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** What npm says of the package's tarball. */
export async function contents(): Promise<Contents> {
  const [packed] = JSON.parse(readFileSync(join(await published(), "contents.json"), "utf8")) as [Contents];
  return packed;
}

/**
 * Installs the package into a project with npm, without a network: what it depends on is linked from the repository's own packages.
 *
 * @param folder the project's folder
 */
export async function installPackage(folder: string): Promise<void> {
  const linked = [...PACKAGES, ...FOR_TYPES].map((name): [string, string] => [name, `file:${join(REPOSITORY, "node_modules", name)}`]);
  const dependencies: Record<string, string> = { [NAME]: `file:${await tarball()}`, ...Object.fromEntries(linked) };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", private: true, dependencies }));
  await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder, stdin: "ignore" });
}

/** Puts the package's files into a project, as {@link installPackage} does, where npm is not what is tested. */
export async function unpackPackage(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, NAME), { recursive: true });
  await run("tar", ["-xzf", await tarball(), "--strip-components=1", "-C", join(modules, NAME)], { stdin: "ignore" });
  const scopes = new Set([...PACKAGES, "typescript"].map((name) => name.split("/")[0]!));
  for (const name of scopes) symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
}

function digest(): string {
  const hash = createHash("sha256");
  for (const file of repositoryFiles.filter((name) => SOURCES.test(name))) hash.update(file).update("\0").update(readFileSync(join(REPOSITORY, file)));
  return hash.digest("hex").slice(0, 16);
}
