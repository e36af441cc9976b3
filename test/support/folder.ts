import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new private folder for temporary files, which goes with the process at the latest: also when no test of a file is run. */
export function ownFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
