import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "../../lib/errors";

/** Where the passphrase comes from that protects secrets in the state. */
export type PassphraseSource =
  /** The user's own `PULUMI_CONFIG_PASSPHRASE` or `PULUMI_CONFIG_PASSPHRASE_FILE`; nothing was done. */
  | { readonly from: "environment" }
  /** The file; `created` is true when this call made it. */
  | { readonly from: "file"; readonly file: string; readonly created: boolean };

/**
 * Makes sure that there is a passphrase: the environment's, else the file's; else it is asked for, else generated. The file is
 * readable by its owner alone, and an existing one that is not is closed to others.
 *
 * @param file where it is kept.
 * @param env the environment to read.
 * @param ask asks the user; resolves to an empty string to have one generated. Undefined: nobody is there to ask.
 * @throws MeshError when the file is empty or cannot be read or written.
 */
export async function ensurePassphrase(file: string, env: NodeJS.ProcessEnv, ask?: () => Promise<string>): Promise<PassphraseSource> {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE) return { from: "environment" };
  if (isThere(file)) return { from: "file", file, created: false };
  const chosen = ask === undefined ? "" : (await ask()).trim();
  const created = write(file, chosen || randomBytes(32).toString("base64url"));
  return { from: "file", file, created };
}

function isThere(file: string): boolean {
  let status: fs.Stats;
  try {
    status = fs.statSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw unusable(file, error);
  }
  if (!status.isFile()) throw unusable(file, new Error("it is not a file"));
  if (status.size === 0) {
    throw new MeshError(`the passphrase file ${file} is empty`, "Put the passphrase back, or remove the file and the state beside it.", EXIT.unusable);
  }
  if ((status.mode & 0o077) !== 0) fs.chmodSync(file, 0o600);
  return true;
}

/** Writes it whole or not at all, and never over another's: of two processes that write at once, one wins and both use its. */
function write(file: string, passphrase: string): boolean {
  const fresh = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(fresh, `${passphrase}\n`, { mode: 0o600, flush: true });
    fs.linkSync(fresh, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw unusable(file, error);
  } finally {
    fs.rmSync(fresh, { force: true });
  }
}

function unusable(file: string, error: unknown): MeshError {
  return new MeshError(
    `the passphrase file ${file} cannot be used: ${(error as Error).message}`,
    "Make its folder writable, or set MESH_HOME to another folder, or PULUMI_CONFIG_PASSPHRASE_FILE to a file of yours.",
    EXIT.unusable,
  );
}
