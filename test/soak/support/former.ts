/** The program as it was with outputs of version 1, to see what becomes of what it brought up. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../../support/run";

const REPOSITORY = resolve(__dirname, "../../..");

/** The last commit with outputs of version 1. It has to be in the clone: `git fetch --unshallow` brings it. */
const COMMIT = "c2d9c314814bc2d8ecb0b0570a7951bf60cbcfb5";

/** A folder with that program, which uses this repository's packages. */
export interface Former {
  readonly folder: string;
  /** Removes it. */
  remove(): void;
}

/** Writes that program into a folder of its own. */
export async function checkOutFormer(): Promise<Former> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-former-"));
  await run("sh", ["-c", `git archive --format=tar ${COMMIT} | tar -x -C "$1"`, "sh", folder], { cwd: REPOSITORY });
  for (const modules of ["node_modules", "airgap/node_modules"]) symlinkSync(join(REPOSITORY, modules), join(folder, modules));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
