/** The part `lint`: ESLint, and dependency-cruiser for the directions of imports, side by side. */
import * as path from "node:path";
import { repositoryRoot } from "../../lib/paths";
import { stream } from "../../lib/process";

const packages = path.join(repositoryRoot, "node_modules");

/** What is run, each by Node in the repository's root. */
const COMMANDS: readonly (readonly string[])[] = [
  [
    path.join(packages, "eslint", "bin", "eslint.js"),
    ...[".", "--max-warnings", "0", "--cache", "--cache-location", path.join(packages, ".cache", "usmesh", "eslint")],
  ],
  // Not an ESLint rule: ESLint's cache would hide what a change of one file means for another.
  [path.join(packages, "dependency-cruiser", "bin", "dependency-cruise.mjs"), "--config", ".dependency-cruiser.mjs", "."],
];

async function main(): Promise<void> {
  const codes = await Promise.all(COMMANDS.map((command) => stream(process.execPath, command, { cwd: repositoryRoot })));
  process.exitCode = Math.max(...codes);
}

void main();
