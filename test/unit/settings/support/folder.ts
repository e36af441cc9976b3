import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderForEach } from "../../cli/support/folder";

/** A way to write a file for one test: returns the path of the file. Call it inside `describe`. */
export function filesForEach(): (name: string, content: string) => string {
  const folder = folderForEach();
  return (name, content) => {
    const path = join(folder(), name);
    writeFileSync(path, content);
    return path;
  };
}
