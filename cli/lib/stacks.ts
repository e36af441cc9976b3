import * as fs from "node:fs";
import * as path from "node:path";
import { parse, parseDocument } from "yaml";
import { EXIT, MeshError } from "../../lib/errors";
import { repositoryRoot, stacksFolder } from "../../lib/paths";
import { replaceFile } from "../../lib/writable";

/** The cloud services that Pulumi can have encrypt a stack's secrets. */
const SECRETS_PROVIDER = /^(awskms|azurekeyvault|gcpkms|hashivault):\/\/\S+$/;

/** What a stack's file may say when a passphrase protects the secrets. */
const PASSPHRASE = ["", "default", "passphrase"];

/** What in a stack's file says how its secrets are encrypted. */
const SECRETS_KEYS = ["encryptionsalt", "secretsprovider", "encryptedkey"];

/** What is used of a stack's file. */
interface StackFile {
  readonly config?: Readonly<Record<string, unknown>> | null;
  readonly secretsprovider?: unknown;
}

/** The project's stacks, with their files in the folder that `MESH_STACKS` names. */
export function stackFiles(env: NodeJS.ProcessEnv = process.env): StackFiles {
  return new StackFiles(repositoryRoot, stacksFolder(env));
}

/** The stacks of a project: one file `Pulumi.<stack>.yaml` each. */
export class StackFiles {
  /**
   * @param root folder with Pulumi.yaml.
   * @param folder folder with the stacks' files. Default: beside Pulumi.yaml.
   * @param texts texts that are read instead of files, by stack. Default: none.
   */
  constructor(
    readonly root: string,
    private readonly folder: string = root,
    private readonly texts: Readonly<Record<string, string>> = {},
  ) {}

  /** The project's name, from Pulumi.yaml. */
  get project(): string {
    return String((parse(fs.readFileSync(path.join(this.root, "Pulumi.yaml"), "utf8")) as { name: unknown }).name);
  }

  /**
   * Names of all stacks, sorted.
   *
   * @throws MeshError when the folder of their files cannot be read.
   */
  names(): string[] {
    return this.files()
      .map((file) => /^Pulumi\.([A-Za-z0-9._-]+)\.yaml$/.exec(file)?.[1])
      .filter((name) => name !== undefined)
      .sort();
  }

  /**
   * Makes sure that stacks have a file.
   *
   * @throws MeshError naming those that have none, and those that exist.
   */
  require(stacks: readonly string[]): void {
    const known = this.names();
    const unknown = stacks.filter((stack) => !known.includes(stack));
    if (unknown.length === 0) return;
    throw new MeshError(
      "stack-unknown",
      `there is no stack "${unknown.join('", "')}"`,
      `A stack is a file Pulumi.<stack>.yaml in ${this.folder}. Existing stacks: ${known.join(", ") || "none"}.`,
      EXIT.unusable,
    );
  }

  /**
   * The configuration in a stack's file; keys include their namespace.
   *
   * @throws MeshError when the file is not YAML.
   */
  config(stack: string): Readonly<Record<string, unknown>> {
    return this.content(stack).config ?? {};
  }

  /**
   * The secrets provider in a stack's file, with which the stack is created; undefined for the passphrase.
   *
   * @throws MeshError when there is no such provider.
   */
  secretsProvider(stack: string): string | undefined {
    const { secretsprovider: provider } = this.content(stack);
    if (provider === undefined || provider === null) return undefined;
    if (typeof provider === "string" && PASSPHRASE.includes(provider)) return undefined;
    if (typeof provider === "string" && SECRETS_PROVIDER.test(provider)) return provider;
    const hint = "Write a key's URL, such as awskms://alias/mesh?region=us-west-1, azurekeyvault://…, gcpkms://… or hashivault://…, or remove it: then a passphrase protects the secrets.";
    throw new MeshError("secrets-provider-unknown", `${this.fileOf(stack)}: secretsprovider: ${JSON.stringify(provider)} is not a secrets provider`, hint, EXIT.unusable);
  }

  /**
   * Copies a stack's file, with a minimal project around it, to a place where Pulumi may write into it: Pulumi adds its salt to the file that it
   * uses, and the tracked file must not change. A salt or a key in the tracked file is not copied, since the one in the state is right,
   * unless the file also has values that were encrypted with it; nor is a secrets provider without a key, to which Pulumi would add a new
   * key at each run.
   *
   * @param folder where the copy goes.
   * @returns the copy's path.
   */
  copyTo(folder: string, stack: string): string {
    const text = this.read(stack);
    const document = parseDocument(text);
    const hasSecrets = /^\s+(?:- )?secure:/m.test(text);
    if (document.contents !== null && !hasSecrets) for (const key of SECRETS_KEYS) document.delete(key);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const copy = path.join(folder, `Pulumi.${stack}.yaml`);
    replaceFile(path.join(folder, "Pulumi.yaml"), `name: ${this.project}\nruntime: nodejs\n`);
    replaceFile(copy, document.contents === null ? "config: {}\n" : document.toString({ lineWidth: 0 }));
    return copy;
  }

  /** The stacks as they would be after {@link edit}, for reading. No file is written. */
  edited(stack: string, change: (text: string) => string): StackFiles {
    return new StackFiles(this.root, this.folder, { ...this.texts, [stack]: change(this.read(stack)) });
  }

  /** Replaces the text of a stack's file. @param change the text that it has, to the text that it is to have */
  edit(stack: string, change: (text: string) => string): void {
    const file = this.fileOf(stack);
    const { mode } = fs.statSync(file);
    replaceFile(file, change(this.read(stack)));
    fs.chmodSync(file, mode);
  }

  private content(stack: string): StackFile {
    const document = parseDocument(this.read(stack));
    const [wrong] = document.errors;
    if (wrong) throw new MeshError("stack-file-not-yaml", `${this.fileOf(stack)} is not YAML: ${wrong.message.trim()}`, undefined, EXIT.unusable);
    return (document.toJS() as StackFile | null) ?? {};
  }

  private files(): string[] {
    try {
      return fs.readdirSync(this.folder);
    } catch (error) {
      const hint = "MESH_STACKS names the folder with the files Pulumi.<stack>.yaml. By default it is the project's own.";
      throw new MeshError("stacks-folder-unreadable", `the stacks' folder ${this.folder} cannot be read: ${(error as Error).message}`, hint, EXIT.unusable);
    }
  }

  private fileOf(stack: string): string {
    return path.join(this.folder, `Pulumi.${stack}.yaml`);
  }

  private read(stack: string): string {
    return this.texts[stack] ?? fs.readFileSync(this.fileOf(stack), "utf8");
  }
}
