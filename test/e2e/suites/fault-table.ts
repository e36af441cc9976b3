import { KubeConfig } from "@kubernetes/client-node";
import { Kube } from "../../../cli/verify/kube";
import { OWNED } from "../../../cli/verify/traffic/objects";
import { type Key, NAMES, type TestMesh } from "../support/mesh";
import { serverWithAnotherClock } from "../support/clock";
import { expiredCopy, otherAuthority } from "../support/trust";
import { discoveryFaults } from "./discovery-faults";
import type { Fault } from "./fault";

const REMOTE = "-n istio-system get secret -l istio/multiCluster=true -o name";
const UNREAD = ["discovery.synced west east", "endpoints.via-gateways west east", "traffic.request west east"];
/** What may fail when east's gateway leads no longer to its API server. */
const CLOSED = ["discovery.server west east", ...UNREAD];

/** Every fault that `verify` must name. East is broken, or what west knows about it. */
export function faultTable(mesh: TestMesh): Fault[] {
  const west = (args: string, input?: string): Promise<string> => mesh.kubectl("west", args, input);
  const east = (args: string, input?: string): Promise<string> => mesh.kubectl("east", args, input);

  /** Saves an object without what the server wrote into it, and returns what creates it again. */
  const saved = async (key: Key, what: string): Promise<() => Promise<void>> => {
    const object = JSON.parse(await mesh.kubectl(key, `${what} -o json`)) as { metadata: Record<string, unknown>; status?: unknown };
    for (const field of ["resourceVersion", "uid", "creationTimestamp", "generation", "managedFields"]) delete object.metadata[field];
    delete object.status;
    return async () => {
      await mesh.kubectl(key, `${what.replace(" get ", " delete ")} --ignore-not-found`);
      await mesh.kubectl(key, "create -f -", JSON.stringify(object));
    };
  };
  /** Merges a patch, which may hold secrets, into an object: `kubectl patch` would need it in a file. */
  const merged = async (key: Key, what: string, patch: { data: Record<string, string | null> }): Promise<void> => {
    const object = JSON.parse(await mesh.kubectl(key, `${what} -o json`)) as { data: Record<string, string | null> };
    const data = Object.fromEntries(Object.entries({ ...object.data, ...patch.data }).filter(([, value]) => value !== null));
    await mesh.kubectl(key, "replace -f -", JSON.stringify({ ...object, data }));
  };
  const remoteSecret = async (): Promise<string> => `-n istio-system get ${await west(REMOTE)}`;

  /**
   * Changes the one entry of west's remote Secret, and changes it back in place, as `up` would. Deleting a Secret whose API server does
   * not answer can block istiod's reader of remote Secrets for good: it waits for the watches of that server to end.
   */
  const rewrite = async (change: (key: string, text: string) => [string, string]): Promise<() => Promise<void>> => {
    const what = await remoteSecret();
    const { data } = JSON.parse(await west(`${what} -o json`)) as { data: Record<string, string> };
    const [[key = "", value = ""] = []] = Object.entries(data);
    const [newKey, newText] = change(key, Buffer.from(value, "base64").toString());
    await merged("west", what, { data: { [key]: null, [newKey]: Buffer.from(newText).toString("base64") } });
    return () => merged("west", what, { data: { [newKey]: null, ...data } });
  };

  return [
    {
      name: "the remote Secret deleted",
      inject: async () => {
        const restore = await saved("west", await remoteSecret());
        await west((await remoteSecret()).replace(" get ", " delete "));
        return restore;
      },
      named: ["discovery.secret west east"],
      consequences: UNREAD,
      remedy: /mesh up/,
    },
    {
      name: "the remote Secret's key renamed",
      inject: () => rewrite((_key, text) => ["orient", text]),
      named: ["discovery.secret west east", "discovery.orphans west"],
      consequences: UNREAD,
      remedy: /mesh up/,
    },
    {
      name: "the server in the remote Secret set to 127.0.0.1",
      inject: () => rewrite((key, text) => [key, text.replace(/server: \S+/, "server: https://127.0.0.1:6443")]),
      named: ["discovery.server west east"],
      consequences: UNREAD,
      remedy: /mesh up/,
    },
    {
      name: "the peer's token revoked",
      inject: async () => {
        const tokens = await east("-n usmesh-discovery get secrets --field-selector type=kubernetes.io/service-account-token -o name");
        const restore = await saved("east", `-n usmesh-discovery get ${tokens}`);
        await east(`-n usmesh-discovery delete ${tokens}`);
        return async () => {
          // The same token cannot come back: a new one is issued, and `up` carries it to the peers.
          await restore();
          await mesh.sh("pulumi up -s local --refresh --yes --skip-preview --non-interactive");
        };
      },
      named: ["discovery.token west east"],
      consequences: UNREAD,
      remedy: /mesh up/,
    },
    {
      name: "the network label removed",
      inject: async () => {
        await east("label namespace istio-system topology.istio.io/network-");
        return async () => void (await east("label namespace istio-system topology.istio.io/network=east-network"));
      },
      named: ["identity.network-label east"],
      consequences: ["endpoints.via-gateways west east"],
      remedy: /label namespace istio-system topology.istio.io\/network=east-network/,
    },
    {
      name: "the east-west gateway scaled to zero",
      inject: async () => {
        await east("-n istio-system scale deployment istio-eastwestgateway --replicas=0");
        return async () => {
          await east("-n istio-system scale deployment istio-eastwestgateway --replicas=1");
          await east("-n istio-system rollout status deployment istio-eastwestgateway --timeout=120s");
        };
      },
      named: ["gateways.ready east", "traffic.request west east"],
      consequences: CLOSED,
      remedy: /scale deployment istio-eastwestgateway/,
      traffic: true,
    },
    {
      name: "the Gateway resource deleted",
      inject: async () => {
        const restore = await saved("east", "-n istio-system get gateways.networking.istio.io cross-network-gateway");
        await east("-n istio-system delete gateways.networking.istio.io cross-network-gateway");
        return restore;
      },
      named: ["gateways.passthrough east"],
      consequences: ["traffic.request west east"],
      remedy: /mesh up|expose-services/,
    },
    {
      name: "another root in one cluster",
      inject: async () => {
        const restore = await saved("east", "-n istio-system get secret cacerts");
        await merged("east", "-n istio-system get secret cacerts", { data: await otherAuthority(mesh.home) });
        return restore;
      },
      named: ["trust.roots"],
      // Until istiod and the workloads have loaded the other authority, they use both.
      consequences: ["trust.signing east", "proxies.roots east", "traffic.request west east", "traffic.request east west"],
      remedy: /mesh up/,
    },
    {
      name: "an intermediate that has expired",
      inject: async () => {
        const restore = await saved("east", "-n istio-system get secret cacerts");
        await merged("east", "-n istio-system get secret cacerts", { data: await expiredCopy(mesh) });
        return restore;
      },
      named: ["trust.expiry east"],
      consequences: ["traffic.request west east", "traffic.request east west"],
      remedy: /mesh up/,
    },
    {
      name: "another mesh id",
      inject: async () => {
        const restore = await saved("east", "-n istio-system get configmap istio");
        const map = JSON.parse(await east("-n istio-system get configmap istio -o json")) as { data: { mesh: string } };
        const patch = { data: { mesh: map.data.mesh.replace("meshId: usmesh", "meshId: other") } };
        await merged("east", "-n istio-system get configmap istio", patch);
        return restore;
      },
      named: ["identity.mesh-id"],
      remedy: /usmesh:mesh/,
    },
    {
      name: "a firewall between the clusters",
      inject: async () => {
        const address = (await mesh.outputs()).clusters.east?.eastWestAddress ?? "";
        const rule = `FORWARD -p tcp -d ${address} --dport 15443 -j DROP`;
        await mesh.node("west", `iptables -I ${rule}`);
        return async () => void (await mesh.node("west", `iptables -D ${rule}`));
      },
      named: ["gateways.open west east", "traffic.request west east"],
      remedy: /15443/,
      traffic: true,
    },
    {
      name: "an API server that has stopped",
      inject: async () => {
        await mesh.node("east", "mv /etc/kubernetes/manifests/kube-apiserver.yaml /kind/");
        return async () => {
          await mesh.node("east", "mv /kind/kube-apiserver.yaml /etc/kubernetes/manifests/");
          for (let tries = 0; tries < 60 && (await mesh.shell(`kubectl --context kind-${NAMES.kind.east} get --raw /readyz`)).code !== 0; tries += 1) {
            await new Promise((resolve) => setTimeout(resolve, 2000));
          }
        };
      },
      named: ["clusters.api east"],
      remedy: /mesh up/,
    },
    {
      name: "a remote Secret for a cluster that left the mesh",
      inject: () => Promise.resolve(() => Promise.resolve()),
      targets: async () => (await mesh.targets()).filter((target) => target.key === "west"),
      named: ["discovery.orphans west"],
      remedy: /delete secret istio-remote-secret/,
    },
    {
      name: "sidecar injection off when pods start",
      inject: async () => {
        const restart = async (): Promise<void> => {
          await east("-n istioinaction rollout restart deployment catalog");
          await east("-n istioinaction rollout status deployment catalog --timeout=120s");
          await east("-n istioinaction wait --for=delete pod -l app=catalog,pod-template-hash=none --timeout=1s").catch(() => undefined);
        };
        await east("label namespace istioinaction istio-injection=disabled --overwrite");
        await restart();
        await east("label namespace istioinaction istio-injection=enabled --overwrite");
        return restart;
      },
      named: ["proxies.injection east"],
      consequences: ["endpoints.via-gateways west east"],
      remedy: /rollout restart deployment/,
    },
    {
      name: "a clock that is off",
      inject: () => Promise.resolve(() => Promise.resolve()),
      targets: async () => {
        const [first, second] = await mesh.targets();
        if (!first || !second) throw new Error("the mesh has two clusters");
        const server = await serverWithAnotherClock((await mesh.outputs()).kubeconfigs[second.key] ?? "", 60_000);
        const config = new KubeConfig();
        config.loadFromClusterAndUser({ name: "late", server, skipTLSVerify: true }, { name: "late" });
        return [first, { ...second, kube: new Kube(config, 5000) }];
      },
      named: ["clusters.clocks"],
      remedy: /NTP/,
    },
    {
      name: "a strict policy that denies",
      inject: async () => {
        // Not for the gateways, which are in istio-system too: a peer that cannot read the cluster does not know the test pod, and gets 503.
        const spec = { selector: { matchLabels: OWNED } };
        const policy = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata: { name: "deny-all", namespace: "istio-system" }, spec };
        await east("create -f -", JSON.stringify(policy));
        return async () => void (await east("-n istio-system delete authorizationpolicy deny-all"));
      },
      named: ["traffic.request west east"],
      remedy: /authorizationpolicy/,
      traffic: true,
    },
    ...discoveryFaults(mesh, saved, CLOSED),
  ];
}
