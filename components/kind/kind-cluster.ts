import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { thisStack } from "../../lib/this-stack";
import { KIND_API_PORT, kindNode, kindWorkers } from "../../topology/names";
import { kindConfigYaml, type KindNetworking } from "./kind-config";
import { script } from "./script";

/** A kind cluster that a component creates and deletes. */
export interface KindClusterArgs extends KindNetworking {
  /** Node image, such as `kindest/node:v1.34.0`. Another one recreates the cluster. */
  readonly image: pulumi.Input<string>;
  /** Merged into the kind configuration, records by key and lists whole. Default: nothing. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** `topology.kubernetes.io/region` of the nodes. */
  readonly region: pulumi.Input<string>;
  /** `topology.kubernetes.io/zone` of the nodes. */
  readonly zone: pulumi.Input<string>;
  /** Name of the Docker network of the nodes. It is created if it does not exist. */
  readonly dockerNetwork: pulumi.Input<string>;
  /** CIDR of that Docker network. */
  readonly dockerSubnet: pulumi.Input<string>;
}

export interface KindCluster {
  /** Creates and deletes the cluster: the `deletedWith` target of everything in it. */
  readonly command: local.Command;
  /** What the first pod has to wait for: a pod's region and zone are those of its node. */
  readonly ready: pulumi.Resource;
  /** The administrator's kubeconfig, with an address for this machine. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** `https://host:port` at which the other clusters on the Docker network reach the API server. */
  readonly apiServer: pulumi.Output<string>;
}

/**
 * A kind cluster. Each run asks for its incarnation, so that a cluster which was lost or rebuilt outside is replaced, and everything in
 * it is recreated.
 */
export function createKindCluster(name: string, args: KindClusterArgs, parent: pulumi.Resource): KindCluster {
  const { kindName, image, dockerNetwork, dockerSubnet } = args;
  const config = kindConfigYaml(args, args.config);
  const workers = kindWorkers(kindName, args.nodes ?? 1);
  const identity = {
    KIND_NAME: kindName,
    KIND_NODE: kindNode(kindName),
    OWNER: thisStack(),
  };
  const incarnation = local
    .runOutput({ command: script("kind-incarnation.sh"), environment: identity, logging: "none" }, { parent })
    .stdout.apply((stdout) => stdout.trim());

  const command = new local.Command(
    `${name}-kind`,
    {
      create: script("kind-create.sh"),
      delete: script("kind-delete.sh"),
      stdin: config,
      environment: {
        ...identity,
        KIND_IMAGE: image,
        ...(workers.length > 0 ? { KIND_WORKERS: workers.join(" ") } : {}),
        INCARNATION: incarnation,
        DOCKER_NETWORK: dockerNetwork,
        DOCKER_SUBNET: dockerSubnet,
        KIND_EXPERIMENTAL_DOCKER_NETWORK: dockerNetwork,
      },
      triggers: [incarnation, image, config, dockerNetwork, dockerSubnet],
      // The output is the administrator's kubeconfig.
      logging: "none",
      addPreviousOutputInEnv: false,
    },
    // No deleteBeforeReplace, although two clusters cannot have the same name: the engine would close the provider that deletes the
    // cluster's resources. Creating removes the previous cluster, and deleting then leaves the new one alone.
    { parent, additionalSecretOutputs: ["stdout"] },
  );

  // Another label does not recreate the cluster.
  const labels = new local.Command(
    `${name}-labels`,
    {
      create: script("kind-labels.sh"),
      environment: { KIND_NODE: identity.KIND_NODE, REGION: args.region, ZONE: args.zone },
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
    apiServer: command.id.apply(() => `https://${kindNode(kindName)}:${KIND_API_PORT}`),
  };
}
