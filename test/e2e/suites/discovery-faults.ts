import { expiredServer } from "../support/trust";
import type { Key, TestMesh } from "../support/mesh";
import type { Fault } from "./fault";

const PROXY = "-n usmesh-discovery";

/** Saves an object, and returns what creates it again. */
type Save = (key: Key, what: string) => Promise<() => Promise<void>>;

/** What can go wrong with the proxy through which west reads east. @param closed what may fail when west no longer reaches it */
export function discoveryFaults(mesh: TestMesh, saved: Save, closed: readonly string[]): Fault[] {
  const east = (args: string, input?: string): Promise<string> => mesh.kubectl("east", args, input);
  const restarted = async (): Promise<void> => {
    await east(`${PROXY} rollout restart deployment discovery-proxy`);
    await east(`${PROXY} rollout status deployment discovery-proxy --timeout=120s`);
  };
  return [
    {
      name: "the discovery proxy scaled to zero",
      inject: async () => {
        await east(`${PROXY} scale deployment discovery-proxy --replicas=0`);
        await east(`${PROXY} wait --for=delete pod -l app=discovery-proxy --timeout=60s`);
        return async () => {
          await east(`${PROXY} scale deployment discovery-proxy --replicas=1`);
          await east(`${PROXY} rollout status deployment discovery-proxy --timeout=120s`);
        };
      },
      named: ["discovery.proxy east"],
      consequences: closed,
      remedy: /scale deployment discovery-proxy --replicas=1/,
    },
    {
      name: "the discovery proxy's certificate expired",
      inject: async () => {
        const what = `${PROXY} get secret discovery-proxy`;
        const restore = await saved("east", what);
        const secret = JSON.parse(await east(`${what} -o json`)) as { data: Record<string, string> };
        await east("replace -f -", JSON.stringify({ ...secret, data: await expiredServer(mesh) }));
        // The kubelet takes up to a minute and a half to hand another certificate to a pod that runs.
        await restarted();
        return async () => {
          await restore();
          await restarted();
        };
      },
      named: ["discovery.certificate west east"],
      consequences: closed,
      remedy: /mesh up/,
    },
    {
      name: "a Secret in the namespace that is to hold none",
      inject: async () => {
        const restore = await saved("east", "-n usmesh-no-secrets get resourcequota no-secrets");
        await east("-n usmesh-no-secrets delete resourcequota no-secrets");
        await east("-n usmesh-no-secrets create secret generic stray");
        return async () => {
          await east("-n usmesh-no-secrets delete secret stray");
          await restore();
        };
      },
      named: ["discovery.privileges west east"],
      remedy: /-n usmesh-no-secrets delete secrets/,
    },
    {
      name: "more permissions for the peer's account",
      inject: async () => {
        await east("create clusterrolebinding usmesh-e2e-too-much --clusterrole=view --serviceaccount=usmesh-discovery:cluster-west");
        return async () => void (await east("delete clusterrolebinding usmesh-e2e-too-much"));
      },
      named: ["discovery.privileges west east"],
      remedy: /clusterrolebindings/,
    },
    {
      name: "the gateway's rule for the discovery proxy removed",
      inject: async () => {
        const restore = await saved("east", "-n istio-system get gateways.networking.istio.io discovery-proxy");
        await east("-n istio-system delete gateways.networking.istio.io discovery-proxy");
        return restore;
      },
      named: ["discovery.proxy east"],
      consequences: closed,
      remedy: /mesh up/,
    },
  ];
}
