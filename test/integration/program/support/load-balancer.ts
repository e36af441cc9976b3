import { KubeError } from "../../../../lib/api-server";
import type { ApiServer } from "../../support/api-server";
import { objectsPath } from "./objects";

const GATEWAYS = ["istio-ingressgateway", "istio-eastwestgateway"] as const;

/**
 * Gives the gateways' Services addresses, as MetalLB would: `172.18.<server>.<gateway>`, both from 1.
 *
 * @returns how to stop.
 */
export function balanceLoad(servers: readonly ApiServer[]): () => void {
  let running = true;
  const serve = async (): Promise<void> => {
    while (running) {
      const all = servers.flatMap((server, index) => GATEWAYS.map((name, gateway) => give(server, name, `172.18.${index + 1}.${gateway + 1}`)));
      await Promise.all(all);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  void serve();
  return () => {
    running = false;
  };
}

async function give(server: ApiServer, name: string, ip: string): Promise<void> {
  const path = `${objectsPath("istio-system", "services")}/${name}`;
  try {
    const service = await server.client.get<{ status?: { loadBalancer?: { ingress?: unknown[] } } }>(path);
    if (service.status?.loadBalancer?.ingress?.length) return;
    const status = { loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } };
    await server.client.request("PATCH", `${path}/status`, { status }, "application/merge-patch+json");
  } catch (error) {
    // A server that a test has halted, and a Service that is not there yet or no longer, are served when they are back.
    if (error instanceof KubeError ? error.status !== 404 : !/ECONN|socket|no answer/i.test(String(error))) throw error;
  }
}
