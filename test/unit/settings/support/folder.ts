import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for each test of a group. Returns how to write a file into it, which gives the file's path. */
export function filesForEach(): (name: string, content: string) => string {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "usmesh-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}
