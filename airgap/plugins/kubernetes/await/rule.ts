/** When an object of a kind counts as ready. */
import type { Api, Selector } from "../cluster/api";
import { ApiError, NoMatchError } from "../cluster/errors";
import type { Gvk, KubeObject } from "../objects";
import type { Verdict } from "./verdict";

/** What a rule may look at besides the object itself. */
export interface Look {
  readonly api: Api;
  readonly signal: AbortSignal;
  /** Seconds since the wait began. */
  readonly elapsed: number;
}

/** A kind's rule. */
export interface Rule {
  judge(object: KubeObject, look: Look): Promise<Verdict> | Verdict;
  /** Whether a refresh applies it too, and reports what is not ready. */
  readonly onRead: boolean;
  /** Seconds to wait if the program sets no timeout; ten minutes if not given. */
  readonly seconds?: number;
}

/** The objects of a kind beside another; none where they may not be seen or do not exist. */
export async function related(look: Look, gvk: Gvk, namespace: string, selector?: Selector): Promise<KubeObject[]> {
  try {
    return await look.api.list(gvk, namespace, selector, look.signal);
  } catch (error) {
    if (error instanceof ApiError || error instanceof NoMatchError) return [];
    throw error;
  }
}

/** A `matchLabels`-style object in the API's own syntax. */
export function labelSelector(labels: unknown): string {
  return Object.entries((labels ?? {}) as Record<string, string>)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
