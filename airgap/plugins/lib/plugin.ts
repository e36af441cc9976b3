/** The interfaces of a plugin and of a resource type: what the engine asks them. */
import type { Props } from "./values";

/** A plugin. The engine starts one process for every provider resource. */
export interface Plugin {
  /** The package's name, such as `tls`. */
  name: string;
  /** The version of the official plugin that this one replaces. */
  version: string;
  /**
   * Checks a provider resource's settings. Values that are not strings arrive as the SDK wrote them, mostly as JSON text.
   * Without this function, every setting is accepted.
   */
  checkConfig?(news: Props): Promise<CheckResult>;
  /** Receives the settings before the first resource. Called once, and only when all of them are known. */
  configure(config: Props): Promise<void>;
  /** @returns undefined for a type that this plugin does not support; the engine then gets an error that names the type */
  resourceType(type: string): ResourceType | undefined;
  /** A function call (`local.run`). Without it, or when it returns undefined, the call is refused with an error that names the token. */
  invoke?(token: string, args: Props, context: InvokeContext): Promise<Props> | undefined;
}

/** What a function call receives besides its arguments. */
export interface InvokeContext {
  signal: AbortSignal;
  log: Log;
}

/** A plugin's messages, which the engine shows with the resource that they are about. Nothing is hidden in them. */
export interface Log {
  warn(message: string): void;
  /** A progress message, which the next one replaces. */
  status(message: string): void;
}

/** The resource that a call is about. */
export interface Subject {
  /** `urn:pulumi:STACK::PROJECT::TYPE::NAME`. */
  urn: string;
  /** The resource's name in the program. */
  name: string;
  /** The resource's type token, such as `tls:index/privateKey:PrivateKey`. */
  type: string;
}

/** What happens to a property. The `-replace` kinds replace the resource. */
export type ChangeKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface CheckRequest extends Subject {
  /** The program's inputs. */
  news: Props;
}

export interface CheckResult {
  /** The inputs, with defaults filled in. */
  inputs: Props;
  /** What is wrong, by property path; the run fails with these. */
  failures?: { property: string; reason: string }[];
}

export interface DiffRequest extends Subject {
  id: string;
  /** What create, update or read returned last. */
  state: Props;
  oldInputs: Props;
  news: Props;
}

export interface DiffResult {
  changes: boolean;
  /** Properties that force a replacement. */
  replaces?: string[];
  deleteBeforeReplace?: boolean;
  /** By property path (`spec.replicas`, `list[0]`). When undefined, the engine compares the inputs itself to show the change. */
  detailed?: Record<string, ChangeKind>;
  /** The paths in `detailed` that are about the state and not about the inputs. */
  aboutState?: string[];
}

/** What every call that may take long receives. */
export interface Running {
  /** The program's custom timeout; 0 when there is none. */
  timeoutSeconds: number;
  /** Aborted when the user cancels the run, and when the engine has ended. */
  signal: AbortSignal;
  log: Log;
}

export interface CreateRequest extends Subject, Running {
  inputs: Props;
  /** Nothing may be created: return what is known of the state, and `UNKNOWN` for the rest. The id may be empty. */
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
}

export interface DeleteRequest extends Subject, Running {
  id: string;
  state: Props;
  oldInputs: Props;
}

/**
 * One resource type. Secrets are passed and returned as `Secret`: what is made from a secret input must be returned as a secret, since
 * the engine does not mark it. Throw an ordinary error to fail; the user sees only its message.
 */
export interface ResourceType {
  check(r: CheckRequest): Promise<CheckResult>;
  diff(r: DiffRequest): Promise<DiffResult>;
  create(r: CreateRequest): Promise<{ id: string; state: Props }>;
  /** @returns undefined when the resource no longer exists */
  read(r: ReadRequest): Promise<{ id: string; state: Props; inputs: Props } | undefined>;
  update(r: UpdateRequest): Promise<{ state: Props }>;
  delete(r: DeleteRequest): Promise<void>;
}

/** Thrown by create when the resource exists but is not ready. The engine fails and keeps the state. */
export class InitializationFailed extends Error {
  /**
   * @param id the resource's id
   * @param state the state to keep
   * @param reason why it is not ready
   */
  constructor(
    readonly id: string,
    readonly state: Props,
    reason: string,
  ) {
    super(reason);
  }
}
