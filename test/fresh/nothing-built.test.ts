import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { select } from "../../airgap/builder/graph";
import { statusSchema } from "../../airgap/builder/status";
import { allSteps } from "../../airgap/steps";
import { NEEDS, piecesFor, type Needs } from "../../cli/lib/needs";
import type { Ended, Machine } from "./support/machine";
import { testRows, type Row } from "./support/rows";

const NO_GO = /go 1\.26 or newer is needed and is not on PATH/;
const NO_PYTHON = /python3 is needed and is not on PATH/;

/** Makes the stack one that needs no Docker engine. */
function clusterThatIsThere(machine: Machine): void {
  const kubeconfig = path.join(machine.folder, "kubeconfig.yaml");
  fs.writeFileSync(kubeconfig, "");
  machine.configure(`config:\n  usmesh:clusters:\n    west: { driver: existing, kubeconfig: ${kubeconfig}, context: west }\n`);
}

/** Refused before anything was tried: no folder holds more than the state's passphrase and what could be reached. */
function onlyAsked(machine: Machine): void {
  const files = machine.inHome().filter((name) => fs.statSync(`${machine.home}/${name}`).isFile());
  expect(files).to.have.members([".local/state/usmesh/cache/out-of-reach.json", ".local/state/usmesh/passphrase"]);
}

/** Nothing was made but the empty folder that is for the state. */
function madeNothing(machine: Machine): void {
  expect(machine.inHome()).to.deep.equal([".local", ".local/state", ".local/state/usmesh"]);
}

function madeNothingAtAll(machine: Machine): void {
  expect(machine.inHome()).to.deep.equal([]);
}

/** A command that has to build something, and cannot without Go. */
function needsGo(...mesh: string[]): Row {
  const title = `${mesh.join(" ")} says that Go is missing, before it does anything`;
  return { title, mesh, exitCode: 2, says: [NO_GO], neverSays: [/ENOENT/, /Docker engine/, /to build: about/], then: onlyAsked };
}

/** Settings of the user's own that are wrong are refused before anything is looked for that is needed to build. */
function refusesSettings(...mesh: string[]): Row {
  return {
    title: `${mesh.join(" ")} refuses wrong settings before it looks for what it needs`,
    mesh,
    state: (machine) => machine.configure("config:\n  usmesh:clusters:\n    west: { regio: westus }\n"),
    exitCode: 2,
    says: [/1 setting is wrong in stack local/, /usmesh:clusters\.west\.regio: .*Did you mean "region"/],
    neverSays: [NO_GO],
    then: onlyAsked,
  };
}

function installIdleTools(machine: Machine): void {
  machine.install("go", path.join(__dirname, "support", "idle-go.sh"));
  machine.install("python3", path.join(__dirname, "support", "idle-python.sh"));
}

/** A command that begins to build, with a Go that ends it at the first piece. */
function beginsToBuild(needs: Needs, exitCode: number, mesh: readonly string[], stack?: (machine: Machine) => void): Row {
  const count = select(allSteps, piecesFor(needs)).length;
  return {
    title: `${mesh.join(" ")}${stack ? " for clusters that are there" : ""} begins to build the ${count} pieces that it needs`,
    mesh,
    state: (machine) => {
      installIdleTools(machine);
      stack?.(machine);
    },
    exitCode,
    says: [new RegExp(`^${count} pieces to build: about`, "m"), /building \S+ failed: go ended with exit code 1/, /this Go builds nothing/],
    neverSays: [/Docker engine/, /ENOENT/],
  };
}

/** Every path that the variables name. */
function pathsIn({ KUBECONFIG: _none, ...variables }: Readonly<Record<string, string>>): string[] {
  return Object.values(variables).flatMap((value) => value.replace(/^file:\/\//, "").replace(/\?.*/, "").split(":")).filter((part) => part.startsWith("/"));
}

function leadsToNothingMissing(_machine: Machine, { stdout }: Ended): void {
  const variables = JSON.parse(stdout) as Record<string, string>;
  expect(variables).to.include.keys("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE", "KUBECONFIG");
  expect(pathsIn(variables).filter((file) => !fs.existsSync(file))).to.deep.equal([]);
}

function listsAllAsMissing(machine: Machine, { stdout }: Ended): void {
  const status = statusSchema.parse(JSON.parse(stdout));
  expect(status).to.include({ ready: false, home: machine.airgap.home });
  expect(status.pieces.filter(({ kind, state }) => kind !== "engine" && state !== "missing")).to.deep.equal([]);
  madeNothingAtAll(machine);
}

describe("on a machine where nothing was built, ./mesh", () => {
  testRows([
    { title: "without a command says how to begin", mesh: [], exitCode: 0, prints: /Start with: {2}\.\/mesh up/, then: madeNothingAtAll },
    { title: "up --help explains the command", mesh: ["up", "--help"], exitCode: 0, prints: /brings? stacks up/i, then: madeNothingAtAll },
    { ...needsGo("up"), says: [/air gap: .*out of reach: Pulumi/, NO_GO, NO_PYTHON] },
    needsGo("up", "--json"),
    { ...needsGo("up", "west", "east"), title: "up west east does the same with two stacks" },
    { ...needsGo("up", "--preview"), neverSays: [/ENOENT/, /Docker engine/, NO_PYTHON] },
    needsGo("plan"),
    { ...needsGo("plan", "--all", "--json"), title: "plan --all --json says so too, and prints nothing that could be taken for a plan" },
    refusesSettings("up"),
    refusesSettings("up", "--preview"),
    { ...refusesSettings("plan"), says: [], prints: /usmesh:clusters\.west\.regio: .*Did you mean "region"/ },
    {
      title: "up refuses a stack that has no file, and makes nothing",
      mesh: ["up", "north"],
      exitCode: 2,
      says: [/there is no stack "north"/, /Existing stacks: east, local, west/],
      then: madeNothingAtAll,
    },
    {
      title: "up refuses a stack's file that is not YAML",
      mesh: ["up"],
      state: (machine) => machine.configure("config:\n  usmesh:demo: [true\n"),
      exitCode: 2,
      says: [/Pulumi\.local\.yaml is not YAML/],
      neverSays: [NO_GO],
    },
    {
      title: "up refuses a folder of stacks that is not there",
      mesh: ["up"],
      state: (machine) => (machine.variables.MESH_STACKS = "/nowhere"),
      exitCode: 2,
      says: [/\/nowhere cannot be read/, /MESH_STACKS/],
      then: madeNothingAtAll,
    },
    {
      title: "up with Go and Python looks for the Docker engine before it builds for twenty minutes",
      mesh: ["up"],
      state: installIdleTools,
      exitCode: 2,
      says: [/the Docker engine at unix:\/\/\S*no-docker\.sock does not answer/],
      neverSays: [/to build: about/],
      then: onlyAsked,
    },
    {
      title: "up finds out again what can be reached when what it remembers has another form",
      mesh: ["up"],
      state: ({ mesh }) => {
        fs.mkdirSync(mesh.cache, { recursive: true });
        fs.writeFileSync(path.join(mesh.cache, "out-of-reach.json"), JSON.stringify({ at: Math.floor(Date.now() / 1000), sites: [] }));
      },
      exitCode: 2,
      says: [/out of reach: Pulumi/, NO_GO],
    },
    beginsToBuild(NEEDS.preview, 1, ["up", "--preview"]),
    beginsToBuild(NEEDS.preview, 2, ["plan"]),
    beginsToBuild(NEEDS.up, 1, ["up"], clusterThatIsThere),
    { title: "down says that there is nothing to remove", mesh: ["down"], exitCode: 0, says: [/nothing to remove in local; see/], then: madeNothing },
    {
      title: "down --engine stops no engine that it did not start",
      mesh: ["down", "west", "east", "--engine"],
      exitCode: 0,
      says: [/nothing to remove in west, east; see/, /engine is not one that \.\/mesh started/],
      then: madeNothing,
    },
    { title: "verify says what to run first", mesh: ["verify"], exitCode: 2, says: [/stack local is not up/, /\.\/mesh up$/m], then: madeNothing },
    {
      title: "verify west east --json says what to run first, and prints no report",
      mesh: ["verify", "west", "east", "--json"],
      exitCode: 2,
      says: [/the stacks west, east are not up/, /\.\/mesh up west east$/m],
      then: madeNothing,
    },
    ...["topology", "watch"].map(
      (command): Row => ({ title: `${command} says what to run first`, mesh: [command], exitCode: 2, says: [/stack local is not up/, /\.\/mesh up$/m], then: madeNothing }),
    ),
    { title: "trace says what to run first", mesh: ["trace", "west/shop/web", "catalog"], exitCode: 2, says: [/stack local is not up/], then: madeNothing },
    { title: "trace refuses what is not a workload before anything else", mesh: ["trace", "web", "catalog"], exitCode: 2, says: [/"web" is not the name of a workload/], then: madeNothingAtAll },
    {
      title: "topology refuses to renew a picture without a file",
      mesh: ["topology", "--watch", "--format", "svg"],
      exitCode: 2,
      says: [/--watch with --format svg needs a file/, /--output mesh\.svg/],
      then: madeNothingAtAll,
    },
    { title: "upgrade says what to run first", mesh: ["upgrade", "--to", "1.31.4"], exitCode: 2, says: [/stack local is not up/, /\.\/mesh up$/m], then: madeNothing },
    {
      title: "upgrade refuses --rollback together with a version, before anything else",
      mesh: ["upgrade", "--rollback", "--to", "1.31.4"],
      exitCode: 2,
      says: [/--rollback was given with another version/],
      then: madeNothingAtAll,
    },
    {
      title: "drill says what to run first, also where nobody can be asked",
      mesh: ["drill", "--json"],
      exitCode: 2,
      says: [/stack local is not up/, /\.\/mesh up$/m],
      then: madeNothing,
    },
    {
      title: "drill explains a pair that the shell took for a redirection",
      mesh: ["drill", "--pair", "west-"],
      exitCode: 2,
      says: [/the shell took what follows "west-"/, /--pair west:/],
      then: madeNothingAtAll,
    },
    {
      title: "env --json names no path that is not there, and says what is missing and how to get it",
      mesh: ["env", "--json"],
      exitCode: 0,
      says: [/not built yet: pulumi, kind, kubectl, helm, istioctl.*\.\/mesh up/, /docker is missing/, /no stack is up/],
      prints: /PULUMI_BACKEND_URL/,
      then: leadsToNothingMissing,
    },
    {
      title: "env with official downloads says where to get what is missing",
      mesh: ["env"],
      state: (machine) => (machine.variables.MESH_AIRGAP = "0"),
      exitCode: 0,
      says: [/missing on PATH: pulumi, docker, kind, kubectl, helm, istioctl/, /Install pulumi: https:/],
      prints: /^export PULUMI_BACKEND_URL=/m,
    },
    {
      title: "env --json with official downloads says so on standard error, and keeps standard output for the variables",
      mesh: ["env", "--json"],
      state: (machine) => (machine.variables.MESH_AIRGAP = "0"),
      exitCode: 0,
      says: [/^mesh: missing on PATH: pulumi, docker, kind, kubectl, helm, istioctl/m, /Install kubectl: https:\/\//],
      prints: /^\{/,
      then: (_machine, { stdout }) => expect(JSON.parse(stdout)).to.have.property("PULUMI_BACKEND_URL"),
    },
    {
      title: "up with official downloads says where to get what is missing",
      mesh: ["up"],
      state: (machine) => (machine.variables.MESH_AIRGAP = "0"),
      exitCode: 2,
      says: [/missing on PATH: pulumi, kind$/m, /Install pulumi: https:/, /MESH_AIRGAP=1/],
    },
    { title: "airgap status lists every piece as missing", mesh: ["airgap", "status"], exitCode: 1, prints: /^pulumi +missing: not built yet[^]*\n0 of \d+ ready/m },
    { title: "airgap status --json does so as data", mesh: ["airgap", "status", "--json"], exitCode: 1, prints: /^\{/, then: listsAllAsMissing },
    { title: "airgap build says that Go is missing", mesh: ["airgap", "build", "pause"], exitCode: 2, says: [NO_GO], neverSays: [NO_PYTHON, /ENOENT/] },
    { title: "airgap build lists the pieces when it does not know one", mesh: ["airgap", "build", "nonsense"], exitCode: 2, says: [/there is no air-gap piece nonsense; there are: .*pulumi/] },
    { title: "airgap clean has nothing to clean", mesh: ["airgap", "clean", "--all"], exitCode: 0, prints: /^Nothing to clean/, then: madeNothingAtAll },
    { title: "test lists the parts when it does not know one", mesh: ["test", "nonsense"], exitCode: 2, says: [/there is no part "nonsense"/, /lint, types, unit, fresh/], then: madeNothingAtAll },
  ]);
});
