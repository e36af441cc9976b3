// Keeps the directions of imports, and imports without circles. `./mesh test lint` runs it over everything, types included.

/** What each folder may import besides itself. A folder is below another when the other may import it. */
const MAY_IMPORT = {
  lib: [],
  topology: ["lib"],
  trust: ["lib", "topology"],
  outputs: ["lib", "topology", "trust"],
  components: ["lib", "topology", "trust", "outputs"],
  provider: ["lib", "topology", "trust", "outputs", "components"],
  demo: ["lib", "topology", "trust", "outputs", "components"],
  settings: ["lib", "topology", "trust", "outputs"],
  program: ["lib", "topology", "trust", "outputs", "components", "demo", "settings"],
  "index.ts": ["lib", "topology", "trust", "outputs", "components", "demo", "settings", "program"],
  airgap: ["lib"],
  cli: ["lib", "topology", "trust", "outputs", "components", "demo", "settings", "program", "airgap"],
  automation: ["lib", "cli"],
  tools: ["lib", "airgap", "cli"],
};

/** Files and folders that may import more, and why. */
const EXCEPTIONS = [
  {
    from: "settings/checks/charts.ts",
    to: ["components/charts/istio-values.ts", "components/charts/istio-value-problems.ts", "components/charts/metallb-values.ts", "components/charts/kiali-values.ts", "components/kind/kind-config.ts"],
    why: "It looks for values that the components set themselves, and for values that break a mesh. These files compute them and create no resources.",
  },
  {
    from: "settings/checks/observability.ts",
    to: ["components/observability/memory.ts"],
    why: "It looks for too little memory, of which this file computes the parts.",
  },
  {
    from: "tools/reference.ts",
    to: ["settings/keys.ts", "settings/schema.ts"],
    why: "It writes the reference of the settings from their schema.",
  },
  { from: "cli/commands/test.ts", to: ["tools/test"], why: "The command runs the parts of the tests." },
  { from: "cli/commands/bench.ts", to: ["bench"], why: "The command runs the cases of the benchmark." },
];

/** Folders that may import everything, and that nothing else may import. */
const FREE = ["bench", "examples", "test"];

/** A regular expression for the paths of a file, or of what is in a folder. */
const pattern = (name) => (name.endsWith(".ts") ? `^${name.replaceAll(".", "\\.")}$` : `^${name}/`);
const anyOf = (names) => names.map(pattern).join("|");
const all = anyOf([...Object.keys(MAY_IMPORT), ...FREE]);

const directions = Object.entries(MAY_IMPORT).flatMap(([folder, others]) => {
  const exceptions = EXCEPTIONS.filter(({ from }) => from === folder || from.startsWith(`${folder}/`));
  const rule = (name, from, extra) => ({
    name,
    severity: "error",
    comment: `${folder} may import ${["itself", ...others].join(", ")} and nothing else of this repository.`,
    from,
    to: { path: all, pathNot: anyOf([folder, ...others, ...extra]) },
  });
  return [
    rule(`directions-of-${folder}`, { path: pattern(folder), ...(exceptions.length > 0 && { pathNot: anyOf(exceptions.map(({ from }) => from)) }) }, []),
    ...exceptions.map(({ from, to }) => rule(`directions-of-${from}`, { path: pattern(from) }, to)),
  ];
});

export default {
  forbidden: [
    ...directions,
    {
      name: "no-circles",
      severity: "error",
      comment: "Modules that import each other cannot be understood, or loaded, one after the other.",
      from: {},
      to: { circular: true },
    },
    {
      name: "air-gap-facade",
      severity: "error",
      comment: "The air gap is used through airgap/index.ts, which loads what is heavy when it is called.",
      from: { pathNot: anyOf(["airgap", ...FREE]) },
      to: { path: "^airgap/", pathNot: "^airgap/index\\.ts$" },
    },
  ],
  options: {
    includeOnly: { path: all },
    exclude: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
