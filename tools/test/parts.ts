import * as path from "node:path";
import { repositoryRoot } from "../../lib/paths";

/** Variables that say where the air gap's pieces are, and which of them may stay. */
const AIRGAP_PLACE = ["MESH_AIRGAP_HOME", "MESH_AIRGAP_GO_CACHE_GIB"] as const;

/** Variables that say how the Docker engine is reached. */
const DOCKER = ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_API_VERSION"] as const;

/** What a part on real clusters needs besides: whether to use the air gap or official downloads. */
const CLUSTERS = [...AIRGAP_PLACE, "MESH_AIRGAP", ...DOCKER] as const;

/** A part of the tests: `./mesh test NAME`. */
export interface Part {
  readonly name: string;
  /** What it shows, for the help. */
  readonly summary: string;
  /** Whether `./mesh test` without a name runs it. */
  readonly standard: boolean;
  /** Whether it runs at the same time as the parts next to it that also do. Their output is shown part by part. */
  readonly sideBySide: boolean;
  /** What it runs: one command that passes or fails, or the test files of a folder. */
  readonly runs:
    | { readonly command: readonly string[] }
    | {
        readonly folder: string;
        /** Limit of a test that sets none. */
        readonly timeoutSeconds: number;
        /** How many files may run at the same time, where the machine has the memory and the cores. */
        readonly jobs: number;
        /** How many files a core is enough for. Default: 1. More where the tests mostly wait for other processes. */
        readonly filesPerCore?: number;
        /**
         * The files that are started first, since they take longest: paths below the folder without `.test.ts`, in this order. The others
         * follow by name. Where the longest are last, the machine waits half idle for them.
         */
        readonly first?: readonly string[];
      };
  /** Limit of the whole part: a wait that never ends must not hold the machine. */
  readonly limitMinutes: number;
  /** What must be there before: the air gap's binaries and plugins, and for `cluster` also the engine and the images. */
  readonly needs: "nothing" | "tools" | "cluster";
  /** The caller's variables that it gets although they look like the caller's own work: names, or the beginning of names up to `*`. */
  readonly keeps: readonly string[];
  /** Variables that it gets besides. */
  readonly sets?: Readonly<Record<string, string>>;
}

/** The integration tests that take longest, as `--times` shows them. */
const LONG_INTEGRATION = [
  ...["west-east", "through-gateway", "local"].map((name) => `program/${name}`),
  "package/package",
  ...["whose-cluster", "interrupted"].map((name) => `program/${name}`),
  "discovery/proxy",
  ...["consumer", "yaml"].map((name) => `examples/${name}`),
  ...["tls", "command", "kubernetes"].map((name) => `plugins/${name}`),
] as const;

/** The unit tests that take longest. */
const LONG_UNIT = ["cli/watch/run", ...["kiali", "discovery", "peering", "trust", "exports", "observability", "version-1"].map((name) => `program/${name}`), "components/mesh"] as const;

/** What a process of Node.js requires to run TypeScript. */
export const TYPESCRIPT = path.join(repositoryRoot, "lib", "typescript.cjs");

const script = (...parts: string[]): string => path.join(repositoryRoot, "node_modules", ...parts);

/** Every part, in the order in which they run: what is quick and says most comes first. */
export const PARTS: readonly Part[] = [
  {
    name: "lint",
    summary: "ESLint over all TypeScript, and the directions of imports",
    standard: true,
    sideBySide: true,
    runs: { command: ["--require", TYPESCRIPT, path.join(repositoryRoot, "tools", "test", "lint.ts")] },
    limitMinutes: 15,
    needs: "nothing",
    keeps: [],
  },
  {
    name: "types",
    summary: "the TypeScript compiler over all TypeScript",
    standard: true,
    sideBySide: true,
    runs: { command: [script("typescript", "bin", "tsc"), "--noEmit", "-p", "tsconfig.json"] },
    limitMinutes: 15,
    needs: "nothing",
    keeps: [],
  },
  {
    name: "unit",
    summary: "pure logic, components with mocks; no network, no engine, and hardly a process",
    standard: true,
    sideBySide: true,
    runs: { folder: "test/unit", timeoutSeconds: 30, jobs: 4, filesPerCore: 1.5, first: LONG_UNIT },
    limitMinutes: 15,
    needs: "nothing",
    keeps: [],
  },
  {
    name: "fresh",
    summary: "each command on a machine where nothing was built, or only some of it; a build that was killed",
    standard: true,
    sideBySide: false,
    runs: { folder: "test/fresh", timeoutSeconds: 300, jobs: 1 },
    limitMinutes: 20,
    needs: "tools",
    keeps: AIRGAP_PLACE,
  },
  {
    name: "integration",
    summary: "the real Pulumi engine against real API servers, without Docker; scripts and other programs that run",
    standard: true,
    sideBySide: false,
    runs: { folder: "test/integration", timeoutSeconds: 300, jobs: 4, filesPerCore: 1.5, first: LONG_INTEGRATION },
    limitMinutes: 40,
    needs: "tools",
    keeps: AIRGAP_PLACE,
    // API servers, engines and plugins are written in Go and run for a short time, and there is memory enough: a tenth of the processor
    // time was spent on keeping it small.
    sets: { GOGC: "1000" },
  },
  {
    name: "e2e",
    summary: "the whole mesh on real clusters, with requests across it",
    standard: true,
    sideBySide: false,
    runs: { folder: "test/e2e", timeoutSeconds: 1800, jobs: 1 },
    limitMinutes: 60,
    needs: "cluster",
    keeps: CLUSTERS,
  },
  {
    name: "soak",
    summary: "many clusters, many kills, long streams of requests; takes hours and runs only by name",
    standard: false,
    sideBySide: false,
    runs: { folder: "test/soak", timeoutSeconds: 14400, jobs: 1 },
    limitMinutes: 600,
    needs: "cluster",
    keeps: [...CLUSTERS, "USMESH_SOAK_*"],
  },
  {
    name: "cold",
    summary: "the README's commands on a fresh clone, with empty homes: builds everything; runs only by name",
    standard: false,
    sideBySide: false,
    runs: { folder: "test/cold", timeoutSeconds: 7200, jobs: 1 },
    limitMinutes: 150,
    needs: "nothing",
    keeps: CLUSTERS,
  },
];

/** Names in the order in which they run, those of {@link PARTS} that run without a name when none is asked for. */
export function selectParts(names: readonly string[]): { readonly parts: readonly Part[]; readonly unknown: readonly string[] } {
  return {
    parts: PARTS.filter((part) => (names.length === 0 ? part.standard : names.includes(part.name))),
    unknown: names.filter((name) => !PARTS.some((part) => part.name === name)),
  };
}

/** Parts in groups, in their order: those of a group run at the same time. */
export function groupParts(parts: readonly Part[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last?.[0]?.sideBySide && part.sideBySide) last.push(part);
    else groups.push([part]);
  }
  return groups;
}
