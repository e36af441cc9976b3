import { allSteps, type Step, type StepKind } from "../../airgap";

/** What has to be there before a command can do its work. */
export interface Needs {
  /** Programs that have to be on `PATH` where official downloads are used; their plugins, charts and images come by themselves. */
  readonly programs: readonly ("pulumi" | "kind")[];
  /** The air gap's pieces, by name or kind. What a piece is made of comes with it. */
  readonly pieces: { readonly names: readonly string[]; readonly kinds: readonly StepKind[] };
  /** Whether the Docker engine has to answer. */
  readonly engine: boolean;
}

/** What the program is run with. Charts are looked into by each preview; the settings name them. */
const PROGRAM = { names: ["pulumi", "pulumi-language-nodejs"], kinds: ["plugin", "chart", "settings"] } as const;

/** What `eval "$(./mesh env)"` gives besides. */
const BY_HAND = ["kubectl", "helm", "istioctl"] as const;

/** What each thing that commands do with a stack needs. */
export const NEEDS = {
  /** Reading the state: what stands, and the outputs. */
  state: { programs: ["pulumi"], pieces: { names: ["pulumi"], kinds: [] }, engine: false },
  /** Saying what `up` would do. */
  preview: { programs: ["pulumi"], pieces: PROGRAM, engine: false },
  /** Bringing a stack up that has nothing in Docker. */
  up: { programs: ["pulumi"], pieces: { ...PROGRAM, names: [...PROGRAM.names, ...BY_HAND] }, engine: false },
  /** Bringing a stack up that has kind clusters or the client. */
  upInDocker: {
    programs: ["pulumi", "kind"],
    pieces: { names: [...PROGRAM.names, "kind", ...BY_HAND], kinds: [...PROGRAM.kinds, "engine", "image"] },
    engine: true,
  },
  /** Taking a stack away that has nothing in Docker: the program is not run for it. */
  down: { programs: ["pulumi"], pieces: { names: ["pulumi"], kinds: ["plugin"] }, engine: false },
  /** Taking a stack away that has something in Docker: no image is needed for it. */
  downInDocker: { programs: ["pulumi", "kind"], pieces: { names: ["pulumi", "kind"], kinds: ["plugin"] }, engine: true },
  /** The integration tests: everything that is not an image, API servers without Docker among it. */
  tests: { programs: [], pieces: { names: [], kinds: ["binary", "chart", "file", "plugin", "settings"] }, engine: false },
  /** The tests on real clusters. */
  testsInDocker: {
    programs: ["pulumi", "kind"],
    pieces: { names: [], kinds: ["binary", "chart", "file", "plugin", "settings", "engine", "image"] },
    engine: true,
  },
} as const satisfies Readonly<Record<string, Needs>>;

/**
 * The names of the air gap's pieces that something needs.
 *
 * @param steps all steps; the air gap's own unless given.
 */
export function piecesFor({ pieces }: Needs, steps: readonly Step[] = allSteps): string[] {
  return steps.filter(({ name, kind }) => pieces.names.includes(name) || pieces.kinds.includes(kind)).map(({ name }) => name);
}
