import { expect } from "chai";
import { airgapPaths } from "../../airgap/builder/paths";
import { meshEnvironment } from "../../cli/lib/environment";
import { meshPaths } from "../../lib/paths";
import type { Summary } from "../../tools/test/summary";
import { testRows } from "./support/rows";

/** A test whose outcome depends on the settings, and so on `USMESH_SETTINGS`. */
const SENSITIVE = "the program before its first resource leaves a peer out that was never initialised";

describe('after eval "$(./mesh env)", ./mesh', () => {
  testRows([
    {
      title: "test unit takes nothing from the variables",
      mesh: ["test", "unit", "--json", "--grep", `^${SENSITIVE}`],
      state: (machine) => {
        const places = { mesh: meshPaths("/nowhere/mesh"), airgapPaths: airgapPaths("/nowhere/airgap"), stacks: ["local"] };
        const variables = meshEnvironment({ airgap: true, ...places, env: { PATH: machine.bin } });
        Object.assign(machine.variables, variables, { MESH_HOME: "/nowhere/mesh", MESH_STACKS: "/nowhere/stacks", MESH_AIRGAP_HOME: "/nowhere/airgap" });
      },
      exitCode: 0,
      says: [/test unit/],
      prints: /^\{/,
      then: (_machine, { stdout }) => expect(JSON.parse(stdout) as Summary).to.include({ passed: 1, failed: 0 }),
    },
  ]);
});
