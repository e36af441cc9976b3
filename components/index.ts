/** The components of a mesh and their arguments: what another program imports to build a mesh of its own. */
export { Cluster, type ClusterArgs, type ExistingClusterArgs, type InClusterOptions } from "./cluster";
export type { KindClusterArgs } from "./kind/kind-cluster";
export { MetalLB, type MetalLBArgs } from "./metallb";
export { MutualTls, type MutualTlsArgs } from "./mutual-tls";
export { PluginCA, type CertificateRequest, type IssuedCertificate, type PluginCAArgs } from "./plugin-ca";
export { IntermediateKeys, type IntermediateKeysArgs } from "./intermediate-keys";
export { IstioPrimary, type IstioChartValues, type IstioPrimaryArgs, type ReaderCredentials } from "./istio-primary";
export { EastWestGateway, type EastWestGatewayArgs } from "./east-west-gateway";
export { Failover, type FailoverArgs, type FailoverOptions } from "./failover";
export { AccessPolicy, ingressPrincipal, type AccessPolicyArgs } from "./access-policy";
export { DiscoveryCA, type DiscoveryCAArgs } from "./discovery-ca";
export { DiscoveryProxy, type DiscoveryAccess, type DiscoveryProxyArgs } from "./discovery-proxy";
export { Mesh, type MeshArgs, type MeshClusterArgs, type MeshClusterOutputs } from "./mesh";
export { MeshPeering, type MeshPeeringArgs, type OwnMember, type PeeringMember } from "./mesh-peering";
export { DockerNetwork, type DockerNetworkArgs } from "./docker-network";
export { Client, type ClientArgs } from "./client";
export type { ChartSource } from "./charts/chart-release";
export type { Profile } from "./charts/istio-values";
