import http from "node:http";

/** An answer to a request, or that there was none. */
export interface Answered {
  /** When it was sent, in milliseconds since 1970. */
  readonly sentAt: number;
  /** When it was answered. */
  readonly at: number;
  /** HTTP status; 0 without an answer in time. */
  readonly code: number;
  /** Whoever answered: the first word in capitals of what was said, such as `WEST`. */
  readonly from?: string;
}

/** What is asked: an ingress gateway's address, and the host name of the requests. */
export interface Asked {
  readonly address: string;
  readonly host: string;
}

/** Milliseconds after which a request without an answer counts as failed. */
const TIMEOUT_MS = 8000;

/** Sends one request and waits for its end. It never fails: what goes wrong is an answer with code 0. */
export function ask({ address, host }: Asked, agent: http.Agent): Promise<Answered> {
  const sentAt = Date.now();
  return new Promise((resolve) => {
    const done = (code: number, text = ""): void => resolve({ sentAt, at: Date.now(), code, from: /Hello from ([A-Z]+)/.exec(text)?.[1] });
    const request = http.get({ host: address, path: "/", headers: { host }, agent, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => done(response.statusCode ?? 0, Buffer.concat(chunks).toString()));
      response.on("error", () => done(0));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => done(0));
  });
}

/** Sends so many requests, one after another. */
export async function askTimes(asked: Asked, times: number): Promise<Answered[]> {
  const agent = new http.Agent({ keepAlive: true });
  const answers: Answered[] = [];
  for (let sent = 0; sent < times; sent += 1) answers.push(await ask(asked, agent));
  agent.destroy();
  return answers;
}

/** How many answers came from where; what failed is counted by its status. */
export function counted(answers: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code, from = "elsewhere" } of answers) {
    const whose = code === 200 ? from : String(code);
    counts[whose] = (counts[whose] ?? 0) + 1;
  }
  return counts;
}

/** How many of them failed: those with another status than 200. */
export function failures(answers: readonly Answered[]): number {
  return answers.filter(({ code }) => code !== 200).length;
}

/** Sends requests at a steady rate, whether or not those before were answered. */
export class Load {
  readonly answers: Answered[] = [];
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly open = new Set<Promise<unknown>>();
  private readonly timer: NodeJS.Timeout;

  constructor(asked: Asked, perSecond = 50) {
    const started = Date.now();
    let sent = 0;
    // A timer of a busy process comes late: what is due by then is sent.
    this.timer = setInterval(() => {
      for (const due = ((Date.now() - started) * perSecond) / 1000; sent < due; sent += 1) {
        const answer = ask(asked, this.agent).then((answered) => void this.answers.push(answered));
        this.open.add(answer);
        void answer.finally(() => this.open.delete(answer));
      }
    }, 1000 / perSecond);
  }

  /** Ends it, and waits for the answers that are due. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
    this.agent.destroy();
  }
}
