import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "../../lib/errors";

/** Makes sure that a file can be written. @throws MeshError when its folder cannot be written to, or when it is a folder itself. */
export function requireWritable(file: string): void {
  const folder = path.dirname(path.resolve(file));
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    if (!fs.statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
    if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a folder");
  } catch (error) {
    throw new MeshError("output-needed", `${file} cannot be written: ${(error as Error).message}`, "Name a file in a folder that exists with --output.", EXIT.unusable);
  }
}
