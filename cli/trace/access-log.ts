/** What one line of an access log says of a request or of a connection. What a proxy did not know is absent. */
export interface LogLine {
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  /** Envoy's flags, such as `UH` for no healthy endpoint; absent when there are none. */
  readonly flags?: string;
  /** Why the status is what it is, such as `via_upstream`. */
  readonly details?: string;
  /** Why the connection to the endpoint could not be used. */
  readonly failure?: string;
  /** Milliseconds from the first byte of the request to the last byte of the answer. */
  readonly durationMs?: number;
  /** Milliseconds that the endpoint took to begin its answer. */
  readonly upstreamMs?: number;
  readonly requestId?: string;
  readonly authority?: string;
  /** `address:port` of the endpoint that was chosen. */
  readonly endpoint?: string;
  /** What the proxy calls the service and its port. */
  readonly cluster?: string;
  /** `address:port` of whoever connected. */
  readonly peer?: string;
  /** The name that whoever connected asked for by TLS. */
  readonly sni?: string;
  readonly route?: string;
  /** The line itself. */
  readonly raw: string;
}

/** Istio's own format of text: words, of which some are quoted. */
const TEXT = new RegExp(
  "^\\[[^\\]]*\\] " +
    '"(?<request>[^"]*)" (?<status>\\S+) (?<flags>\\S+) (?<details>\\S+) (?<termination>\\S+) "(?<failure>[^"]*)" (?<received>\\S+) (?<sent>\\S+) ' +
    '(?<duration>\\S+) (?<upstream>\\S+) "(?<forwarded>[^"]*)" "(?<agent>(?:[^"\\\\]|\\\\.)*)" "(?<id>[^"]*)" "(?<authority>[^"]*)" "(?<endpoint>[^"]*)" ' +
    "(?<cluster>\\S+) (?<local>\\S+) (?<downstream>\\S+) (?<peer>\\S+) (?<sni>\\S+) (?<route>\\S+)$",
);

/** Reads a line in one of the two formats that Istio writes unless it is told another; undefined for any other line. */
export function parseLine(raw: string): LogLine | undefined {
  return raw.startsWith("{") ? parseJson(raw) : parseText(raw);
}

function parseText(raw: string): LogLine | undefined {
  const found = TEXT.exec(raw)?.groups;
  if (found === undefined) return undefined;
  const [method, path] = (found.request ?? "").split(" ");
  return lineOf(raw, {
    method,
    path,
    response_code: found.status,
    response_flags: found.flags,
    response_code_details: found.details,
    upstream_transport_failure_reason: found.failure,
    duration: found.duration,
    upstream_service_time: found.upstream,
    request_id: found.id,
    authority: found.authority,
    upstream_host: found.endpoint,
    upstream_cluster: found.cluster,
    downstream_remote_address: found.peer,
    requested_server_name: found.sni,
    route_name: found.route,
  });
}

function parseJson(raw: string): LogLine | undefined {
  try {
    const fields = JSON.parse(raw) as Readonly<Record<string, unknown>>;
    return "response_code" in fields && "upstream_host" in fields ? lineOf(raw, fields) : undefined;
  } catch {
    return undefined;
  }
}

/** @param fields by the names that Istio's JSON has. */
function lineOf(raw: string, fields: Readonly<Record<string, unknown>>): LogLine {
  const text = (name: string): string | undefined => {
    const value = fields[name];
    const said = typeof value === "number" ? String(value) : value;
    return typeof said === "string" && said !== "" && said !== "-" ? said : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = text(name);
    return value === undefined || !Number.isFinite(Number(value)) ? undefined : Number(value);
  };
  const status = number("response_code");
  const line = {
    method: text("method"),
    path: text("path"),
    // A connection that is passed through has no status.
    status: status === 0 ? undefined : status,
    flags: text("response_flags"),
    details: text("response_code_details"),
    failure: text("upstream_transport_failure_reason"),
    durationMs: number("duration"),
    upstreamMs: number("upstream_service_time"),
    requestId: text("request_id"),
    authority: text("authority"),
    endpoint: text("upstream_host"),
    cluster: text("upstream_cluster"),
    peer: text("downstream_remote_address"),
    sni: text("requested_server_name"),
    route: text("route_name"),
  };
  return { ...(Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined)) as Omit<LogLine, "raw">), raw };
}

/** The lines of a log that hold an id, by whether they are about requests that the proxy's own workload sent. */
export function linesWith(log: string, id: string): { readonly outbound: LogLine[]; readonly inbound: LogLine[]; readonly others: string[] } {
  const found = log.split("\n").filter((line) => line.includes(id));
  const parsed = found.map((raw) => parseLine(raw));
  const known = parsed.filter((line) => line !== undefined);
  const isInbound = ({ cluster = "" }: LogLine): boolean => cluster.startsWith("inbound|");
  return {
    outbound: known.filter((line) => !isInbound(line)),
    inbound: known.filter(isInbound),
    others: found.filter((_, index) => parsed[index] === undefined),
  };
}

/**
 * The line about the request that was sent to a service; the last one where there were several attempts.
 *
 * @param outbound lines with the request's id in the log of the client's proxy.
 * @param service `name.namespace`.
 * @param by what sent it: the workload itself may have sent requests with the same id to others too.
 */
export function sentLine(outbound: readonly LogLine[], service: string, by: string): LogLine | undefined {
  const own = by === "workload" ? outbound.filter(({ authority }) => authority !== undefined && means(authority, service)) : outbound;
  return own.at(-1);
}

/** Whether the host of a request means a service, by any of its names. */
function means(authority: string, service: string): boolean {
  const host = authority.replace(/:\d+$/, "");
  return host === service.split(".")[0] || host === service || host.startsWith(`${service}.svc`);
}
