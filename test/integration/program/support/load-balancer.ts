import { KubeError } from "../../../../lib/api-server";
import type { ApiServer } from "../../support/api-server";
import { objectsPath } from "./objects";

const GATEWAYS: readonly string[] = ["istio-ingressgateway", "istio-eastwestgateway"];

/** Milliseconds between two looks. */
const INTERVAL_MS = 400;

/**
 * Gives the gateways' Services addresses, as MetalLB would: `172.18.<server>.<gateway>`, both from 1.
 *
 * @returns how to stop.
 */
export function balanceLoad(servers: readonly ApiServer[]): () => void {
  let running = true;
  const serve = async (): Promise<void> => {
    while (running) {
      await Promise.all(servers.map((server, index) => give(server, (gateway) => `172.18.${index + 1}.${gateway + 1}`)));
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  };
  void serve();
  return () => {
    running = false;
  };
}

interface Service {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

async function give(server: ApiServer, address: (gateway: number) => string): Promise<void> {
  const path = objectsPath("istio-system", "services");
  try {
    for (const { metadata: { name }, status } of await server.client.list<Service>(path)) {
      const gateway = GATEWAYS.indexOf(name);
      if (gateway === -1 || status?.loadBalancer?.ingress?.length) continue;
      const loadBalancer = { ingress: [{ ip: address(gateway), ipMode: "VIP" }] };
      await server.client.request("PATCH", `${path}/${name}/status`, { status: { loadBalancer } }, "application/merge-patch+json");
    }
  } catch (error) {
    // A server that a test has halted, and a Service that is deleted meanwhile, are served when they are back.
    if (error instanceof KubeError ? error.status !== 404 : !/ECONN|socket|no answer/i.test(String(error))) throw error;
  }
}
