import { expect } from "chai";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mayUpdate } from "../support/update";
import { meet } from "./support/meet";
import { redacted } from "./support/secrets";
import { run, type Registered, type World } from "./support/world";

const UPDATE = mayUpdate("UPDATE_SNAPSHOTS");

/** The resources of a stack by name and type, and its outputs. */
interface Snapshot {
  readonly resources: Readonly<Record<string, object>>;
  readonly outputs: unknown;
}

/**
 * A URN must not change without an alias, so a change of a snapshot must be intended. `UPDATE_SNAPSHOTS=1` writes the files. `local`
 * is whole; the other files hold only what differs from it.
 */
describe("the resources of a stack are the committed ones", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  let local: Snapshot;
  before(async () => {
    local = snapshot(await run("local"));
  });

  it("local: west and east in one stack", () => compare("local", local));

  it("west, before east is up", async () => compare("west", difference(snapshot(await run("west")), local)));

  describe("while they meet", () => {
    let runs: readonly World[];
    before(async () => {
      ({ runs } = await meet());
    });

    it("east, before west has signed", () => compare("east-unsigned", difference(snapshot(runs[1]!), local)));

    it("west, when it signs for east", () => compare("west-signing", difference(snapshot(runs[2]!), local)));

    it("east, with west up", () => compare("east", difference(snapshot(runs[3]!), local)));

    it("west again, with east up: the pair is wired", () => compare("west-with-east", difference(snapshot(runs[4]!), local)));
  });
});

function compare(name: string, value: object): void {
  const file = join(__dirname, "snapshots", `${name}.json`);
  const text = `${JSON.stringify(value, undefined, 2)}\n`;
  if (UPDATE) writeFileSync(file, text);
  expect(existsSync(file), `${file} is missing: run with UPDATE_SNAPSHOTS=1 and commit it`).to.equal(true);
  expect(JSON.parse(text)).to.deep.equal(JSON.parse(readFileSync(file, "utf8")));
}

function snapshot({ resources, outputs }: World): Snapshot {
  const lines = resources.map((resource) => [`${resource.name} ${resource.type}`, details(resource)] as const);
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
  // Two resources with the same name and type would be one line here.
  expect(new Set(sorted.map(([key]) => key)).size).to.equal(resources.length);
  return JSON.parse(JSON.stringify({ resources: Object.fromEntries(sorted), outputs: redacted(outputs) })) as Snapshot;
}

/** A snapshot without what it has in common with another one: resources that are the same are only named. */
function difference({ resources, outputs }: Snapshot, base: Snapshot): object {
  const same = (key: string): boolean => JSON.stringify(resources[key]) === JSON.stringify(base.resources[key]);
  const keys = Object.keys(resources);
  return {
    same: keys.filter(same),
    missing: Object.keys(base.resources).filter((key) => !(key in resources)),
    resources: Object.fromEntries(keys.filter((key) => !same(key)).map((key) => [key, resources[key]])),
    outputs,
  };
}

function details({ name: _name, type: _type, custom: _custom, ...resource }: Registered): object {
  const { dependsOn, deleteBeforeReplace, secretOutputs, external, inputs, ...options } = resource;
  return {
    ...options,
    dependsOn: dependsOn.length > 0 ? dependsOn : undefined,
    deleteBeforeReplace: deleteBeforeReplace || undefined,
    secretOutputs: secretOutputs.length > 0 ? secretOutputs : undefined,
    external: external || undefined,
    inputs: Object.keys(inputs).length > 0 ? redacted(inputs) : undefined,
  };
}
