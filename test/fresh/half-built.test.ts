import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { statusSchema } from "../../airgap/builder/status";
import { NEEDS, piecesFor } from "../../cli/lib/needs";
import { Built, makeOlder, replaceFile, takeAway } from "./support/built";
import type { Ended, Machine } from "./support/machine";
import { testRows, type Row } from "./support/rows";
import { skipBecause } from "./support/skip";

const NO_GO = /go 1\.26 or newer is needed and is not on PATH/;
const NO_PYTHON = /python3 is needed/;

/** Everything that a preview needs. */
const PIECES = piecesFor(NEEDS.preview);

/** A stack that was brought up once: Pulumi's own file of its state. */
function standing(machine: Machine): void {
  const folder = path.join(machine.mesh.state, ".pulumi", "stacks", "usmesh");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "local.json"), '{"version": 3, "checkpoint": {"stack": "organization/usmesh/local"}}');
}

function tellsEachPiece(_machine: Machine, { stdout }: Ended): void {
  const { pieces } = statusSchema.parse(JSON.parse(stdout));
  const state = (name: string): string => pieces.filter((piece) => piece.name === name).map((piece) => `${piece.state}: ${piece.problem ?? ""}`).join();
  expect(state("helm")).to.equal("damaged: bin/helm is gone");
  expect(state("pulumi-language-nodejs")).to.match(/^damaged: bin\/pulumi-language-nodejs has 3 bytes instead of \d{7,}$/);
  expect(state("pulumi")).to.equal("changed: its pin, sources or recipe changed");
  expect(state("istio-charts")).to.equal("missing: not built yet");
  expect(state("metallb-chart")).to.equal("ready: ");
}

describe("on a machine where only some of it was built, ./mesh", () => {
  let built: Built;

  before(async function () {
    built = await Built.find();
    const missing = built.missing(PIECES);
    if (missing.length > 0) skipBecause(this, `not built on this machine: ${missing.join(", ")}; ./mesh test fresh builds them`);
  });

  /** A row on a machine with all that a preview needs, of which some is changed. */
  const half = (row: Row): Row => ({
    ...row,
    state: (machine) => {
      built.link(PIECES, machine.airgap);
      row.state?.(machine);
    },
  });

  testRows([
    half({
      title: "up --preview says that Go is missing when a program is gone",
      mesh: ["up", "--preview"],
      state: (machine) => fs.rmSync(path.join(machine.airgap.bin, "pulumi-language-nodejs")),
      exitCode: 2,
      says: [NO_GO],
      neverSays: [NO_PYTHON, /ENOENT/],
    }),
    half({
      title: "plan does not use a program of an older version",
      mesh: ["plan"],
      state: (machine) => makeOlder(machine.airgap, "pulumi"),
      exitCode: 2,
      says: [NO_GO],
      neverSays: [NO_PYTHON],
    }),
    half({
      title: "verify wants Pulumi where a stack stands, and nothing else",
      mesh: ["verify"],
      state: (machine) => {
        standing(machine);
        takeAway(machine.airgap, "pulumi");
      },
      exitCode: 2,
      says: [NO_GO],
      neverSays: [NO_PYTHON, /was not found/],
    }),
    half({
      title: "verify with Pulumi and nothing else says that a stack which exports nothing is not up",
      mesh: ["verify"],
      state: (machine) => {
        standing(machine);
        takeAway(machine.airgap, "pulumi-language-nodejs", "pulumi-plugins", "settings", "helm", "istio-charts");
      },
      exitCode: 2,
      says: [/stack local is not up/, /\.\/mesh up$/m],
      neverSays: [NO_GO],
    }),
    half({
      title: "down wants Pulumi where a stack stands, and no image",
      mesh: ["down"],
      state: (machine) => {
        standing(machine);
        takeAway(machine.airgap, "pulumi");
      },
      exitCode: 2,
      says: [NO_GO],
      neverSays: [NO_PYTHON, /Docker engine/],
    }),
    half({
      title: "down with Pulumi and its plugins takes the stack away, without the charts, the settings and the language host",
      mesh: ["down"],
      state: (machine) => {
        standing(machine);
        takeAway(machine.airgap, "pulumi-language-nodejs", "settings", "helm", "istio-charts", "metallb-chart");
      },
      exitCode: 0,
      neverSays: [NO_GO, /nothing to remove/],
      prints: /Resources|Destroying|no resources/i,
      then: (machine) => expect(fs.readdirSync(path.join(machine.mesh.state, ".pulumi", "stacks", "usmesh")).filter((name) => name.endsWith(".json"))).to.deep.equal([]),
    }),
    half({
      title: "env points at what is there and names the rest",
      mesh: ["env", "--json"],
      state: (machine) => fs.rmSync(machine.airgap.settings),
      exitCode: 0,
      says: [/not built yet: kind, kubectl, istioctl, the air gap's settings\./],
      prints: /"PULUMI_HOME"/,
      then: (machine, { stdout }) => {
        const variables = JSON.parse(stdout) as Record<string, string>;
        expect(variables).to.include({ PULUMI_HOME: machine.airgap.pulumiHome, PATH: `${machine.airgap.bin}:${machine.bin}` });
        expect(variables).not.to.have.property("USMESH_SETTINGS");
      },
    }),
    half({
      title: "airgap status tells what is gone, cut short, of another version or never finished",
      mesh: ["airgap", "status", "--json"],
      state: ({ airgap }) => {
        fs.rmSync(path.join(airgap.bin, "helm"));
        replaceFile(path.join(airgap.bin, "pulumi-language-nodejs"), "cut");
        makeOlder(airgap, "pulumi");
        replaceFile(path.join(airgap.steps, "istio-charts.json"), '{"schema": 1, "na');
      },
      exitCode: 1,
      prints: /^\{/,
      then: tellsEachPiece,
    }),
  ]);
});
