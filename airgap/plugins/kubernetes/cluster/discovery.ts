import { NoMatchError, isNotFound } from "./errors";
import type { Transport } from "./transport";
import { type Gvk, apiVersionOf, at, listAt, stringAt } from "../objects";

/** How the API server serves a kind. */
export interface ApiResource {
  /** Plural name in paths, such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Tells how kinds are served; asks the API server once a group version. */
export interface Discovery {
  /** Throws `NoMatchError` if the server does not serve the kind, even when asked again. */
  resource(gvk: Gvk): Promise<ApiResource>;
  /** Like `resource`, but answers undefined, and does not ask again where the group version is known without the kind. */
  find(gvk: Gvk): Promise<ApiResource | undefined>;
  /** Forgets everything: a CustomResourceDefinition came or went. */
  forget(): void;
}

/** Makes the discovery for a server. */
export function openDiscovery(transport: Transport): Discovery {
  const known = new Map<string, Promise<Map<string, ApiResource>>>();

  function kindsOf(apiVersion: string): Promise<Map<string, ApiResource>> {
    let kinds = known.get(apiVersion);
    if (kinds === undefined) {
      kinds = ask(transport, apiVersion);
      known.set(apiVersion, kinds);
      // A failure is not remembered: the group version may be there at the next question.
      kinds.catch(() => known.delete(apiVersion));
    }
    return kinds;
  }

  async function find(gvk: Gvk): Promise<ApiResource | undefined> {
    return (await kindsOf(apiVersionOf(gvk))).get(gvk.kind);
  }

  return {
    find,
    async resource(gvk) {
      let resource = await find(gvk);
      if (resource === undefined) {
        known.delete(apiVersionOf(gvk));
        resource = await find(gvk);
      }
      if (resource === undefined) {
        throw new NoMatchError(apiVersionOf(gvk), gvk.kind);
      }
      return resource;
    },
    forget: () => known.clear(),
  };
}

async function ask(transport: Transport, apiVersion: string): Promise<Map<string, ApiResource>> {
  const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  let answer: unknown;
  try {
    answer = await transport.json({ method: "GET", path });
  } catch (error) {
    if (isNotFound(error)) {
      return new Map();
    }
    throw error;
  }
  const kinds = new Map<string, ApiResource>();
  for (const entry of listAt(answer, "resources")) {
    const plural = stringAt(entry, "name") ?? "";
    const kind = stringAt(entry, "kind") ?? "";
    // Subresources such as `deployments/scale` carry kinds of their own.
    if (!plural.includes("/") && !kinds.has(kind)) {
      kinds.set(kind, { plural, namespaced: at(entry, "namespaced") === true });
    }
  }
  return kinds;
}
