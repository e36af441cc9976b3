/** What a plugin is, and what it says about one resource type: the things the engine asks of it. */
import type { Props } from "./values";

/** Everything that makes one plugin. The engine starts one process for every provider resource. */
export interface Plugin {
  /** The package's name, such as `tls`. */
  name: string;
  /** The version of the official plugin that this one stands in for. */
  version: string;
  /**
   * Checks a provider resource's settings. Values that are no strings arrive as the SDK wrote them, mostly JSON text.
   * Without it every setting is taken as it is.
   */
  checkConfig?(news: Props): Promise<CheckResult>;
  /** Takes the settings before the first resource comes. Called once, only when everything in them is known. */
  configure(config: Props): Promise<void>;
  /** @returns undefined for a type this plugin does not do; the engine then gets an error that names it */
  resourceType(type: string): ResourceType | undefined;
  /** A function call (`local.run`). Without it, and for tokens it gives undefined for, the call is refused by name. */
  invoke?(token: string, args: Props, context: InvokeContext): Promise<Props> | undefined;
}

/** What a function call has besides its arguments. */
export interface InvokeContext {
  signal: AbortSignal;
  log: Log;
}

/** Where a plugin's messages go: the engine's output, beside the resource they are about. Nothing is taken out of them. */
export interface Log {
  warn(message: string): void;
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

/** What happens to a property. The `-replace` kinds make a new resource. */
export type ChangeKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface CheckRequest extends Subject {
  /** What the program asks for. */
  news: Props;
}

export interface CheckResult {
  /** The inputs, with defaults filled in. */
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
}

/** What every call that may take time has. */
export interface Running {
  /** The program's custom timeout; 0 when it names none. */
  timeoutSeconds: number;
  /** Aborted when the user cancels the run, and when the engine is gone. */
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
export interface ResourceType {
  check(r: CheckRequest): Promise<CheckResult>;
  diff(r: DiffRequest): Promise<DiffResult>;
  create(r: CreateRequest): Promise<{ id: string; state: Props }>;
  /** @returns undefined when the resource is gone */
  read(r: ReadRequest): Promise<{ id: string; state: Props; inputs: Props } | undefined>;
  update(r: UpdateRequest): Promise<{ state: Props }>;
  delete(r: DeleteRequest): Promise<void>;
}

/** Thrown by create: the resource exists but is not ready. The engine keeps its state and fails. */
export class InitializationFailed extends Error {
  /**
   * @param id the resource's id
   * @param state what to keep
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
