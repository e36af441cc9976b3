import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClientModel } from "../settings/model";
import type { DockerNetwork } from "./docker-network";

export interface ClientArgs {
  readonly client: ClientModel;
  readonly network: DockerNetwork;
}

/** A container with curl on the clusters' network: it stands for whoever asks the mesh from outside. */
export class Client extends pulumi.ComponentResource {
  /** The container's name, known only once it runs. */
  readonly containerName: pulumi.Output<string>;

  constructor(name: string, args: ClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:Client", name, {}, opts);

    const provider = new docker.Provider(`${name}-docker`, {}, { parent: this });
    const image = new docker.RemoteImage(
      `${name}-image`,
      // Other stacks, and people, may run the same image.
      { name: args.client.image, keepLocally: true },
      { parent: this, provider },
    );
    const container = new docker.Container(
      `${name}-container`,
      {
        name: args.client.name,
        image: image.imageId,
        // Whatever the image does by itself, here it waits to be asked.
        entrypoints: ["sleep", "infinity"],
        // Passes signals on, so that the container stops at once.
        init: true,
        restart: "unless-stopped",
        // By this a run that goes on after a killed one knows its own container.
        labels: [{ label: "usmesh.owner", value: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}` }],
        networksAdvanced: [{ name: args.network.name }],
      },
      // Its name is fixed, so there cannot be two for a moment.
      { parent: this, provider, deleteBeforeReplace: true },
    );

    this.containerName = container.name;
    this.registerOutputs({ containerName: this.containerName });
  }
}
