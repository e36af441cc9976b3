import { slashed } from "../verify/gather/resources";
import type { LogLine } from "./access-log";
import type { Choice } from "./chosen";
import type { Trace } from "./schema";
import type { Seen, ServerSeen } from "./seen";

type End = Trace["end"];

/** What Envoy's flags mean. */
const FLAGS: Readonly<Record<string, string>> = {
  DC: "the client closed the connection before the answer",
  LR: "the connection was reset in the proxy",
  NC: "the cluster that the route names does not exist",
  NR: "no route matches the request",
  RL: "a rate limit refused it",
  UAEX: "an external authorization service refused it",
  UC: "the connection to the endpoint ended before the answer",
  UF: "no connection to the endpoint could be made",
  UH: "no endpoint is healthy, or there is none",
  UO: "a limit of connections or requests was reached",
  UR: "the endpoint reset the request",
  URX: "every retry failed",
  UT: "the endpoint did not answer in time",
};

/** What the text of an answer is that a proxy gives by itself. */
const RBAC = /^RBAC: access denied/;
const NO_UPSTREAM = /^no healthy upstream/;

/** What was concluded so far. */
export interface Facts {
  /** Line of the client's proxy. */
  readonly line?: LogLine;
  readonly choice: Choice;
  /** Who got it, and the line of its proxy. */
  readonly server?: ServerSeen;
  readonly serverLine?: LogLine;
}

/** Where the request ended, and how. */
export function endOf(seen: Seen, facts: Facts): End {
  const { sent, client } = seen;
  if (sent.unresolved) return { outcome: "not-sent", at: "client", cluster: client.name.cluster, seen: `the name of the service does not resolve: ${sent.error}` };
  if (facts.serverLine && facts.server) return withFlags(facts) ?? atServer(facts.server, facts.serverLine);
  if (facts.line) return atClientProxy(seen, facts, facts.line);
  return bySender(seen, facts);
}

/** The client's proxy did not wait for the answer that the server gave. */
function withFlags({ line, server, serverLine }: Facts): End | undefined {
  const flags = line?.flags?.split(",") ?? [];
  if (!flags.some((flag) => ["UT", "DC", "UC"].includes(flag))) return undefined;
  const late = `${server ? slashed(server.pod.metadata) : "the server"} answered ${serverLine?.status ?? "nothing"} after ${serverLine?.durationMs ?? "?"} ms`;
  return { outcome: "failed", at: "client-proxy", ...status(line?.status), seen: `${meaning(flags)}; ${late}` };
}

function atServer({ cluster, pod }: ServerSeen, { status: code, details, flags, endpoint }: LogLine): End {
  const name = slashed(pod.metadata);
  if (details?.startsWith("rbac_access_denied")) {
    return { outcome: "denied", at: "server-proxy", cluster, ...status(code), seen: `the proxy of ${name} refused it by policy: ${details}` };
  }
  if (endpoint === undefined || flags !== undefined) {
    return { outcome: "failed", at: "server-proxy", cluster, ...status(code), seen: `the proxy of ${name} got no answer from it: ${meaning(flags?.split(",") ?? [], details)}` };
  }
  return { outcome: "answered", at: "workload", cluster, ...status(code), seen: `${name} answered ${code}` };
}

function atClientProxy({ client, refused, sent }: Seen, { choice, server }: Facts, line: LogLine): End {
  const flags = line.flags?.split(",") ?? [];
  const own = { at: "client-proxy", cluster: client.name.cluster, ...status(line.status) } as const;
  if (flags.includes("NR") || line.cluster === "BlackHoleCluster") return { outcome: "no-route", ...own, seen: `its proxy has no route: ${line.details ?? meaning(flags)}` };
  if (flags.includes("UH") || flags.includes("NC")) return { outcome: "no-endpoint", ...own, seen: `its proxy has no endpoint for it: ${line.details ?? meaning(flags)}` };
  const [refusal] = refused;
  if (refusal && flags.length > 0) {
    const why = refusal.line.details ?? meaning(refusal.line.flags?.split(",") ?? []);
    return { outcome: "connection-failed", at: "gateway", cluster: refusal.cluster, ...status(line.status), seen: `the gateway ${refusal.pod} refused a connection for this name meanwhile: ${why}` };
  }
  const cluster = choice.kind === "known" ? choice.chosen.where.cluster : undefined;
  const beyond = { at: "unknown", ...(cluster !== undefined && { cluster }), ...status(line.status) } as const;
  const failure = line.failure === undefined ? "" : ` (${line.failure})`;
  if (flags.includes("UF")) return { outcome: "connection-failed", ...beyond, seen: `${meaning(flags)}: ${line.endpoint ?? "no address"}${failure}` };
  if (flags.length > 0) return { outcome: "failed", ...beyond, seen: `${meaning(flags, line.details)}${failure}` };
  if (line.endpoint === undefined) return { outcome: "failed", ...own, seen: `its proxy answered ${line.status} by itself: ${line.details ?? "it does not say why"}` };
  return denied(sent.body, line.status, beyond) ?? byCounter(server, line.status) ?? { outcome: "answered", ...beyond, seen: `${line.status} came back from ${line.endpoint}; who gave it was not seen` };
}

function bySender({ sent, client }: Seen, { choice, server }: Facts): End {
  const { status: code, body = "", error } = sent;
  if (code === undefined) {
    if (sent.by === "workload") return { outcome: "unknown", at: "unknown", seen: error ?? "the workload was asked; whether it sent a request to the service was not seen" };
    return { outcome: "failed", at: "unknown", seen: error ?? "there was no answer" };
  }
  const where = { at: "unknown", ...(server && { cluster: server.cluster }), status: code } as const;
  const hasNone = client.after !== undefined && client.after.every(({ endpoints }) => endpoints.every(({ usable }) => !usable));
  if (NO_UPSTREAM.test(body)) {
    return hasNone
      ? { outcome: "no-endpoint", ...where, at: "client-proxy", cluster: client.name.cluster, seen: `its proxy has no endpoint for it: ${body}` }
      : { outcome: "no-endpoint", ...where, seen: `a proxy has no endpoint for it: ${body}; which proxy was not seen` };
  }
  const some = choice.kind === "known" ? ` from ${choice.chosen.address}` : "";
  return denied(body, code, where) ?? byCounter(server, code) ?? { outcome: "answered", ...where, seen: `${code} came back${some}; who gave it was not seen` };
}

/** Proxies do not say by themselves that all went well: where one has passed a request on and such an answer came back, the workload gave it. */
function byCounter(server: ServerSeen | undefined, code: number | undefined): End | undefined {
  if (server === undefined || !server.passedOn || code === undefined || code < 200 || code > 299) return undefined;
  return { outcome: "answered", at: "workload", cluster: server.cluster, status: code, seen: `${slashed(server.pod.metadata)} answered ${code}` };
}

function denied(body: string | undefined, code: number | undefined, where: Pick<End, "at" | "cluster">): End | undefined {
  if (code !== 403 || !RBAC.test(body ?? "")) return undefined;
  return { outcome: "denied", ...where, status: code, seen: `a proxy refused it by policy: ${body?.trim()}; which proxy was not seen` };
}

function status(code: number | undefined): { status?: number } {
  return code === undefined ? {} : { status: code };
}

/** What flags mean, else the details. */
function meaning(flags: readonly string[], details?: string): string {
  const known = flags.map((flag) => (FLAGS[flag] === undefined ? flag : `${FLAGS[flag]} (${flag})`));
  return known.join("; ") || details || "it does not say why";
}
