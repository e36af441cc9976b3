/** What the programs of Pulumi that the tests run are started with. */
import { join, resolve } from "node:path";

/** Makes a program start sooner. */
export const LIGHT_PULUMI = resolve(__dirname, "../../../tools/test/light-pulumi.cjs");

/** For a program in JavaScript. */
export const JAVASCRIPT = join(__dirname, "javascript.cjs");

/** For a program in TypeScript that is to start soon. */
export const LIGHT_TYPESCRIPT = join(__dirname, "light-typescript.cjs");

/** A value of `NODE_OPTIONS` with which Node.js requires files first, beside what the variable says already. */
export function requiring(...files: readonly string[]): string {
  return [process.env["NODE_OPTIONS"] ?? "", ...files.map((file) => `--require ${JSON.stringify(file)}`)].join(" ").trim();
}
