import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { kindConfigYaml } from "./kind-config";
import type { ClusterModel, KindDriver, KindModel } from "../../settings/model";
import { KIND_API_PORT, kindNode } from "../../topology/names";
import type { DockerNetwork } from "../docker-network";

export interface KindClusterArgs {
  readonly cluster: ClusterModel;
  readonly driver: KindDriver;
  readonly kind: KindModel;
  readonly network: DockerNetwork;
}

export interface KindCluster {
  /** Creates and deletes the cluster. What lives in the cluster goes with it. */
  readonly command: local.Command;
  /** What the first pod has to wait for: a pod's place is that of its node. */
  readonly ready: pulumi.Resource;
  /** The administrator's kubeconfig, with an address for this machine. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Where the other clusters on the network reach the API server. */
  readonly apiServer: pulumi.Output<string>;
}

/**
 * A kind cluster of its own. Its incarnation is asked for at every run, so that one which was lost or rebuilt outside is replaced,
 * and what lived in it is made anew.
 */
export function createKindCluster(name: string, args: KindClusterArgs, parent: pulumi.Resource): KindCluster {
  const { driver, kind, network } = args;
  const config = kindConfigYaml(driver, kind.config);
  const identity = {
    KIND_NAME: driver.kindName,
    KIND_NODE: kindNode(driver.kindName),
    OWNER: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
  };
  const incarnation = local
    .runOutput({ command: "sh components/scripts/kind-incarnation.sh", environment: identity, logging: "none" }, { parent })
    .stdout.apply((stdout) => stdout.trim());

  const command = new local.Command(
    `${name}-kind`,
    {
      create: "sh components/scripts/kind-create.sh",
      delete: "sh components/scripts/kind-delete.sh",
      stdin: config,
      environment: {
        ...identity,
        KIND_IMAGE: kind.image,
        INCARNATION: incarnation,
        DOCKER_NETWORK: network.name,
        DOCKER_SUBNET: network.subnet,
        KIND_EXPERIMENTAL_DOCKER_NETWORK: network.name,
      },
      triggers: [incarnation, kind.image, config, network.name, network.subnet],
      // The output is the administrator's kubeconfig.
      logging: "none",
      addPreviousOutputInEnv: false,
    },
    // No deleteBeforeReplace, although there cannot be two clusters of a name: the engine would close the provider that the cluster's
    // resources need for their own end. Creating takes the one before away, and deleting then leaves the new one alone.
    { parent, additionalSecretOutputs: ["stdout"] },
  );

  // A label is no reason to make the cluster anew.
  const labels = new local.Command(
    `${name}-labels`,
    {
      create: "sh components/scripts/kind-labels.sh",
      environment: { KIND_NODE: identity.KIND_NODE, REGION: args.cluster.region, ZONE: args.cluster.zone },
      triggers: [command.id],
      logging: "none",
      addPreviousOutputInEnv: false,
    },
    { parent, deletedWith: command },
  );

  return {
    command,
    ready: labels,
    kubeconfig: pulumi.secret(command.stdout),
    // By name and not by address: a node's address can change when Docker restarts, and only the name is in its certificate for good.
    apiServer: command.id.apply(() => `https://${kindNode(driver.kindName)}:${KIND_API_PORT}`),
  };
}
