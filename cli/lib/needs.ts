import { allSteps, type Step, type StepKind } from "../../airgap";

/** What a command needs. */
export interface Needs {
  /** Programs that must be on `PATH` with official downloads. Their plugins, charts and images are downloaded when they are used. */
  readonly programs: readonly ("pulumi" | "kind")[];
  /** The air gap's pieces, by name or kind. What a piece is built from is included. */
  readonly pieces: { readonly names: readonly string[]; readonly kinds: readonly StepKind[] };
  /** Whether the Docker engine must be running. */
  readonly engine: boolean;
}

/** What the program runs with. Each preview reads the charts; the settings name them. */
const PROGRAM = { names: ["pulumi", "pulumi-language-nodejs"], kinds: ["plugin", "chart", "settings"] } as const;

/** What `eval "$(./mesh env)"` adds. Not istioctl: nothing here runs it, and it takes minutes to build. */
const BY_HAND = ["kubectl"] as const;

/** What observes a mesh: minutes of building for those who ask for it. */
const OBSERVERS = ["image-prometheus", "image-jaeger"] as const;

/** What commands need, by what they do with a stack. */
export const NEEDS = {
  /** Reading the state: which stacks exist, and their outputs. */
  state: { programs: ["pulumi"], pieces: { names: ["pulumi"], kinds: [] }, engine: false },
  /** Showing what `up` would do. */
  preview: { programs: ["pulumi"], pieces: PROGRAM, engine: false },
  /** Bringing up a stack that has nothing in Docker. */
  up: { programs: ["pulumi"], pieces: { ...PROGRAM, names: [...PROGRAM.names, ...BY_HAND] }, engine: false },
  /** Bringing up a stack that has kind clusters or the client. */
  upInDocker: {
    programs: ["pulumi", "kind"],
    pieces: { names: [...PROGRAM.names, "kind", ...BY_HAND], kinds: [...PROGRAM.kinds, "engine", "image"] },
    engine: true,
  },
  /** The same with `usmesh:observability`, where the nodes get the images from the Docker engine. */
  upObserved: {
    programs: ["pulumi", "kind"],
    pieces: { names: [...PROGRAM.names, "kind", ...BY_HAND, ...OBSERVERS], kinds: [...PROGRAM.kinds, "engine", "image"] },
    engine: true,
  },
  /** Removing a stack that has nothing in Docker: the program does not run for that. */
  down: { programs: ["pulumi"], pieces: { names: ["pulumi"], kinds: ["plugin"] }, engine: false },
  /** Removing a stack that has something in Docker: no image is needed for that. */
  downInDocker: { programs: ["pulumi", "kind"], pieces: { names: ["pulumi", "kind"], kinds: ["plugin"] }, engine: true },
  /** The integration tests: everything but images and what observes a mesh, including API servers without Docker. */
  tests: { programs: [], pieces: { names: [], kinds: ["binary", "chart", "file", "plugin", "settings"] }, engine: false },
  /** The tests on real clusters. */
  testsInDocker: {
    programs: ["pulumi", "kind"],
    pieces: { names: [...OBSERVERS], kinds: ["binary", "chart", "file", "plugin", "settings", "engine", "image"] },
    engine: true,
  },
} as const satisfies Readonly<Record<string, Needs>>;

/**
 * The names of the air gap's pieces that something needs.
 *
 * @param steps all steps. Default: the air gap's own.
 */
export function piecesFor({ pieces }: Needs, steps: readonly Step[] = allSteps): string[] {
  return steps.filter(({ name, kind, optional = false }) => pieces.names.includes(name) || (pieces.kinds.includes(kind) && !optional)).map(({ name }) => name);
}
