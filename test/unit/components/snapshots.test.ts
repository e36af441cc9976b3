import { expect } from "chai";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mayUpdate } from "../support/update";
import { redacted } from "./support/secrets";
import { clearOutputs, run, type Registered, type World } from "./support/world";

const UPDATE = mayUpdate("UPDATE_SNAPSHOTS");

/** Every URN is a promise: a change to a snapshot is a change on purpose. `UPDATE_SNAPSHOTS=1` writes them anew. */
describe("the resources of a stack are the committed ones", function () {
  // A whole program each: on a busy machine that takes its time.
  this.timeout(60_000);

  it("local: west and east in one stack", async () => compare("local", await run("local")));

  it("west, before east is up", async () => compare("west", await run("west")));

  it("east, with west up", async () => {
    const west = clearOutputs(await run("west"));
    compare("east", await run("east", { stacks: { west } }));
  });

  it("west again, with east up: the pair is wired", async () => {
    const first = clearOutputs(await run("west"));
    const east = clearOutputs(await run("east", { stacks: { west: first } }));
    compare("west-with-east", await run("west", { stacks: { west: first, east } }));
  });
});

function compare(name: string, world: World): void {
  const file = join(__dirname, "snapshots", `${name}.json`);
  const text = `${JSON.stringify(snapshot(world), undefined, 2)}\n`;
  if (UPDATE) writeFileSync(file, text);
  expect(existsSync(file), `${file} is missing: run with UPDATE_SNAPSHOTS=1 and commit it`).to.equal(true);
  expect(JSON.parse(text)).to.deep.equal(JSON.parse(readFileSync(file, "utf8")));
}

function snapshot({ resources, outputs }: World): unknown {
  const lines: object[] = [...resources].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map((resource) => ({ resource: key(resource), ...details(resource) }));
  return { resources: lines, outputs: redacted(outputs) };
}

function key({ name, type }: Registered): string {
  return `${name} ${type}`;
}

function details({ parent, provider, dependsOn, deletedWith, deleteBeforeReplace, secretOutputs, external, inputs }: Registered): object {
  return {
    parent,
    provider,
    dependsOn: dependsOn.length > 0 ? dependsOn : undefined,
    deletedWith,
    deleteBeforeReplace: deleteBeforeReplace || undefined,
    secretOutputs: secretOutputs.length > 0 ? secretOutputs : undefined,
    external: external || undefined,
    inputs: Object.keys(inputs).length > 0 ? redacted(inputs) : undefined,
  };
}
