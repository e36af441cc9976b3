import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { script } from "./kind/script";

export interface NodeImagesArgs {
  /** Name of the kind cluster. */
  readonly kindName: pulumi.Input<string>;
  /** UID of the cluster: another one has none of the images. */
  readonly uid: pulumi.Input<string | undefined>;
  /** The images, which this machine's Docker engine has. */
  readonly images: readonly pulumi.Input<string>[];
}

/** Gives the nodes of a kind cluster images of this machine's Docker engine, so that they are not downloaded. */
export class NodeImages extends pulumi.ComponentResource {
  /** Pods that run the images depend on it. */
  readonly loaded: pulumi.Resource;

  /** @param opts what the component is deleted with: the cluster */
  constructor(name: string, args: NodeImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { kindName, uid, images } = args;
    super("usmesh:index:NodeImages", name, { kindName, images }, opts);
    const { deletedWith } = opts ?? {};
    this.loaded = new local.Command(
      `${name}-load`,
      {
        create: script("kind-images.sh"),
        environment: { KIND_NAME: kindName, IMAGES: pulumi.all([...images]).apply((all) => all.join(" ")) },
        triggers: [uid, ...images],
        logging: "none",
        addPreviousOutputInEnv: false,
      },
      { parent: this, ...(deletedWith ? { deletedWith } : {}) },
    );
    this.registerOutputs({});
  }
}
