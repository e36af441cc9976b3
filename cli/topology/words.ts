import type { ClusterNode, Condition, Link, Topology } from "./schema";

/** The sign for each condition, as `verify` writes it. */
export const SIGNS: Readonly<Record<Condition, string>> = { ok: "✓", warn: "‼", unknown: "?", fail: "✗" };

/** One line that is said of a cluster: what it is about, and what it is. */
export type Line = readonly [label: string, text: string];

/** What is said of a cluster, in the order in which it is said. */
export function clusterLines(cluster: ClusterNode): Line[] {
  const { unread, network, clusterName, kubernetes, nodes, istio, istiod, trust, places, gateways } = cluster;
  const server: Line = ["API", [cluster.server.replace(/^https:\/\//, ""), ...(kubernetes === undefined ? [] : [kubernetes])].join(", ")];
  if (unread !== undefined) return [server, ["unread", unread]];
  return [
    ["name", clusterName ?? "unknown"],
    ["network", network ?? "none"],
    server,
    ["nodes", [`${nodes?.ready} of ${nodes?.total} ready`, ...places].join(", ")],
    ["istiod", `${istiod?.ready} of ${istiod?.total} ready, ${istio ?? "unknown version"}`],
    ...trustLines(trust),
    ...gateways.flatMap(gatewayLines),
    ["inside", ratesText(cluster)],
  ];
}

function trustLines(trust: ClusterNode["trust"]): Line[] {
  if (trust === undefined) return [["trust", "no plugged-in CA was read"]];
  const { root, roots, notAfter } = trust;
  return [["trust", `root ${root ?? "missing"}`], ...(roots.length > 1 ? [["", `trusts ${roots.join(", ")}`] as const] : []), ["", `CA until ${notAfter.slice(0, 10)}`]];
}

function gatewayLines({ name, network, addresses, readyPods }: ClusterNode["gateways"][number]): Line[] {
  const port = network === undefined ? "" : ":15443";
  const where = addresses.map((address) => `${address}${port}`).join(", ") || "no address";
  return [[network === undefined ? "entry" : "gateway", `${where}${readyPods > 0 ? "" : ", no ready pod"}`], ["", name.split("/")[1] ?? name]];
}

function ratesText({ requestsPerSecond, proxies }: ClusterNode): string {
  if (requestsPerSecond === undefined || proxies === undefined) return "no statistics";
  const seen = proxies.answered === proxies.total ? "" : `, ${proxies.answered} of ${proxies.total} proxies`;
  return `${rate(requestsPerSecond)} requests/s${seen}`;
}

/** What is said of a pair. */
export function linkText({ reads, requestsPerSecond }: Link): string {
  return [readsText(reads), ...(requestsPerSecond === undefined ? [] : [`${rate(requestsPerSecond)} requests/s`])].join(", ");
}

/** How one cluster reads another. @param peer the other one, where it is not said beside it. */
export function readsText(reads: string, peer?: string): string {
  const other = peer === undefined ? "" : ` ${peer}`;
  if (reads === "synced") return `reads${other}`;
  if (reads === "absent") return `does not read${other}`;
  return reads === "unknown" ? `reads${other}? unknown` : `reads${other}: ${reads}`;
}

/** A rate in as many digits as are worth reading. */
export function rate(perSecond: number): string {
  return perSecond >= 10 || perSecond === 0 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

/** The mesh in a line. */
export function title({ meshIds, trustDomains, clusters }: Topology): string {
  const count = `${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"}`;
  return [meshIds.length === 0 ? "mesh" : `mesh ${meshIds.join(" and ")}`, count, ...trustDomains.map((domain) => `trust domain ${domain}`)].join(", ");
}

/** How the mesh is, in a line. */
export function verdict({ condition, findings }: Topology): string {
  const count = (status: string): number => findings.filter((finding) => finding.status === status).length;
  const counts = [
    [count("fail"), "failed"],
    [count("unknown"), "unknown"],
    [count("warn"), "with a warning"],
  ] as const;
  if (condition === "ok") return "every check passes; no requests were sent for it";
  return `checks: ${counts.flatMap(([n, what]) => (n > 0 ? [`${n} ${what}`] : [])).join(", ")}`;
}

/** The time at which it was read, to the second. */
export function timeText({ time }: Topology): string {
  return time.replace(/\.\d+Z$/, "Z").replace("T", " ").replace("Z", " UTC");
}
