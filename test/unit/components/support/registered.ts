/** A resource as a program registers it: what goes to the engine, with names instead of URNs. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** Names of its parent, of what it depends on, and of what it is deleted with. */
  readonly parent?: string;
  readonly dependsOn: readonly string[];
  readonly deletedWith?: string;
  /** Name of the provider; absent for a default provider, and for components. */
  readonly provider?: string;
  readonly deleteBeforeReplace: boolean;
  readonly secretOutputs: readonly string[];
  /** Its inputs as they go over the wire: secrets are marked. */
  readonly inputs: Record<string, unknown>;
  /** Whether it is read, not created. */
  readonly external: boolean;
  /** The options that hardly a resource has. Each is absent unless it is set. */
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  /** Names under which the engine finds it as well. */
  readonly aliases?: readonly string[];
  readonly protect?: true;
  readonly retainOnDelete?: true;
  readonly customTimeouts?: Readonly<Record<string, string>>;
  /** How many functions the engine calls for it and its children before it registers them. */
  readonly transforms?: number;
}

/** What is used of the engine's messages. A message that reads a resource has only some of the options. */
export interface Request {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getDeletebeforereplace(): boolean;
  getAdditionalsecretoutputsList(): string[];
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getAliasesList(): { getUrn(): string; getSpec(): { getName(): string } | undefined }[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getCustomtimeouts(): { toObject(): Record<string, string> } | undefined;
  getTransformsList(): unknown[];
  getObject(): { toJavaScript(): Record<string, unknown> };
  getProperties(): { toJavaScript(): Record<string, unknown> };
  getOutputs(): { toJavaScript(): Record<string, unknown> };
}

/** A resource from the message that registers or reads it. */
export function registered(request: Request, nameOf: (urn: string) => string, external: boolean): Registered {
  const parent = request.getParent();
  const provider = request.getProvider();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: external || request.getCustom(),
    ...(parent ? { parent: nameOf(parent) } : {}),
    dependsOn: request.getDependenciesList().map(nameOf).sort(),
    ...(provider ? { provider: nameOf(provider.split("::").slice(0, -1).join("::")) } : {}),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    inputs: (external ? request.getProperties() : request.getObject()).toJavaScript(),
    external,
    ...(external ? { deleteBeforeReplace: false } : created(request, nameOf)),
  };
}

/** The options that only a resource has which is created. */
function created(request: Request, nameOf: (urn: string) => string): Partial<Registered> & Pick<Registered, "deleteBeforeReplace"> {
  const deletedWith = request.getDeletedwith();
  const timeouts = Object.entries(request.getCustomtimeouts()?.toObject() ?? {}).filter(([, value]) => value);
  const aliases = request.getAliasesList().map((alias) => alias.getUrn() || (alias.getSpec()?.getName() ?? ""));
  return {
    ...(deletedWith ? { deletedWith: nameOf(deletedWith) } : {}),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ...list("ignoreChanges", request.getIgnorechangesList()),
    ...list("replaceOnChanges", request.getReplaceonchangesList()),
    ...list("aliases", aliases),
    ...(request.getProtect() ? { protect: true } : {}),
    ...(request.getRetainondelete() ? { retainOnDelete: true } : {}),
    ...(timeouts.length > 0 ? { customTimeouts: Object.fromEntries(timeouts) } : {}),
    ...(request.getTransformsList().length > 0 ? { transforms: request.getTransformsList().length } : {}),
  };
}

function list<Name extends string>(name: Name, items: readonly string[]): Partial<Record<Name, readonly string[]>> {
  return items.length > 0 ? ({ [name]: items } as Record<Name, readonly string[]>) : {};
}
