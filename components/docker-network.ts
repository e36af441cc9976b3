import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { DockerModel } from "../settings/model";

export interface DockerNetworkArgs {
  readonly docker: DockerModel;
}

/**
 * The Docker network that all kind nodes and the client share. Several stacks may name the same one: whoever comes first makes
 * it, whoever goes last removes it. That is why it is a command and no `docker.Network`, which would belong to one stack.
 */
export class DockerNetwork extends pulumi.ComponentResource {
  /** The network's name, known only once it is there. */
  readonly name: pulumi.Output<string>;
  /** The network's real IPv4 subnet in CIDR notation. */
  readonly subnet: pulumi.Output<string>;

  constructor(name: string, args: DockerNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:DockerNetwork", name, {}, opts);
    const { network, subnet } = args.docker;

    const command = new local.Command(
      `${name}-network`,
      {
        create: "sh components/scripts/network-create.sh",
        delete: "sh components/scripts/network-delete.sh",
        environment: { DOCKER_NETWORK: network, DOCKER_SUBNET: subnet ?? "" },
        triggers: [network],
        logging: "none",
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );

    this.subnet = command.stdout.apply((stdout) => stdout.trim());
    this.name = this.subnet.apply(() => network);
    this.registerOutputs({ name: this.name, subnet: this.subnet });
  }
}
