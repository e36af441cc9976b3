import * as fs from "node:fs";
import * as path from "node:path";
import { isShown, readExamples, withOutputs } from "../../../tools/console";
import { mayUpdate } from "../../unit/support/update";
import { NAMES, restoreStackFiles, stackFiles, type TestMesh } from "../support/mesh";
import type { Terminal } from "../support/terminal";

const FILE = path.join(__dirname, "../../../docs/walkthrough.md");
const UPDATE = mayUpdate("UPDATE_WALKTHROUGH");

/** The document's names, in the mesh under test. */
const own = (command: string): string =>
  command
    .replace(/\bkind-(west|east|\$)/g, (_, key: string) => `kind-${NAMES.network}-${key}`)
    .replace(/\bmypc\b/g, NAMES.client);
/** The other way round. */
const documented = (output: string): string => output.replaceAll(`${NAMES.network}-`, "").replaceAll(NAMES.network, "usmesh");

/** Runs the commands of docs/walkthrough.md, and compares what they print. `UPDATE_WALKTHROUGH=1` writes it down instead. */
export function walkthrough(mesh: TestMesh): void {
  const markdown = fs.readFileSync(FILE, "utf8");
  const outputs = new Map<number, string>();
  const tracked = stackFiles();
  let terminal: Terminal;

  before(() => void (terminal = mesh.terminal()));
  after(() => {
    terminal.close();
    restoreStackFiles(tracked);
    if (UPDATE) fs.writeFileSync(FILE, withOutputs(markdown, outputs));
  });

  for (const example of readExamples(markdown)) {
    it(`line ${example.line}: ${example.command.split("\n")[0]}`, async () => {
      const output = documented(await terminal.run(own(example.command)));
      if (isShown(example, output)) return;
      if (!UPDATE) throw new Error(`docs/walkthrough.md shows at line ${example.line}:\n${example.expected.join("\n")}\n\nthe command printed:\n${output}`);
      outputs.set(example.line, output);
    });
  }
}
