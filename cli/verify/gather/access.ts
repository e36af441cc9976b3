import { ApiServer, KubeError } from "../../../lib/api-server";
import type { Access } from "../../../lib/kubeconfig";
import type { AccessFacts } from "../facts";
import { isDiscoveryHost } from "../../../topology/discovery";
import { gatherThrough } from "./discovery";
import type { NameLookup } from "./names";
import type { RemoteEntry } from "./remote-secrets";
import { attempt } from "./resources";
import { gatherExcess } from "./rights";

/** What istiod must be able to list and watch in a remote cluster to hand out its endpoints. */
const NEEDED = [
  { group: "", resource: "services" },
  { group: "", resource: "pods" },
  { group: "", resource: "nodes" },
  { group: "", resource: "namespaces" },
  { group: "discovery.k8s.io", resource: "endpointslices" },
  { group: "networking.istio.io", resource: "workloadentries" },
] as const;

/** How to ask the API servers of remote Secrets. */
export interface AccessOptions {
  /** URL at which this machine reaches the API server that the entry means. */
  readonly knownAs: string;
  /** Whether this machine knows a host by name. */
  readonly isKnown: NameLookup;
  /** Opens an API server with a token. */
  readonly connect: (access: Access) => ApiServer;
  /** The API server that the entry means, as this machine knows it, asked with a token alone. */
  readonly asHolderOf: (token: string) => ApiServer;
}

/**
 * Asks the remote API server, at the server and with the token of one remote Secret entry, whether that token may read
 * what istiod needs. Loopback servers are not asked: there they would mean this machine and not istiod's. A server whose
 * name this machine does not know, because it means something only in the clusters' own network, is asked at `knownAs`, with the same
 * token and authority.
 */
export async function gatherAccess(entry: RemoteEntry, options: AccessOptions): Promise<AccessFacts> {
  const found = await gatherNeeded(entry, options);
  const token = entry.access?.token;
  // Nothing can be known about a token that is not accepted.
  return !found.denied.ok || token === undefined ? found : { ...found, excess: await attempt(() => gatherExcess(options.asHolderOf(token))) };
}

async function gatherNeeded({ facts, access }: RemoteEntry, { knownAs, isKnown, connect }: AccessOptions): Promise<AccessFacts> {
  const { secret, key, server = "" } = facts;
  const base = { secret, key, server, expires: expiryOf(access?.token) };
  if (access === undefined) return { ...base, denied: { ok: false, error: facts.problem ?? "it cannot be used" }, failure: "unusable" };
  if (isLoopback(server)) return { ...base, denied: { ok: false, error: "a loopback address" }, failure: "unreachable" };
  const { servername } = access;
  if (servername !== undefined && isDiscoveryHost(servername)) return { ...base, ...(await gatherThrough({ ...access, servername }, connect(access))) };
  try {
    const where = (await isKnown(hostOf(server))) ? server : knownAs;
    const api = connect({ ...access, server: where });
    const answers = await Promise.all(NEEDED.flatMap((need) => (["list", "watch"] as const).map((verb) => missing(api, verb, need))));
    return { ...base, ...(where === server ? {} : { askedAt: where }), denied: { ok: true, value: answers.filter((answer) => answer !== undefined) } };
  } catch (error) {
    const unauthorized = error instanceof KubeError && (error.status === 401 || error.status === 403);
    const message = error instanceof Error ? error.message : String(error);
    return { ...base, denied: { ok: false, error: message }, failure: unauthorized ? "unauthorized" : "unreachable" };
  }
}

/** An API server as istiod opens it: with the token alone. @throws Error where that would send the token in plain text. */
export function withToken({ server, ca, servername, token }: Access, timeoutMs: number): ApiServer {
  if (!/^https:/i.test(server)) throw new Error(`${server} has no TLS: the token is not sent there`);
  const headers = { authorization: `Bearer ${token}` };
  return new ApiServer({ server, apply: (options) => void Object.assign(options, { ca, servername, headers }) }, timeoutMs);
}

/** The permission that the caller lacks; undefined where it has it. */
async function missing(api: ApiServer, verb: string, need: { group: string; resource: string }): Promise<string | undefined> {
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes: { verb, ...need } } };
  const answer = await api.request<{ status?: { allowed?: boolean } }>("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review);
  return answer.body.status?.allowed === true ? undefined : `${verb} ${need.resource}`;
}

/** The URL's host, an IPv6 address without its brackets. @throws TypeError when it is not a URL. */
function hostOf(server: string): string {
  return new URL(server).hostname.replace(/^\[|\]$/g, "");
}

/** Whether the URL's host means the caller's own machine. */
export function isLoopback(server: string): boolean {
  try {
    const host = new URL(server).hostname;
    return host === "localhost" || host === "[::1]" || host === "0.0.0.0" || /^127\./.test(host);
  } catch {
    return false;
  }
}

/** RFC 3339 time at which a JSON web token expires; undefined for one that does not, and for other tokens. */
export function expiryOf(token: string | undefined): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString("utf8")) as { exp?: number };
    return claims.exp === undefined ? undefined : new Date(claims.exp * 1000).toISOString();
  } catch {
    return undefined;
  }
}
