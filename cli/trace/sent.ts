/** What the sender of the request saw of it. */
export interface Sent {
  /** `curl` or `wget` in a container of the workload's pod; `workload`: the workload sent it by itself, when it was asked. */
  readonly by: "curl" | "wget" | "workload";
  /** Status of the answer; absent when there was none, or when the workload sent it. */
  readonly status?: number;
  /** Beginning of the answer; absent as the status is. */
  readonly body?: string;
  /** Why there was no answer. */
  readonly error?: string;
  /** Whether the service's name did not resolve, so that nothing was sent. */
  readonly unresolved?: boolean;
  /** Milliseconds until the name was resolved. */
  readonly lookupMs?: number;
  /** Milliseconds until the answer was complete. */
  readonly totalMs?: number;
}

/** Header by which proxies know a request. */
export const REQUEST_ID = "x-request-id";

/** What separates the answer from curl's own numbers. */
const MARK = "usmesh-trace";
/** How much of an answer is kept. */
const BODY = 300;

/** The command that sends the request with curl. */
export function curlCommand(url: string, id: string, seconds: number): string[] {
  const numbers = `\\n${MARK} %{http_code} %{time_namelookup} %{time_total}\\n`;
  return ["curl", "-sS", "--max-time", String(seconds), "-H", `${REQUEST_ID}: ${id}`, "-w", numbers, url];
}

/** The command that sends it with wget, busybox's or GNU's. */
export function wgetCommand(url: string, id: string, seconds: number): string[] {
  return ["wget", "-S", "-O", "-", "-T", String(seconds), "--header", `${REQUEST_ID}: ${id}`, url];
}

/** How a command ended. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What curl saw. */
export function readCurl({ code, stdout, stderr }: Ended): Sent {
  const [, body = "", status = "0", lookup = "0", total = "0"] = new RegExp(`^([^]*)\\n${MARK} (\\d+) ([\\d.]+) ([\\d.]+)\\s*$`).exec(stdout) ?? [];
  const times = { totalMs: ms(total), ...(Number(lookup) > 0 && { lookupMs: ms(lookup) }) };
  if (code === 0) return { by: "curl", status: Number(status), body: body.slice(0, BODY), ...times };
  return { by: "curl", error: lastLine(stderr) || `curl ended with ${code}`, unresolved: code === 6, ...times };
}

/** What wget saw. It does not tell how long anything took. */
export function readWget({ code, stdout, stderr }: Ended): Sent {
  const status = [...stderr.matchAll(/^\s*HTTP\/[\d.]+ (\d{3})/gm)].at(-1)?.[1];
  if (status !== undefined) return { by: "wget", status: Number(status), body: stdout.slice(0, BODY) };
  return { by: "wget", error: lastLine(stderr) || `wget ended with ${code}`, unresolved: /bad address|unable to resolve|Name or service not known/i.test(stderr) };
}

function ms(seconds: string): number {
  return Math.round(Number(seconds) * 1000);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
