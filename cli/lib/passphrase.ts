import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "../../lib/errors";

/** Where the passphrase for the secrets in the state comes from. */
export type PassphraseSource =
  /** `PULUMI_CONFIG_PASSPHRASE` or `PULUMI_CONFIG_PASSPHRASE_FILE`, which the user has set; nothing was done. */
  | { readonly from: "environment" }
  /** The file; `created` is true when this call created it. */
  | { readonly from: "file"; readonly file: string; readonly created: boolean };

/**
 * Makes sure that there is a passphrase: the environment's, else the file's, else one that the user types or that is generated. Only its
 * owner can read the file; the permissions of an existing one are corrected.
 *
 * @param file where it is kept.
 * @param env the environment to read.
 * @param ask asks the user; resolves to an empty string when one is to be generated. Undefined: there is nobody to ask.
 * @throws MeshError when the passphrase is empty, or its file cannot be read or written.
 */
export async function ensurePassphrase(file: string, env: NodeJS.ProcessEnv, ask?: () => Promise<string>): Promise<PassphraseSource> {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return fromVariable(env.PULUMI_CONFIG_PASSPHRASE);
  if (env.PULUMI_CONFIG_PASSPHRASE_FILE) return fromFile(env.PULUMI_CONFIG_PASSPHRASE_FILE);
  if (exists(file)) return { from: "file", file, created: false };
  const chosen = ask === undefined ? "" : (await ask()).trim();
  const created = write(file, chosen || randomBytes(32).toString("base64url"));
  return { from: "file", file, created };
}

/** With an empty passphrase everybody who has the state has what is secret in it. */
function fromVariable(passphrase: string): PassphraseSource {
  if (passphrase.trim() !== "") return { from: "environment" };
  throw new MeshError(
    "passphrase-empty",
    "PULUMI_CONFIG_PASSPHRASE is empty",
    "An empty passphrase protects nothing. Set it to the passphrase of the state, or unset it: then the file in MESH_HOME has it.\nOf a stack with an empty one: pulumi stack change-secrets-provider passphrase",
    EXIT.unusable,
  );
}

function fromFile(file: string): PassphraseSource {
  // Pulumi reports a file that it cannot read.
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8").trim() === "") throw empty(file, "Write the passphrase of the state into it, or unset PULUMI_CONFIG_PASSPHRASE_FILE.");
  return { from: "environment" };
}

function empty(file: string, hint: string): MeshError {
  return new MeshError("passphrase-empty", `the passphrase file ${file} is empty`, hint, EXIT.unusable);
}

function exists(file: string): boolean {
  let status: fs.Stats;
  try {
    status = fs.statSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw unusable(file, error);
  }
  if (!status.isFile()) throw unusable(file, new Error("it is not a file"));
  if (fs.readFileSync(file, "utf8").trim() === "") throw empty(file, "Restore the passphrase, or remove the file and the state beside it.");
  if ((status.mode & 0o077) !== 0) fs.chmodSync(file, 0o600);
  return true;
}

/** Writes the whole file or nothing, and never over an existing one: of two processes at the same time, both use the same passphrase. */
function write(file: string, passphrase: string): boolean {
  const temporary = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(temporary, `${passphrase}\n`, { mode: 0o600, flush: true });
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw unusable(file, error);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function unusable(file: string, error: unknown): MeshError {
  return new MeshError(
    "passphrase-file-unusable",
    `the passphrase file ${file} cannot be used: ${(error as Error).message}`,
    "Make its folder writable, or set MESH_HOME to another folder, or PULUMI_CONFIG_PASSPHRASE_FILE to a file of yours.",
    EXIT.unusable,
  );
}
