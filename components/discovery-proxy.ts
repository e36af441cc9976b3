import { Namespace, ResourceQuota } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { accountName, DISCOVERY_NAMESPACE, DISCOVERY_PROXY, discoveryHost, gatewayUrl, NO_SECRETS_NAMESPACE, type DiscoveryPeer } from "../topology/discovery";
import { CROSS_NETWORK_PORT, EAST_WEST_SELECTOR } from "../topology/names";
import { DEFAULT_REVISION, type Revision } from "../topology/revisions";
import type { Profile } from "./charts/istio-values";
import type { DiscoveryCA } from "./discovery-ca";
import { peerAccounts } from "./discovery/accounts";
import { injectedImage } from "./discovery/image";
import { discoveryWorkload } from "./discovery/workload";
import { childOptions, type DependsOn } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";

export interface DiscoveryProxyArgs {
  /** Key of the cluster, part of the name by which peers ask for the proxy. */
  readonly clusterKey: string;
  /** Where peers reach the cluster's east-west gateway, such as `EastWestGateway.address`. */
  readonly gatewayAddress: pulumi.Input<string>;
  /** Namespace of the control plane and its gateways, such as `IstioPrimary.namespace`. */
  readonly namespace: pulumi.Input<string>;
  /** The release of istiod, such as `IstioPrimary.istiod`: the proxy has the image that its injector gives to sidecars. */
  readonly istiod: Release;
  /** Its revision, such as `IstioPrimary.revision`. Default: `default`, none. */
  readonly revision?: Revision;
  /** `demo`: one replica, and each request is logged; `production`: two, and only what is refused or fails is logged. Default: `demo`. */
  readonly profile?: Profile;
  /** What the proxy serves with. Its key is secret, and not recorded in the state beside it. */
  readonly ca: Pick<DiscoveryCA, "caCertificate" | "certificate" | "key">;
  /** Who reads the cluster: each has an account of its own. */
  readonly peers: readonly DiscoveryPeer[];
  /** Generations of the peers' tokens that exist, oldest first, from 1. Peers get the last one. Default: `[1]`. */
  readonly generations?: readonly number[];
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** How peers read a cluster through its east-west gateway. */
export interface DiscoveryAccess {
  /** `https://host:15443` of the gateway. */
  readonly server: string;
  /** Name of the proxy's certificate, and SNI by which the gateway finds it. */
  readonly serverName: string;
  /** PEM bundle of the proxy's authorities. */
  readonly caCertificate: string;
  /** By {@link accountName}: the token of each peer. */
  readonly tokens: Readonly<Record<string, string>>;
}

/**
 * Lets peers' istiod read a cluster through its east-west gateway: a proxy in front of the API server that passes on only what istiod reads,
 * and never a Secret. The API server itself need not be reachable from other clusters.
 */
export class DiscoveryProxy extends pulumi.ComponentResource {
  /** What peers read the cluster with, known once the proxy serves. Secret. */
  readonly access: pulumi.Output<DiscoveryAccess>;
  private readonly accounts: readonly string[];

  /** @param opts the cluster's provider, and what the component is deleted with */
  constructor(name: string, args: DiscoveryProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { clusterKey, gatewayAddress, namespace: system, istiod, peers, ca } = args;
    const [profile, generations] = [args.profile ?? "demo", args.generations ?? [1]];
    // Without the address: the whole component would wait for it.
    super("usmesh:index:DiscoveryProxy", name, { clusterKey, namespace: system, profile, peers: [...peers], generations }, opts);
    const child = childOptions(this, opts);
    const serverName = discoveryHost(clusterKey);
    this.accounts = peers.map(accountName);

    const namespace = new Namespace(
      `${name}-namespace`,
      { metadata: { name: DISCOVERY_NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "restricted", "istio-injection": "disabled" } } },
      child(),
    ).metadata.name;
    const noSecrets = new Namespace(`${name}-no-secrets`, { metadata: { name: NO_SECRETS_NAMESPACE } }, child()).metadata.name;
    // Keeps a Secret from being created there by mistake.
    new ResourceQuota(`${name}-no-secrets-quota`, { metadata: { name: "no-secrets", namespace: noSecrets }, spec: { hard: { secrets: "0", pods: "0" } } }, child());

    const { tokens, bindings } = peerAccounts(name, peers, generations, { discovery: namespace, noSecrets, system }, child);
    const image = injectedImage(`${name}-injector`, istiod, args.revision ?? DEFAULT_REVISION, child());
    const { deployment, service } = discoveryWorkload(name, { namespace, system, image, profile, certificate: ca.certificate, key: ca.key }, child);
    const routes = this.routes(name, serverName, { namespace, system }, args.kubeconfig, istiod, child);

    // A URN is known once its resource exists: peers get the access only when the proxy serves and the gateway leads to it.
    const serves = pulumi.all([deployment, service, ...bindings, ...routes].map(({ urn }) => urn));
    this.access = pulumi.secret(
      pulumi.all([gatewayAddress, ca.caCertificate, tokens, serves]).apply(([address, caCertificate, known]) => ({ server: gatewayUrl(address), serverName, caCertificate, tokens: known })),
    );
    this.registerOutputs({ access: this.access });
  }

  /** What a peer's istiod presents to read the cluster. @param peer one of the proxy's peers @throws Error when it is not one of them */
  accessFor(peer: DiscoveryPeer): pulumi.Output<{ apiServer: string; serverName: string; caCertificate: string; token: string }> {
    const account = accountName(peer);
    if (!this.accounts.includes(account)) throw new Error(`the discovery proxy has no account for ${peer.kind} ${peer.name}`);
    return this.access.apply(({ server, serverName, caCertificate, tokens }) => ({ apiServer: server, serverName, caCertificate, token: tokens[account]! }));
  }

  /** Routes the proxy's name from the east-west gateway's port between networks to the proxy, without terminating TLS. */
  private routes(
    name: string,
    host: string,
    { namespace, system }: { readonly namespace: pulumi.Output<string>; readonly system: pulumi.Input<string> },
    kubeconfig: pulumi.Input<string>,
    needs: DependsOn,
    child: ReturnType<typeof childOptions>,
  ): pulumi.CustomResource[] {
    const apiVersion = "networking.istio.io/v1";
    const server = {
      port: { number: CROSS_NETWORK_PORT, name: "tls-discovery", protocol: "TLS" },
      tls: { mode: "PASSTHROUGH" },
      hosts: [pulumi.interpolate`${namespace}/${host}`],
    };
    const write = (kind: string, where: pulumi.Input<string>, spec: Record<string, unknown>): pulumi.CustomResource =>
      customObject(`${name}-${kind.toLowerCase()}`, { apiVersion, kind, metadata: { name: DISCOVERY_PROXY, namespace: where }, spec }, kubeconfig, child({ dependsOn: needs }));
    const destination = pulumi.interpolate`${DISCOVERY_PROXY}.${namespace}.svc.cluster.local`;
    return [
      write("Gateway", system, { selector: { istio: EAST_WEST_SELECTOR }, servers: [server] }),
      write("VirtualService", namespace, {
        hosts: [host],
        gateways: [pulumi.interpolate`${system}/${DISCOVERY_PROXY}`],
        exportTo: [system],
        tls: [{ match: [{ port: CROSS_NETWORK_PORT, sniHosts: [host] }], route: [{ destination: { host: destination, port: { number: 443 } } }] }],
      }),
      // Whatever a rule for all services says: the proxy has no sidecar, and the bytes are TLS already.
      write("DestinationRule", namespace, { host: destination, exportTo: [system], trafficPolicy: { tls: { mode: "DISABLE" } } }),
    ];
  }
}
