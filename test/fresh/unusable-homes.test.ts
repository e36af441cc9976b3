import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { Machine } from "./support/machine";
import { makeReadOnly } from "../support/read-only";
import { testRows, type Row } from "./support/rows";
import { skipBecause } from "./support/skip";

/** Below /proc no folder can be made, by root neither, and Node's own `mkdir` never returns there. */
const BELOW_PROC = "/proc/usmesh/home";

/** A message of one sentence on what is wrong and one on what to do. */
function oneMessage(stderr: string): void {
  expect(stderr.split("\n").filter((line) => /cannot be created|cannot be written to|is not a folder/.test(line)), stderr).to.have.length(1);
}

/** A command with a home that cannot be used: ends by itself, with the folder and the variable in its message. */
function refuses(variable: "MESH_HOME" | "MESH_AIRGAP_HOME", home: (machine: Machine) => string, where: string, says: RegExp, ...mesh: string[]): Row {
  return {
    title: `${mesh.join(" ")} with ${variable} ${where}`,
    mesh,
    state: (machine) => (machine.variables[variable] = home(machine)),
    exitCode: 2,
    says: [says, new RegExp(`name another folder in ${variable}\\.$`, "m")],
    then: (_machine, { stderr }) => oneMessage(stderr),
  };
}

const belowProc = (variable: "MESH_HOME" | "MESH_AIRGAP_HOME", ...mesh: string[]): Row =>
  refuses(variable, () => BELOW_PROC, "where no folder can be made", /the folder \/proc\/usmesh\/home cannot be created/, ...mesh);

const file = (machine: Machine): string => {
  const name = path.join(machine.folder, "file");
  fs.writeFileSync(name, "");
  return name;
};

/** A home with a file in the place of one of its folders. */
const withFileFor = (folder: string) => (machine: Machine): string => {
  const home = path.join(machine.folder, "own");
  fs.mkdirSync(home);
  fs.writeFileSync(path.join(home, folder), "");
  return home;
};

describe("where the state's folder cannot be used, ./mesh ends with one message and exit code 2:", () => {
  testRows([
    ...[["up"], ["up", "--preview"], ["up", "--json"], ["plan"], ["down"], ["verify"], ["env"]].map((mesh) => belowProc("MESH_HOME", ...mesh)),
    refuses("MESH_HOME", file, "at a file", /\/file is not a folder/, "up"),
    refuses("MESH_HOME", (machine) => `${file(machine)}/home`, "below a file", /\/file\/home cannot be created/, "down"),
    refuses("MESH_HOME", withFileFor("state"), "with a file where the state should be", /\/own\/state is not a folder/, "up"),
    refuses("MESH_HOME", withFileFor("config"), "with a file where the copies of the stacks' files should be", /\/own\/config is not a folder/, "plan"),
    {
      title: "up with a folder in the place of the passphrase",
      mesh: ["up"],
      state: (machine) => fs.mkdirSync(machine.mesh.passphrase, { recursive: true }),
      exitCode: 2,
      says: [/the passphrase file \S+ cannot be used: it is not a file/, /MESH_HOME/],
    },
    {
      title: "up with an empty passphrase",
      mesh: ["up"],
      state: (machine) => {
        fs.mkdirSync(machine.mesh.home, { recursive: true });
        fs.writeFileSync(machine.mesh.passphrase, "");
      },
      exitCode: 2,
      says: [/the passphrase file \S+ is empty/],
    },
  ]);
});

describe("where the air gap's folder cannot be used, ./mesh ends with one message and exit code 2:", () => {
  testRows([
    ...[["up"], ["up", "--preview"], ["up", "--json"], ["plan"], ["airgap", "build"]].map((mesh) => belowProc("MESH_AIRGAP_HOME", ...mesh)),
    refuses("MESH_AIRGAP_HOME", file, "at a file", /\/file is not a folder/, "up"),
    refuses("MESH_AIRGAP_HOME", file, "at a file", /\/file is not a folder/, "airgap", "status"),
    refuses("MESH_AIRGAP_HOME", file, "at a file", /\/file is not a folder/, "airgap", "clean"),
    refuses("MESH_AIRGAP_HOME", (machine) => `${file(machine)}/home`, "below a file", /\/file is not a folder/, "airgap", "status"),
    refuses("MESH_AIRGAP_HOME", withFileFor("steps"), "with a file where the stamps should be", /\/own\/steps is not a folder/, "up"),
    refuses("MESH_AIRGAP_HOME", withFileFor("bin"), "with a file where the programs should be", /\/own\/bin is not a folder/, "airgap", "build", "pause"),
  ]);
});

describe("where the air gap's folder cannot be used, ./mesh does without it what it can:", () => {
  const nowhere = (row: Row): Row => ({ ...row, state: (machine) => (machine.variables.MESH_AIRGAP_HOME = BELOW_PROC) });
  testRows([
    nowhere({ title: "down says that there is nothing to remove", mesh: ["down"], exitCode: 0, says: [/nothing to remove/] }),
    nowhere({ title: "verify says that nothing is up", mesh: ["verify"], exitCode: 2, says: [/stack local is not up/] }),
    nowhere({ title: "env says what is missing", mesh: ["env"], exitCode: 0, says: [/not built yet: pulumi/], prints: /PULUMI_BACKEND_URL/ }),
    nowhere({ title: "airgap clean has nothing to clean", mesh: ["airgap", "clean"], exitCode: 0, prints: /^Nothing to clean: \/proc\/usmesh\/home/ }),
  ]);
});

describe("where a folder is read-only, ./mesh ends with one message and exit code 2:", () => {
  for (const [variable, mesh] of [["MESH_HOME", "up"], ["MESH_HOME", "down"], ["MESH_AIRGAP_HOME", "up"]] as const) {
    it(`${mesh} with ${variable}`, async function () {
      const machine = new Machine();
      const folder = path.join(machine.folder, "read-only");
      fs.mkdirSync(folder);
      machine.variables[variable] = folder;
      const undo = makeReadOnly(folder);
      try {
        if (undo === undefined) return skipBecause(this, "neither permissions, attributes nor mounts keep this user from writing");
        const { code, stdout, stderr } = await machine.does(mesh);
        expect(code, stderr).to.equal(2);
        expect(stdout).to.equal("");
        expect(stderr).to.contain(`the folder ${folder} cannot be written to`).and.to.contain(variable);
        oneMessage(stderr);
        expect(fs.readdirSync(folder)).to.deep.equal([]);
      } finally {
        undo?.();
        machine.remove();
      }
    });
  }
});
