import * as path from "node:path";
import { repositoryRoot } from "../../lib/paths";

/** A part of the tests: `./mesh test NAME`. */
export interface Part {
  readonly name: string;
  /** What it shows, for the help. */
  readonly summary: string;
  /** Whether `./mesh test` without a name runs it. */
  readonly standard: boolean;
  /** What it runs: one command that passes or fails, or the test files of a folder. */
  readonly runs:
    | { readonly command: readonly string[] }
    | {
        readonly folder: string;
        /** Limit of a test that sets none. */
        readonly timeoutSeconds: number;
        /** Limit of the whole part: a wait without an end must not hold the machine for ever. */
        readonly limitMinutes: number;
      };
  /** What has to stand before: the air gap's binaries and plugins, and for `cluster` also the engine and the images. */
  readonly needs: "nothing" | "tools" | "cluster";
}

const script = (...parts: string[]): string => path.join(repositoryRoot, "node_modules", ...parts);

/** Every part, in the order in which they run: what is quick and says most comes first. */
export const PARTS: readonly Part[] = [
  {
    name: "lint",
    summary: "ESLint over all TypeScript, and the directions of imports",
    standard: true,
    runs: { command: ["--import", script("tsx", "dist", "loader.mjs"), path.join(repositoryRoot, "tools", "test", "lint.ts")] },
    needs: "nothing",
  },
  {
    name: "types",
    summary: "the TypeScript compiler over all TypeScript",
    standard: true,
    runs: { command: [script("typescript", "bin", "tsc"), "--noEmit", "-p", "tsconfig.json"] },
    needs: "nothing",
  },
  {
    name: "unit",
    summary: "pure logic, components with mocks; no network, no engine",
    standard: true,
    runs: { folder: "test/unit", timeoutSeconds: 10, limitMinutes: 15 },
    needs: "nothing",
  },
  {
    name: "fresh",
    summary: "each command on a machine where nothing was built, or only some of it",
    standard: true,
    runs: { folder: "test/fresh", timeoutSeconds: 300, limitMinutes: 20 },
    needs: "tools",
  },
  {
    name: "integration",
    summary: "the real Pulumi engine against real API servers, without Docker",
    standard: true,
    runs: { folder: "test/integration", timeoutSeconds: 300, limitMinutes: 60 },
    needs: "tools",
  },
  {
    name: "e2e",
    summary: "the whole mesh on real clusters, with requests across it",
    standard: true,
    runs: { folder: "test/e2e", timeoutSeconds: 1800, limitMinutes: 60 },
    needs: "cluster",
  },
  {
    name: "soak",
    summary: "many clusters, many kills, long streams of requests; takes long and runs only by name",
    standard: false,
    runs: { folder: "test/soak", timeoutSeconds: 14400, limitMinutes: 600 },
    needs: "cluster",
  },
  {
    name: "cold",
    summary: "the README's commands on a fresh clone, with empty homes: builds everything; runs only by name",
    standard: false,
    runs: { folder: "test/cold", timeoutSeconds: 7200, limitMinutes: 150 },
    needs: "nothing",
  },
];

/** Names in the order in which they run, those of {@link PARTS} that run without a name when none is asked for. */
export function selectParts(names: readonly string[]): { readonly parts: readonly Part[]; readonly unknown: readonly string[] } {
  return {
    parts: PARTS.filter((part) => (names.length === 0 ? part.standard : names.includes(part.name))),
    unknown: names.filter((name) => !PARTS.some((part) => part.name === name)),
  };
}
