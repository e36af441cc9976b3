import { lookup } from "node:dns/promises";

/** Whether this machine knows a host by name. */
export type NameLookup = (host: string) => Promise<boolean>;

/**
 * Looks host names up, each once however often it is asked for: a resolver that gets the same question from every pair of clusters at the
 * same time drops some, and their answers come seconds late.
 *
 * @param timeoutMs milliseconds after which a name without an answer counts as unknown.
 * @param resolve finds a name's address; rejects with the code ENOTFOUND or EAI_AGAIN where there is none.
 */
export function nameLookup(timeoutMs: number, resolve: (host: string) => Promise<unknown> = lookup): NameLookup {
  const known = new Map<string, Promise<boolean>>();
  return (host) => {
    const earlier = known.get(host);
    if (earlier) return earlier;
    const answer = withTimeout(isKnown(host, resolve), timeoutMs);
    known.set(host, answer);
    return answer;
  };
}

async function isKnown(host: string, resolve: (host: string) => Promise<unknown>): Promise<boolean> {
  try {
    await resolve(host);
    return true;
  } catch (error) {
    return !["ENOTFOUND", "EAI_AGAIN"].includes((error as { code?: string }).code ?? "");
  }
}

async function withTimeout(answer: Promise<boolean>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
