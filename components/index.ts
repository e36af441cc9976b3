/** The components of a mesh and their arguments: what another program imports to build a mesh of its own. */
export { Cluster, type ClusterArgs, type ExistingClusterArgs, type InClusterOptions, type Kubeconfig } from "./cluster";
export type { KindClusterArgs } from "./kind/kind-cluster";
export { MetalLB, type MetalLBArgs } from "./metallb";
export { PluginCA, type PluginCAArgs } from "./plugin-ca";
export { IstioPrimary, type IstioChartValues, type IstioPrimaryArgs } from "./istio-primary";
export { EastWestGateway, type EastWestGatewayArgs } from "./east-west-gateway";
export { Failover, type FailoverArgs, type FailoverOptions } from "./failover";
export { AccessPolicy, ingressPrincipal, type AccessPolicyArgs } from "./access-policy";
export { Mesh, type MeshArgs, type MeshClusterArgs, type MeshClusterOutputs } from "./mesh";
export { MeshPeering, type MeshPeeringArgs, type OwnMember, type PeeringMember } from "./mesh-peering";
export { RemoteSecret, type RemotePeerArgs, type RemoteSecretArgs } from "./remote-secret";
export { DockerNetwork, type DockerNetworkArgs } from "./docker-network";
export { Client, type ClientArgs } from "./client";
export type { ChartCredentials, ChartSource } from "./charts/chart-release";
export type { Profile } from "./charts/istio-values";
