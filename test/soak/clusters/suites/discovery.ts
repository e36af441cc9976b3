import { expect } from "chai";
import { until } from "../../../support/wait";
import { kindName, type Environments, type Stack } from "../support/environments";
import type { Traffic } from "../support/traffic";

const PAIR = ["west", "east"] as const;

/** Raises a firewall between nodes as soon as they are there: only port 15443 is let through, both ways. Nodes that have it keep it. */
export async function closeBetween(mesh: Environments, stacks: readonly Stack[]): Promise<void> {
  const node = (stack: Stack): string => `${kindName(stack)}-control-plane`;
  const address = async (stack: Stack): Promise<string> => {
    const { code, stdout } = await mesh.shell(`docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' ${node(stack)}`);
    return code === 0 ? stdout.trim() : "";
  };
  const found = await until("all nodes to be on the network", async () => {
    const all = await Promise.all(stacks.map(async (stack) => ({ stack, ip: await address(stack) })));
    return all.every(({ ip }) => ip !== "") ? all : undefined;
  }, { timeoutMs: 30 * 60_000, intervalMs: 500 });
  for (const { stack } of found) {
    for (const { ip } of found.filter((peer) => peer.stack !== stack)) {
      for (const rule of ["-p tcp --dport 15443 -j ACCEPT", "-p tcp --sport 15443 -j ACCEPT", "-j DROP"]) {
        const where = `PREROUTING -s ${ip} ${rule}`;
        await mesh.sh(`docker exec ${node(stack)} sh -c 'iptables -t raw -C ${where} 2>/dev/null || iptables -t raw -A ${where}'`);
      }
    }
  }
}

/** A mesh moves from one way of reading each other to the other, and back. */
export function moves(mesh: Environments, traffic: Traffic): void {
  const server = async (stack: "west" | "east"): Promise<string> => {
    const peer = stack === "west" ? "east" : "west";
    const data = await mesh.kubectl(stack, `-n istio-system get secret istio-remote-secret-usmesh -o jsonpath='{.data.${peer}-cluster}'`);
    return /server: (\S+)/.exec(Buffer.from(data, "base64").toString())?.[1] ?? "";
  };
  const move = (through: "gateway" | "apiServer"): Promise<void> =>
    traffic.during(`to ${through}`, async () => {
      for (const stack of PAIR) mesh.set(stack, "peering", { through });
      await mesh.meshDoes("up", ...PAIR);
      expect(await mesh.faults(PAIR)).to.deep.equal([]);
    });

  it("to the API servers, where nothing is left of reading through gateways", async () => {
    await move("apiServer");
    for (const stack of PAIR) {
      expect(await server(stack)).to.match(/:6443$/);
      expect(await mesh.kubectl(stack, "get namespaces -o name")).not.to.contain("usmesh-");
    }
  });

  it("and to the gateways, where nothing is left of the other method", async () => {
    await move("gateway");
    for (const stack of PAIR) {
      expect(await server(stack)).to.match(/:15443$/);
      expect(await mesh.kubectl(stack, "-n istio-system get secrets --field-selector type=kubernetes.io/service-account-token -o name")).to.equal("");
    }
  });
}

/** What discovery and requests go through is restarted. */
export function restarts(mesh: Environments, traffic: Traffic): void {
  const restart = async (stack: Stack, namespace: string, deployment: string): Promise<void> => {
    await mesh.kubectl(stack, `-n ${namespace} rollout restart deployment ${deployment}`);
    await mesh.kubectl(stack, `-n ${namespace} rollout status deployment ${deployment} --timeout=180s`);
  };
  for (const [namespace, deployment] of [
    ["usmesh-discovery", "discovery-proxy"],
    ["istio-system", "istiod"],
    ["istio-system", "istio-eastwestgateway"],
  ] as const) {
    it(`loses no request when ${deployment} is restarted in both clusters`, async () => {
      await traffic.during(`${deployment} restarted`, async () => {
        for (const stack of PAIR) await restart(stack, namespace, deployment);
      });
      expect(await mesh.faults(PAIR)).to.deep.equal([]);
    });
  }

  it("loses no request when istiod starts while its peer's proxy is stopped, and reads the peer again once it runs", async () => {
    await traffic.during("istiod restarted without a proxy to read", async () => {
      await mesh.kubectl("east", "-n usmesh-discovery rollout restart deployment discovery-proxy");
      await restart("west", "istio-system", "istiod");
      await mesh.kubectl("east", "-n usmesh-discovery rollout status deployment discovery-proxy --timeout=180s");
    });
    expect(await mesh.faults(PAIR)).to.deep.equal([]);
  });
}
