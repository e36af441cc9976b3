import * as fs from "node:fs";
import * as path from "node:path";
import { type Example, isShown, readExamples, withOutputs } from "../../../tools/console";
import { mayUpdate } from "../../unit/support/update";
import { NAMES, restoreStackFiles, stackFiles, type TestMesh } from "../support/mesh";
import type { Terminal } from "../support/terminal";

const FILE = path.join(__dirname, "../../../docs/walkthrough.md");
const UPDATE = mayUpdate("UPDATE_WALKTHROUGH");
/** Heading of the part that changes the mesh: from there to the end of the page. */
const TRACES = "## Traces";

const markdown = fs.readFileSync(FILE, "utf8");
/** What commands printed that the page does not show, by their lines. Both parts add to it, since each of them writes the whole page. */
const outputs = new Map<number, string>();

/** The document's names, in the mesh under test. */
const own = (command: string): string =>
  command
    .replace(/\bkind-(west|east|\$)/g, (_, key: string) => `kind-${NAMES.network}-${key}`)
    .replace(/\bmypc\b/g, NAMES.client);
/** The other way round. */
const documented = (output: string): string => output.replaceAll(`${NAMES.network}-`, "").replaceAll(NAMES.network, "usmesh");

/** Runs the commands of docs/walkthrough.md, and compares what they print. `UPDATE_WALKTHROUGH=1` writes it down instead. */
export function walkthrough(mesh: TestMesh): void {
  runExamples(mesh, ({ line }) => line < tracesLine());
}

/** The same for the last part, which turns on what observes the mesh. */
export function walkthroughTraces(mesh: TestMesh): void {
  // For the tests of it that follow.
  before(() => mesh.change({ observability: { scrapeIntervalSeconds: 5 } }));
  runExamples(mesh, ({ line }) => line > tracesLine(), 'eval "$(./mesh env)" 2>/dev/null');
  after(() => mesh.forgetEnvironment());
}

function tracesLine(): number {
  const index = markdown.split("\n").indexOf(TRACES);
  if (index < 0) throw new Error(`docs/walkthrough.md has no heading ${TRACES}`);
  return index + 1;
}

/** @param first what the shell has to run before them */
function runExamples(mesh: TestMesh, wanted: (example: Example) => boolean, first = ":"): void {
  const tracked = stackFiles();
  let terminal: Terminal;

  before(async () => {
    terminal = mesh.terminal();
    await terminal.run(first);
  });
  after(() => {
    terminal.close();
    restoreStackFiles(tracked);
    if (UPDATE) fs.writeFileSync(FILE, withOutputs(markdown, outputs));
  });

  for (const example of readExamples(markdown).filter(wanted)) {
    it(`line ${example.line}: ${example.command.split("\n")[0]}`, async () => {
      const output = documented(await terminal.run(own(example.command)));
      if (isShown(example, output)) return;
      if (!UPDATE) throw new Error(`docs/walkthrough.md shows at line ${example.line}:\n${example.expected.join("\n")}\n\nthe command printed:\n${output}`);
      outputs.set(example.line, output);
    });
  }
}
