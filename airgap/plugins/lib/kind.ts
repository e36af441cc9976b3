/** What a plugin says about one resource type: the eight things the engine asks of it. */
import type { Props } from "./values";

/** Where a plugin's messages go: the engine's output, beside the resource they are about. Secrets of the resource are taken out. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** A message that the next one replaces (progress). */
  status(message: string): void;
}

/** Whom a call is about. */
export interface Subject {
  /** The resource's whole name, `urn:pulumi:STACK::PROJECT::TYPE::NAME`. */
  urn: string;
  /** The resource's name in the program. */
  name: string;
  /** The resource's type token, such as `tls:index/privateKey:PrivateKey`. */
  type: string;
}

/** How the project wants names made (`pulumi:autonaming`); absent where it says nothing. */
export interface Autonaming {
  proposedName: string;
  /** `propose`: may be adapted; `enforce`: exactly that name; `disable`: the program must give one. */
  mode: "propose" | "enforce" | "disable";
}

/** What happens to a property. The `-replace` kinds make a new resource. */
export type ChangeKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface CheckRequest extends Subject {
  /** The inputs this type's check returned last; empty for a resource that does not exist yet. */
  olds: Props;
  /** What the program asks for. */
  news: Props;
  /** The same bytes for the preview and the update of one run: what automatic names are made of. */
  randomSeed: Uint8Array;
  autonaming?: Autonaming;
}

export interface CheckResult {
  /** The inputs, with defaults and automatic names filled in. */
  inputs: Props;
  /** What is wrong, by property path; the run ends with these. */
  failures?: { property: string; reason: string }[];
}

export interface DiffRequest extends Subject {
  id: string;
  /** What create, update or read returned last. */
  state: Props;
  oldInputs: Props;
  news: Props;
  ignoreChanges: string[];
}

export interface DiffResult {
  changes: boolean;
  /** Properties that force a replacement. */
  replaces?: string[];
  deleteBeforeReplace?: boolean;
  /** By property path (`spec.replicas`, `list[0]`). Absent: the engine compares the inputs itself to show the change. */
  detailed?: Record<string, ChangeKind>;
  /** Those paths of `detailed` that are about the state and not about the inputs. */
  aboutState?: string[];
  /** Output properties that an update surely leaves as they are. */
  stables?: string[];
}

/** What every call that may take time has. */
export interface Running {
  /** The program's custom timeout; 0 when it names none. */
  timeoutSeconds: number;
  /** Aborted when the user cancels the run: stop, and leave no process behind. */
  signal: AbortSignal;
  log: Log;
}

export interface CreateRequest extends Subject, Running {
  inputs: Props;
  /** Nothing may be made: say what is known of the state, with the rest `UNKNOWN`. The id may be empty. */
  preview: boolean;
}

export interface ReadRequest extends Subject, Running {
  id: string;
  /** Empty, as are the inputs, when the resource is being imported or looked up. */
  state: Props;
  inputs: Props;
}

export interface UpdateRequest extends Subject, Running {
  id: string;
  state: Props;
  oldInputs: Props;
  inputs: Props;
  preview: boolean;
  ignoreChanges: string[];
}

export interface DeleteRequest extends Subject, Running {
  id: string;
  state: Props;
  oldInputs: Props;
}

/**
 * One resource type. Secrets come and go as `Secret`: what is made of a secret input must be returned as a secret, the
 * engine adds none. Throw an ordinary error to fail; the message is all that the user sees.
 */
export interface Kind {
  check(r: CheckRequest): Promise<CheckResult>;
  diff(r: DiffRequest): Promise<DiffResult>;
  create(r: CreateRequest): Promise<{ id: string; state: Props }>;
  /** @returns undefined when the resource is gone */
  read(r: ReadRequest): Promise<{ id: string; state: Props; inputs: Props } | undefined>;
  update(r: UpdateRequest): Promise<{ state: Props }>;
  delete(r: DeleteRequest): Promise<void>;
}

/** Thrown by create, update and read: the resource exists but is not ready. The engine keeps its state and fails. */
export class InitializationFailed extends Error {
  /**
   * @param id the resource's id
   * @param state what to keep
   * @param inputs what it was made from
   * @param reasons one sentence each
   */
  constructor(
    readonly id: string,
    readonly state: Props,
    readonly inputs: Props,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}
