import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { until } from "../../support/wait";
import { type Key, NAMES, type TestMesh } from "./mesh";
import { type Connection, connectionsIn } from "./packets";

const SCRIPT = fs.readFileSync(path.join(__dirname, "capture.pl"), "utf8");

/** Captures what leaves and enters a node for a TCP port, from when it is started until it is stopped. */
export class Capture {
  private readonly packets: Buffer[] = [];
  private ready = false;
  private said = "";
  private readonly ended: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => child.once("close", resolve));
    child.stderr?.on("data", (data: Buffer) => (this.said += data.toString()));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (line === "ready") this.ready = true;
      else this.packets.push(Buffer.from(line, "hex"));
    });
  }

  /** Starts one, and waits until it captures. @throws Error when it does not */
  static async start(mesh: TestMesh, cluster: Key, port: number): Promise<Capture> {
    const [command, args, options] = await mesh.line(`exec docker exec -i ${NAMES.kind[cluster]}-control-plane perl -e "$CAPTURE" eth0 ${port}`, { CAPTURE: SCRIPT });
    const capture = new Capture(spawn(command, args, { ...options, stdio: ["pipe", "pipe", "pipe"] }));
    await until("the capture to begin", () => capture.ready || capture.child.exitCode !== null, { seen: () => capture.said });
    if (!capture.ready) throw new Error(`nothing can be captured in ${cluster}: ${capture.said}`);
    return capture;
  }

  /** Ends it. @returns the connections that were opened meanwhile @throws Error when it has ended by itself */
  async stop(): Promise<Connection[]> {
    const wasThere = this.child.exitCode === null;
    this.child.stdin?.end();
    const code = await this.ended;
    if (!wasThere || code !== 0) throw new Error(`the capture ended by itself, with ${code}: ${this.said}`);
    return connectionsIn(this.packets);
  }
}
