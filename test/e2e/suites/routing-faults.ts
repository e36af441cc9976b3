import type { TestMesh } from "../support/mesh";
import type { Fault } from "./fault";

/** Faults in where requests go and in who may send them. East is broken. */
export function routingFaults(mesh: TestMesh): Fault[] {
  const east = (args: string, input?: string): Promise<string> => mesh.kubectl("east", args, input);
  const patched = (patch: object): Promise<string> => east(`-n istio-system patch destinationrule failover --type=merge -p '${JSON.stringify(patch)}'`);

  return [
    {
      name: "failover without outlier detection",
      inject: async () => {
        const { spec } = JSON.parse(await east("-n istio-system get destinationrule failover -o json")) as { spec: object };
        await patched({ spec: { trafficPolicy: { outlierDetection: null } } });
        return async () => void (await patched({ spec }));
      },
      named: ["endpoints.failover east"],
      remedy: /mesh up/,
    },
    {
      name: "a workload on a node without region and zone",
      inject: async () => {
        const region = "topology.kubernetes.io/region";
        const restart = async (): Promise<void> => {
          await east("-n istioinaction rollout restart deployment simple-backend");
          await east("-n istioinaction rollout status deployment simple-backend --timeout=120s");
        };
        await east(`label node --all ${region}- topology.kubernetes.io/zone-`);
        await restart();
        return async () => {
          await east(`label node --all ${region}=eastus topology.kubernetes.io/zone=0`);
          await restart();
        };
      },
      named: ["endpoints.localities east", "clusters.labels east"],
      // Its peer reads the same endpoints.
      consequences: ["endpoints.localities west"],
      remedy: /restart the pods/,
    },
    {
      name: "the policy that demands mutual TLS deleted",
      inject: async () => {
        const { spec } = JSON.parse(await east("-n istio-system get peerauthentication default -o json")) as { spec: object };
        await east("-n istio-system delete peerauthentication default");
        const policy = { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication", metadata: { name: "default", namespace: "istio-system" }, spec };
        return async () => void (await east("create -f -", JSON.stringify(policy)));
      },
      named: ["traffic.plaintext east"],
      traffic: true,
      remedy: /mesh up/,
    },
    {
      name: "a filter by which workloads take any certificate",
      inject: async () => {
        const context = { combined_validation_context: { default_validation_context: { trust_chain_verification: "ACCEPT_UNTRUSTED" } } };
        const typed = { "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext", common_tls_context: context };
        const patch = {
          applyTo: "FILTER_CHAIN",
          // Only chains that end TLS: the others have nothing that could be merged with.
          match: { context: "SIDECAR_INBOUND", listener: { name: "virtualInbound", filterChain: { transportProtocol: "tls" } } },
          patch: { operation: "MERGE", value: { transport_socket: { name: "envoy.transport_sockets.tls", typed_config: typed } } },
        };
        const filter = { apiVersion: "networking.istio.io/v1alpha3", kind: "EnvoyFilter", metadata: { name: "trusting", namespace: "istio-system" }, spec: { configPatches: [patch] } };
        await east("create -f -", JSON.stringify(filter));
        return async () => void (await east("-n istio-system delete envoyfilter trusting"));
      },
      named: ["gateways.foreign-root east"],
      remedy: /get envoyfilter -A/,
    },
    {
      name: "a second Gateway that lets other networks reach more",
      inject: async () => {
        const server = { port: { number: 15443, name: "tls", protocol: "TLS" }, tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.example.org"] };
        const gateway = { apiVersion: "networking.istio.io/v1", kind: "Gateway", metadata: { name: "wide", namespace: "istio-system" }, spec: { selector: { istio: "eastwestgateway" }, servers: [server] } };
        await east("create -f -", JSON.stringify(gateway));
        return async () => void (await east("-n istio-system delete gateways.networking.istio.io wide"));
      },
      named: ["gateways.exposed east"],
      remedy: /edit gateways.networking.istio.io wide/,
    },
    {
      name: "a policy for a ServiceAccount that does not exist",
      inject: async () => {
        const source = { principals: ["cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"] };
        const spec = { selector: { matchLabels: { app: "nothing" } }, rules: [{ from: [{ source }] }] };
        const policy = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata: { name: "allow-nobody", namespace: "istioinaction" }, spec };
        await east("create -f -", JSON.stringify(policy));
        return async () => void (await east("-n istioinaction delete authorizationpolicy allow-nobody"));
      },
      named: ["identity.principals east"],
      remedy: /edit authorizationpolicy/,
    },
  ];
}
