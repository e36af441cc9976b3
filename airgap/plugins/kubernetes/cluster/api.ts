import { type Discovery, openDiscovery } from "./discovery";
import type { Request, Transport } from "./transport";
import { type Gvk, type KubeObject, apiVersionOf, gvkOf, isObject, listAt, nameOf, namespaceOf, stringAt } from "../objects";

/** Which object: its kind, its name and, for namespaced kinds, its namespace (`default` if empty). */
export interface ObjectRef {
  readonly gvk: Gvk;
  readonly namespace: string;
  readonly name: string;
}

/** Settings of a write. */
export interface WriteOptions {
  readonly fieldManager: string;
  /** Asks what would happen, without doing it. */
  readonly dryRun?: boolean;
  /** Writes to a subresource of the object, such as `status`. */
  readonly subresource?: string;
  readonly signal?: AbortSignal;
}

/** One event of a watch. */
export interface WatchEvent {
  readonly type: string;
  readonly object: KubeObject;
}

/** What may be sent with a delete. */
export interface DeleteOptions {
  readonly propagation: "Foreground" | "Background" | "Orphan";
  readonly signal?: AbortSignal;
}

/** Dynamic client: any kind that the server serves, as plain JSON. Every call may throw `ApiError`, `NoMatchError` or `UnreachableError`. */
export interface Api {
  readonly discovery: Discovery;
  get(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject>;
  list(gvk: Gvk, namespace: string, selector?: Selector, signal?: AbortSignal): Promise<KubeObject[]>;
  create(object: KubeObject, options: WriteOptions): Promise<KubeObject>;
  /** Server-side apply; `force` takes over fields that other managers own. */
  apply(object: KubeObject, options: WriteOptions & { force: boolean }): Promise<KubeObject>;
  /** Replaces the whole object (PUT); it must carry the resourceVersion it was read with. */
  replace(object: KubeObject, options: WriteOptions): Promise<KubeObject>;
  jsonPatch(ref: ObjectRef, operations: unknown[], options: WriteOptions): Promise<KubeObject>;
  mergePatch(ref: ObjectRef, patch: unknown, options: WriteOptions): Promise<KubeObject>;
  delete(ref: ObjectRef, options: DeleteOptions): Promise<void>;
  /** Events on one object from a resourceVersion on, until the server ends the watch or `signal` aborts. */
  watch(ref: ObjectRef, resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** Version the server says it is, such as `v1.34.4`. */
  version(): Promise<string>;
}

/** Which objects a list is about; both in the API's own syntax. */
export interface Selector {
  readonly labels?: string;
  readonly fields?: string;
}

/** The reference of an object that has a name. */
export function refOf(object: KubeObject): ObjectRef {
  return { gvk: gvkOf(object), namespace: namespaceOf(object), name: nameOf(object) };
}

/** Makes the client over a transport. */
export function openApi(transport: Transport): Api {
  const discovery = openDiscovery(transport);

  async function pathOf(gvk: Gvk, namespace: string, name?: string): Promise<string> {
    const resource = await discovery.resource(gvk);
    const apiVersion = apiVersionOf(gvk);
    const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    const item = name === undefined ? "" : `/${encodeURIComponent(name)}`;
    return `${gvk.group === "" ? "/api" : "/apis"}/${apiVersion}${scope}/${resource.plural}${item}`;
  }

  async function call(request: Request): Promise<KubeObject> {
    const answer = await transport.json(request);
    if (!isObject(answer)) {
      throw new Error(`the API server answered ${request.method} ${request.path} with something that is no object`);
    }
    return answer;
  }

  async function write(
    method: "POST" | "PUT" | "PATCH",
    path: string,
    body: unknown,
    options: WriteOptions & { force?: boolean },
    contentType?: string,
  ): Promise<KubeObject> {
    return call({
      method,
      path: options.subresource === undefined ? path : `${path}/${options.subresource}`,
      body,
      query: {
        fieldManager: options.fieldManager,
        dryRun: options.dryRun === true ? "All" : undefined,
        force: options.force === undefined ? undefined : String(options.force),
      },
      ...(contentType === undefined ? {} : { contentType }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  const itemPath = (ref: ObjectRef) => pathOf(ref.gvk, ref.namespace, ref.name);

  return {
    discovery,
    async get(ref, signal) {
      return call({ method: "GET", path: await itemPath(ref), ...(signal === undefined ? {} : { signal }) });
    },
    async list(gvk, namespace, selector = {}, signal) {
      const path = await pathOf(gvk, namespace);
      const query = { labelSelector: selector.labels, fieldSelector: selector.fields };
      const answer = await call({ method: "GET", path, query, ...(signal === undefined ? {} : { signal }) });
      return listAt(answer, "items").filter(isObject);
    },
    async create(object, options) {
      return write("POST", await pathOf(gvkOf(object), namespaceOf(object)), object, options);
    },
    async apply(object, options) {
      return write("PATCH", await itemPath(refOf(object)), object, options, "application/apply-patch+yaml");
    },
    async replace(object, options) {
      return write("PUT", await itemPath(refOf(object)), object, options);
    },
    async jsonPatch(ref, operations, options) {
      return write("PATCH", await itemPath(ref), operations, options, "application/json-patch+json");
    },
    async mergePatch(ref, patch, options) {
      return write("PATCH", await itemPath(ref), patch, options, "application/merge-patch+json");
    },
    async delete(ref, options) {
      await transport.json({
        method: "DELETE",
        path: await itemPath(ref),
        body: { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: options.propagation },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    },
    async *watch(ref, resourceVersion, signal) {
      const path = await pathOf(ref.gvk, ref.namespace);
      const query = { watch: "1", resourceVersion, fieldSelector: `metadata.name=${ref.name}` };
      for await (const event of transport.lines({ method: "GET", path, query, signal })) {
        if (isObject(event) && isObject(event["object"])) {
          yield { type: stringAt(event, "type") ?? "", object: event["object"] };
        }
      }
    },
    async version() {
      const answer = await transport.json({ method: "GET", path: "/version" });
      return stringAt(answer, "gitVersion") ?? "";
    },
  };
}
