import { podAt } from "../live/places";
import { selects, slashed } from "../verify/gather/resources";
import { type LogLine, sentLine } from "./access-log";
import { addressOf, candidatesOf, choose, describe } from "./chosen";
import { endOf, type Facts } from "./end";
import { type Trace, TRACE_VERSION } from "./schema";
import type { LogSeen, Seen, ServerSeen } from "./seen";

/** What a request did, from what was seen of it. What was not seen is named, and not concluded from what is likely. */
export function follow(seen: Seen): Trace {
  const { client, service, places, sent } = seen;
  const line = client.log.kind === "lines" ? sentLine(client.log.outbound, service.name, sent.by) : undefined;
  const choice = choose(line, client, places);
  const chosen = choice.kind === "known" ? choice.chosen : undefined;
  const got = serverOf(seen, chosen);
  const facts: Facts = { ...(line && { line }), choice, ...(got && { server: got.server, ...(got.line && { serverLine: got.line }) }) };
  const cluster = chosen?.where.cluster ?? got?.server.cluster;
  const sni = got?.line?.sni ?? client.config?.sni;
  return {
    version: TRACE_VERSION,
    time: seen.time,
    id: seen.id,
    method: line?.method ?? "GET",
    url: urlOf(seen, line),
    sentBy: sent.by,
    client: { ...client.name, pod: client.pod.metadata.name, ...(client.identity !== undefined && { identity: client.identity }) },
    service: { name: service.name, port: service.port, endpoints: Object.fromEntries([...service.addresses].map(([key, all]) => [key, all.length])) },
    route: {
      ...(line?.cluster !== undefined && { cluster: line.cluster }),
      candidates: candidatesOf(client.after ?? client.before).map((one) => ({ address: addressOf(one), usable: one.usable, where: describe(addressOf(one), client.place, places) })),
      ...(chosen && { chosen }),
      ...(sni !== undefined && { sni: { name: sni, source: got?.line?.sni === undefined ? ("configuration" as const) : ("access log" as const) } }),
      accepts: [...(client.config?.identities ?? [])],
    },
    ...(cluster !== undefined && { crossed: cluster !== client.name.cluster }),
    ...gatewayOf(seen, chosen, got?.line),
    ...(got && { server: serverReport(got) }),
    end: endOf(seen, facts),
    ms: times(seen, line, got?.line),
    unseen: unseenOf(seen, facts),
  };
}

/** Where the request went. What the workload asks for by itself, only a log tells. */
function urlOf({ sent, url }: Seen, line: LogLine | undefined): string {
  if (sent.by !== "workload") return url;
  return line?.authority === undefined ? new URL(url).origin : `http://${line.authority}${line.path ?? ""}`;
}

interface Got {
  readonly server: ServerSeen;
  readonly line?: LogLine;
  readonly source: NonNullable<Trace["server"]>["source"];
}

/** Who got the request: the pod whose log has it; else the pod that was the endpoint; else the only one whose counter rose. */
function serverOf({ servers }: Seen, chosen: Trace["route"]["chosen"]): Got | undefined {
  for (const server of servers) {
    const line = server.log.kind === "lines" ? server.log.inbound.at(-1) : undefined;
    if (line) return { server, line, source: "access log" };
  }
  if (chosen === undefined) return undefined;
  const { where, source } = chosen;
  const near = servers.filter(({ cluster }) => cluster === where.cluster);
  if (where.kind === "pod") {
    const server = near.find(({ pod }) => slashed(pod.metadata) === where.name);
    return server && { server, source };
  }
  if (where.kind !== "gateway") return undefined;
  const known = near.every(({ passedOn }) => passedOn !== undefined);
  const [only, ...others] = near.filter(({ passedOn = 0 }) => passedOn > 0);
  return known && only && others.length === 0 ? { server: only, source: "counters" } : undefined;
}

function serverReport({ server: { cluster, pod, identity }, line, source }: Got): NonNullable<Trace["server"]> {
  const { name, namespace = "default" } = pod.metadata;
  return { cluster, namespace, pod: name, ...(identity !== undefined && { identity }), ...(line && { mutualTls: line.sni !== undefined }), source };
}

function gatewayOf({ places }: Seen, chosen: Trace["route"]["chosen"], line: LogLine | undefined): Pick<Trace, "gateway"> {
  if (chosen?.where.kind !== "gateway" || chosen.where.cluster === undefined || chosen.where.name === undefined) return {};
  const { cluster, name } = chosen.where;
  const place = places.find(({ target }) => target.key === cluster);
  const selector = place?.gateways.find((gateway) => gateway.name === name)?.selector ?? {};
  // The connection that the server's proxy got came from the gateway's pod: it passes TLS on, and makes a connection of its own for it.
  const pod = place && line?.peer !== undefined ? podAt(place, line.peer.slice(0, line.peer.lastIndexOf(":"))) : undefined;
  return { gateway: { cluster, service: name, address: chosen.address, ...(pod && selects(selector, pod.metadata.labels ?? {}) && { pod: pod.metadata.name }) } };
}

/** How long each part took. A log has whole milliseconds, so a part may seem to take one less than nothing. */
function times({ sent }: Seen, line: LogLine | undefined, served: LogLine | undefined): Trace["ms"] {
  const between = line?.upstreamMs === undefined || served?.durationMs === undefined ? undefined : Math.max(0, line.upstreamMs - served.durationMs);
  const serverProxy = served?.durationMs === undefined ? undefined : Math.max(0, served.durationMs - (served.upstreamMs ?? 0));
  const parts = { lookup: sent.lookupMs, total: sent.totalMs, clientProxy: line?.durationMs, between, serverProxy, workload: served?.upstreamMs };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** What could not be seen, and why. */
function unseenOf({ client, servers, unread, sent }: Seen, { line, choice, server, serverLine }: Facts): string[] {
  const own = line === undefined && !sent.unresolved ? [`what the client's proxy did with it: ${whyUnseen(client.log, client.pod.metadata.name, client.name.cluster)}`] : [];
  const endpoint = choice.kind === "unseen" && !sent.unresolved ? [`which endpoint it got: ${choice.why}`] : [];
  const reached = choice.kind === "known" && choice.chosen.where.cluster !== undefined ? choice.chosen.where.cluster : undefined;
  const asked = servers.filter(({ cluster }) => reached === undefined || cluster === reached);
  const couldArrive = choice.kind !== "none" && !sent.unresolved && line?.flags === undefined;
  const others =
    serverLine !== undefined || !couldArrive
      ? []
      : asked.length === 0
        ? ["what happened at the server: no pod with a sidecar is known that could have got it"]
        : [`what happened at ${server ? "the server" : "any server"}: ${[...new Set(asked.map(({ log, pod, cluster }) => whyUnseen(log, pod.metadata.name, cluster)))].join("; ")}`];
  return [...own, ...endpoint, ...others, ...[...unread].map(([cluster, why]) => `cluster ${cluster}: ${why}`)];
}

function whyUnseen(log: LogSeen, pod: string, cluster: string): string {
  const where = `${pod} in ${cluster}`;
  if (log.kind === "unread") return `the log of ${where} cannot be read: ${log.why}`;
  if (log.kind === "lines") return log.others.length > 0 ? `the access log of ${where} has a format of its own: ${log.others.at(-1)}` : `the access log of ${where} has other lines with its id, and none about this`;
  if (log.writes === false) return `access logs are off in ${where}`;
  return `${where} has no line in its access log that names it${log.writes === undefined ? ", and does not tell whether it writes one" : ""}`;
}
