import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { thisStack } from "../lib/this-stack";

export interface ClientArgs {
  /** Name of the container. */
  readonly containerName: pulumi.Input<string>;
  /** Its image, which needs `sh`, `sleep` and `curl`. */
  readonly image: pulumi.Input<string>;
  /** Name of the Docker network that it is on. */
  readonly network: pulumi.Input<string>;
}

/** A container with curl on the clusters' Docker network, as a client outside the mesh. */
export class Client extends pulumi.ComponentResource {
  /** The container's name, known only once it runs. */
  readonly containerName: pulumi.Output<string>;

  /** @param opts a Docker provider among them writes the container; without one the component makes its own */
  constructor(name: string, args: ClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:Client", name, { ...args }, opts);

    const provider = this.getProvider("docker:index/container:Container") ?? new docker.Provider(`${name}-docker`, {}, { parent: this });
    const image = new docker.RemoteImage(
      `${name}-image`,
      // Other stacks, and people, may use the same image.
      { name: args.image, keepLocally: true },
      { parent: this, provider },
    );
    const container = new docker.Container(
      `${name}-container`,
      {
        name: args.containerName,
        image: image.imageId,
        // Whatever the image runs by default, here it only waits for requests.
        entrypoints: ["sleep", "infinity"],
        // Forwards signals, so that the container stops at once.
        init: true,
        restart: "unless-stopped",
        // By this label a run that continues an interrupted one recognises its own container.
        labels: [{ label: "usmesh.owner", value: thisStack() }],
        networksAdvanced: [{ name: args.network }],
      },
      // Its name is fixed, so two containers cannot exist at the same time.
      { parent: this, provider, deleteBeforeReplace: true },
    );

    this.containerName = container.name;
    this.registerOutputs({ containerName: this.containerName });
  }
}
