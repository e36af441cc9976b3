import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { watchEvent, type WatchEvent } from "../../../cli/watch/schema";
import { until } from "../../support/wait";
import { KEYS, type TestMesh } from "../support/mesh";

/** `./mesh watch` of the mesh under test. It takes its time until every pair works and was measured, and can be begun before it is needed. */
export class Watch {
  readonly events: WatchEvent[] = [];
  /** What it printed on standard error. */
  said = "";
  private running?: { readonly child: ChildProcess; readonly ended: Promise<number | null> };

  constructor(private readonly mesh: TestMesh) {}

  /** Begins, unless that was done before. */
  begin(): void {
    if (this.running) return;
    const [command, args, options] = this.mesh.command("watch", "--json", "--prometheus", "127.0.0.1:0");
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.stderr.on("data", (data: Buffer) => (this.said += data.toString()));
    createInterface({ input: child.stdout }).on("line", (line) => this.events.push(watchEvent.parse(JSON.parse(line))));
    this.running = { child, ended };
  }

  /** Ends it as Ctrl-C does. @returns its exit code; undefined when it was never begun */
  async end(): Promise<number | null | undefined> {
    this.running?.child.kill("SIGINT");
    return this.running?.ended;
  }

  /** How the pairs have changed, such as `west->east works`. @param from index of the first event that counts */
  states(from = 0): string[] {
    return this.events.slice(from).flatMap((event) => (event.type === "change" ? [`${event.from}->${event.to} ${event.state}`] : []));
  }
}

/** Every pair, for as long as it is watched. */
export function watches(mesh: TestMesh, watch: Watch): void {
  after(() => watch.end());

  it("shows a fault in the right pair's line, and that it is healed; serves each metric; removes what it made", async () => {
    watch.begin();
    const states = (): string[] => watch.states();
    const patience = { timeoutMs: 90_000, seen: () => [watch.said, ...states()] };
    try {
      await until("both pairs to work", () => states().filter((state) => state.endsWith("works")).length >= 2, patience);
      const port = /:(\d+)\/metrics/.exec(watch.said)?.[1];
      const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      await until("an endpoint to be new in both clusters", async () => (await metrics()).match(/^mesh_pair_propagation_seconds_count\{.*\} [1-9]/gm)?.length === 2, patience);
      for (const name of ["requests_total", "unasked_total", "up", "latency_seconds_count", "propagation_seconds_count", "propagation_missed_total"]) {
        expect((await metrics()).match(new RegExp(`^mesh_pair_${name}\\{from="(?:west|east)"`, "gm")), name).to.have.length.of.at.least(2);
      }
      const block = (action: string): Promise<string> => mesh.node("east", `iptables -t raw ${action} PREROUTING -i eth0 -p tcp --dport 15443 -j DROP`);
      const before = watch.events.length;
      const since = (): string[] => watch.states(before);
      await block("-I");
      const at = Date.now();
      await until("west->east to fail", () => since().includes("west->east fails"), patience);
      const change = watch.events.slice(before).find((event) => event.type === "change" && event.state === "fails");
      process.stdout.write(`      west->east fails ${Date.parse(change?.time ?? "") - at} ms after its way was blocked\n`);
      await block("-D");
      await until("west->east to work again", () => since().includes("west->east works"), patience);
      expect(watch.states()).not.to.include("east->west fails");
    } finally {
      await watch.end();
    }
    expect(await watch.end()).to.equal(1);
    expect(watch.events.at(-1)?.type).to.equal("totals");
    for (const key of KEYS) {
      const kept = "get namespaces -l app.kubernetes.io/managed-by=usmesh-verify -o jsonpath='{.items[?(@.status.phase==\"Active\")].metadata.name}'";
      expect(await mesh.kubectl(key, kept), `in ${key}`).to.equal("");
    }
  });
}
