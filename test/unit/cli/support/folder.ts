import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Gives each test of the suite an empty folder, and takes it away afterwards. Call it inside `describe`. */
export function folderForEach(): () => string {
  let folder = "";
  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-unit-")));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}
