/** One cluster of kwokctl's binary runtime: its command, its processes and its files, all in one folder. */
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { airgapBinary } from "./home";
import { returnPorts, takePorts } from "./ports";

const execute = promisify(execFile);

/** Binaries that kwokctl would download, by the flag that says where they are. */
const BINARIES = {
  "etcd-binary": "etcd",
  "kube-apiserver-binary": "kube-apiserver",
  "kube-controller-manager-binary": "kube-controller-manager",
  "kube-scheduler-binary": "kube-scheduler",
  "kwok-controller-binary": "kwok",
} as const;

/** Its ports, by their names in kwokctl's configuration: kwokctl would take free ones again at each start, and hold none of a stopped cluster. */
const PORTS = ["etcdPort", "etcdPeerPort", "kubeApiserverPort", "kubeControllerManagerPort", "kubeSchedulerPort", "kwokControllerPort"] as const;

/** Milliseconds that a command of kwokctl may take, which itself waits 60 s at most for a server. */
const COMMAND_MS = 180_000;

/** The cluster of one name below one folder. */
export class KwokCluster {
  private ports: readonly number[] = [];

  constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Starts it and waits until it answers. Throws with the ends of its logs. */
  async create(): Promise<void> {
    const flags = Object.entries(BINARIES).map(([flag, binary]) => `--${flag}=${airgapBinary(binary)}`);
    // A test's cluster does not outlive the machine: nothing is gained by waiting for the disk.
    const fast = ["--extra-args=etcd=unsafe-no-fsync=true", "--disable-qps-limits"];
    // Nobody else would take their place: they need not say every two seconds that they are there.
    const alone = ["kube-controller-manager", "kube-scheduler"].map((component) => `--extra-args=${component}=leader-elect=false`);
    const unused = `--kubeconfig=${join(this.folder, "unused.yaml")}`;
    const config = join(this.folder, "kwokctl.yaml");
    this.ports = await takePorts(PORTS.length);
    const options = Object.fromEntries(PORTS.map((name, index) => [name, this.ports[index]]));
    await writeFile(config, stringify({ apiVersion: "config.kwok.x-k8s.io/v1alpha1", kind: "KwokctlConfiguration", options }));
    await this.run("create", "cluster", `--config=${config}`, "--runtime=binary", "--wait=60s", unused, ...fast, ...alone, ...flags);
  }

  /** Ends all its processes and keeps its data. */
  async stop(): Promise<void> {
    await this.run("stop", "cluster");
  }

  /** Starts it again on the same ports and data, and waits until it answers. */
  async start(): Promise<void> {
    await this.run("start", "cluster", "--wait=60s");
  }

  /** Ends all its processes. Never throws. */
  async destroy(): Promise<void> {
    await this.run("delete", "cluster").catch(() => undefined);
    this.kill();
    returnPorts(this.ports);
  }

  /** Kills what still runs of it, at once: only processes whose own command line names its folder. */
  kill(): void {
    for (const pid of this.processes()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended in between.
      }
    }
  }

  /** An administrator's kubeconfig with the certificates inside, so that it is good wherever it is copied. */
  kubeconfig(): string {
    const read = (file: string) => readFileSync(file).toString("base64");
    const content = parse(readFileSync(join(this.home, "kubeconfig.yaml"), "utf8")) as KwokKubeconfig;
    const [cluster, user] = [content.clusters[0].cluster, content.users[0].user];
    return stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": this.name,
      contexts: [{ name: this.name, context: { cluster: this.name, user: this.name } }],
      clusters: [
        {
          name: this.name,
          cluster: { server: cluster.server, "certificate-authority-data": read(cluster["certificate-authority"]) },
        },
      ],
      users: [
        {
          name: this.name,
          user: {
            "client-certificate-data": read(user["client-certificate"]),
            "client-key-data": read(user["client-key"]),
          },
        },
      ],
    });
  }

  private get home(): string {
    return join(this.folder, "clusters", this.name);
  }

  private async run(...args: string[]): Promise<void> {
    try {
      await execute(airgapBinary("kwokctl"), [...args, "--name", this.name], {
        env: { ...process.env, KWOK_WORKDIR: this.folder, KWOK_KUBE_VERSION: "v1.34.4" },
        timeout: COMMAND_MS,
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.lastLines()}`);
    }
  }

  private processes(): number[] {
    const mine: number[] = [];
    for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        if (readFileSync(`/proc/${entry}/cmdline`, "utf8").startsWith(join(this.home, "bin") + "/")) mine.push(Number(entry));
      } catch {
        // It ended in between.
      }
    }
    return mine;
  }

  private lastLines(): string {
    const logs = join(this.home, "logs");
    try {
      const tail = (file: string) => readFileSync(join(logs, file), "utf8").split("\n").slice(-5).join("\n");
      return readdirSync(logs)
        .map((file) => `--- ${file}\n${tail(file)}`)
        .join("\n");
    } catch {
      return "";
    }
  }
}

interface KwokKubeconfig {
  clusters: [{ cluster: { server: string; "certificate-authority": string } }];
  users: [{ user: { "client-certificate": string; "client-key": string } }];
}
