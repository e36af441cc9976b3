import type { ClusterArgs, DockerNetwork } from "../components";
import type { ClusterModel, MeshModel } from "../settings/model";
import { suitableSubnet } from "./docker-subnet";

/** What a cluster is made from: its own settings, and those of all kind clusters or its kubeconfig. */
export function clusterArgs({ key, driver, region, zone }: ClusterModel, { kind, clusters }: MeshModel, network?: DockerNetwork, kubeconfig?: string): ClusterArgs {
  if (driver.type === "kind") {
    if (!network) throw new Error(`cluster ${key}: a kind cluster needs the Docker network`);
    const { kindName, podSubnet, serviceSubnet, nodes } = driver;
    const dockerSubnet = network.subnet.apply((subnet) => suitableSubnet(clusters, subnet));
    return { kind: { kindName, podSubnet, serviceSubnet, ...(nodes > 1 ? { nodes } : {}), ...kind, region, zone, dockerNetwork: network.name, dockerSubnet } };
  }
  if (kubeconfig === undefined) throw new Error(`cluster ${key}: an existing cluster needs its kubeconfig`);
  return { existing: { kubeconfig, ...(driver.apiServer === undefined ? {} : { apiServer: driver.apiServer }) } };
}
