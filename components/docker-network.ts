import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { script } from "./kind/script";

export interface DockerNetworkArgs {
  /** Name of the Docker network. Another one replaces the network. */
  readonly network: pulumi.Input<string>;
  /** The network's CIDR. Default: 172.18.0.0/16 where that is free, else Docker chooses. */
  readonly subnet?: pulumi.Input<string>;
}

/**
 * The Docker network of all kind nodes and the client. Several stacks may use the same one: the first stack creates it, the last one
 * removes it. That is why it is a command and not a `docker.Network`, which would belong to one stack.
 */
export class DockerNetwork extends pulumi.ComponentResource {
  /** The network's name, known only once it exists. */
  readonly name: pulumi.Output<string>;
  /** The network's real IPv4 subnet in CIDR notation. */
  readonly subnet: pulumi.Output<string>;

  constructor(name: string, args: DockerNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:DockerNetwork", name, { ...args }, opts);
    const { network, subnet } = args;

    const command = new local.Command(
      `${name}-network`,
      {
        create: script("network-create.sh"),
        delete: script("network-delete.sh"),
        environment: { DOCKER_NETWORK: network, DOCKER_SUBNET: subnet ?? "" },
        triggers: [network],
        logging: "none",
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );

    this.subnet = command.stdout.apply((stdout) => stdout.trim());
    this.name = pulumi.all([network, this.subnet]).apply(([known]) => known);
    this.registerOutputs({ name: this.name, subnet: this.subnet });
  }
}
