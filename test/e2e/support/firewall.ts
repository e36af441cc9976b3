import { until } from "../../support/wait";
import { type Key, KEYS, NAMES, type TestMesh } from "./mesh";

/** Milliseconds in which the nodes have to be there after `up` has begun: the first one may have to load images. */
const NODES_MS = 15 * 60_000;

/** A firewall in each node that lets the other node's packets through to and from port 15443, and drops all others. */
export class Firewall {
  constructor(private readonly mesh: TestMesh) {}

  /** Raises it, unless it stands, as soon as both nodes are there: long before anything in one cluster could reach the other. */
  async raise(): Promise<void> {
    const found = await until("both nodes to be on the network", () => this.addresses(), { timeoutMs: NODES_MS, intervalMs: 200, seen: () => "not both" });
    for (const key of KEYS) {
      const peer = found[other(key)];
      const rules = [`-p tcp --dport 15443 -j ACCEPT`, `-p tcp --sport 15443 -j ACCEPT`, `-j DROP`];
      for (const rule of rules.map((each) => `PREROUTING -s ${peer} ${each}`)) {
        await this.mesh.node(key, `sh -c 'iptables -t raw -C ${rule} 2>/dev/null || iptables -t raw -A ${rule}'`);
      }
    }
  }

  /** How many packets each node has dropped. */
  async dropped(key: Key): Promise<number> {
    const rules = await this.mesh.node(key, "iptables -t raw -nvxL PREROUTING");
    const counts = [...rules.matchAll(/^ *(\d+) +\d+ +DROP /gm)].map(([, packets]) => Number(packets));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  private async addresses(): Promise<Record<Key, string> | undefined> {
    const found = await Promise.all(KEYS.map(async (key) => [key, await this.address(key)] as const));
    return found.every(([, address]) => address !== "") ? (Object.fromEntries(found) as Record<Key, string>) : undefined;
  }

  private async address(key: Key): Promise<string> {
    const format = `{{with index .NetworkSettings.Networks "${NAMES.network}"}}{{.IPAddress}}{{end}}`;
    const { code, stdout } = await this.mesh.shell(`docker inspect --format '${format}' ${NAMES.kind[key]}-control-plane`);
    return code === 0 ? stdout.trim() : "";
  }
}

function other(key: Key): Key {
  return key === "west" ? "east" : "west";
}
