import { KubeConfig } from "@kubernetes/client-node";
import type { AccessFacts } from "../facts";
import { KubeError } from "../../../lib/api-server";
import { Kube } from "../kube";
import type { NameLookup } from "./names";
import type { RemoteEntry } from "./remote-secrets";

/** What istiod must be able to list and watch in a remote cluster to hand out its endpoints. */
const NEEDED = [
  { group: "", resource: "services" },
  { group: "", resource: "pods" },
  { group: "", resource: "nodes" },
  { group: "", resource: "namespaces" },
  { group: "discovery.k8s.io", resource: "endpointslices" },
  { group: "networking.istio.io", resource: "workloadentries" },
] as const;

/**
 * Asks the remote API server, at the server and with the token of one remote Secret entry, whether that token may read
 * what istiod needs. Loopback servers are not asked: there they would mean this machine and not istiod's. A server whose
 * name this machine does not know, since it means something in the clusters' own network alone, is asked at `knownAs`, with the same
 * token and authority.
 * @param knownAs URL at which this machine reaches the same API server.
 * @param isKnown whether this machine knows a host by name.
 */
export async function gatherAccess(entry: RemoteEntry, knownAs: string, timeoutMs: number, isKnown: NameLookup): Promise<AccessFacts> {
  const { secret, key, server = "" } = entry.facts;
  const base = { secret, key, server, expires: expiryOf(entry.token) };
  if (entry.facts.problem !== undefined) return { ...base, denied: { ok: false, error: entry.facts.problem }, failure: "unauthorized" };
  if (isLoopback(server)) return { ...base, denied: { ok: false, error: "a loopback address" }, failure: "unreachable" };
  try {
    const where = (await isKnown(hostOf(server))) ? server : knownAs;
    const kube = new Kube(configOf(where, entry.token ?? "", entry.caData ?? ""), timeoutMs);
    const answers = await Promise.all(NEEDED.flatMap((need) => (["list", "watch"] as const).map((verb) => allowed(kube, verb, need))));
    return { ...base, ...(where === server ? {} : { askedAt: where }), denied: { ok: true, value: answers.filter((a) => a !== undefined) } };
  } catch (error) {
    const unauthorized = error instanceof KubeError && (error.status === 401 || error.status === 403);
    const message = error instanceof Error ? error.message : String(error);
    return { ...base, denied: { ok: false, error: message }, failure: unauthorized ? "unauthorized" : "unreachable" };
  }
}

async function allowed(kube: Kube, verb: string, need: { group: string; resource: string }): Promise<string | undefined> {
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes: { verb, ...need } } };
  const answer = await kube.request<{ status?: { allowed?: boolean } }>("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review);
  return answer.body.status?.allowed === true ? undefined : `${verb} ${need.resource}`;
}

/** The URL's host, an IPv6 address without its brackets. @throws TypeError when it is no URL. */
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

/** RFC 3339 end of a JSON web token; undefined for one without an end or that is none. */
export function expiryOf(token: string | undefined): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString("utf8")) as { exp?: number };
    return claims.exp === undefined ? undefined : new Date(claims.exp * 1000).toISOString();
  } catch {
    return undefined;
  }
}

function configOf(server: string, token: string, caPem: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: "remote", server, skipTLSVerify: false, caData: Buffer.from(caPem).toString("base64") }, { name: "remote", token });
  return config;
}
