import { createHash } from "node:crypto";
import * as path from "node:path";
import type { Step, StepContext } from "../builder/step";
import { imageHub, imageTags, versions } from "../versions";
import { catalog, debianTag, pauseNodeTag, type CatalogImage } from "./catalog";
import { dockerBuild } from "./docker-build";

/** The node image without the images that nodes run. */
const BARE = `${imageHub}/node-bare:v${versions.kubernetes}`;

/** Starts the node's first process. The container that becomes the image is started with another command, so this is set again. */
const ENTRYPOINT = 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]';

/** The kubelet's images are in this namespace of containerd. */
const CTR = ["ctr", "--namespace=k8s.io", "images"];

/** Waits until containerd answers in a container. */
const AWAIT_CONTAINERD = ["timeout", "60", "sh", "-c", "until ctr version > /dev/null 2>&1; do sleep 0.2; done"];

/** An image in a node's store, by its tag in the engine and the name that nodes use for it, if different. */
type NodeImage = Pick<CatalogImage, "tag" | "nodeTag">;

/** Puts images into containerd's store of a running container, each under the name that nodes use for it. */
async function fillStore({ run }: StepContext, container: string, images: readonly NodeImage[]): Promise<void> {
  const exec = (...command: string[]): Promise<string> => run("docker", ["exec", container, ...command]);
  await exec(...AWAIT_CONTAINERD);
  const load = 'container=$1; shift; docker save "$@" | docker exec --interactive "$container" ctr --namespace=k8s.io images import --no-unpack -';
  await run("sh", ["-c", load, "sh", container, ...images.map(({ tag }) => tag)]);
  for (const { tag, nodeTag } of images) {
    if (nodeTag === undefined) continue;
    await exec(...CTR, "tag", tag, nodeTag);
    await exec(...CTR, "remove", tag);
  }
  // The line above does not fail when `docker save` does.
  const there = (await exec(...CTR, "list", "--quiet")).split("\n");
  const lost = images.map(({ tag, nodeTag }) => nodeTag ?? tag).filter((tag) => !there.includes(tag));
  if (lost.length > 0) throw new Error(`the node's store lacks ${lost.join(", ")}`);
}

/** Makes the image that kind starts nodes from, with everything that they need. */
export const nodeStep: Step = {
  name: "image-node",
  kind: "image",
  version: versions.kubernetes,
  source: "Debian, Kubernetes' binaries and every image that the mesh runs",
  needs: ["image-debian", "kubelet", "kubeadm", "kubectl", ...catalog.map(({ name }) => name)],
  inputs: ["airgap/images/node"],
  recipe: { images: catalog.map(({ tag, nodeTag = null }) => [tag, nodeTag]) },
  outputs: [],
  images: [BARE, imageTags.node],
  cost: { seconds: 45, diskMiB: 1400, memoryMiB: 300 },
  lane: "light",
  async build(context) {
    const { repository, paths } = context;
    await dockerBuild(context, {
      tag: BARE,
      folder: path.join(repository, "airgap/images/node"),
      files: ["kubelet", "kubeadm", "kubectl"].map((name) => path.join(paths.bin, name)),
      arguments: { DEBIAN: debianTag, KUBERNETES: `v${versions.kubernetes}`, PAUSE: pauseNodeTag },
    });
    await withImages(context, BARE, imageTags.node, catalog);
  },
};

/** Makes a node image from another one, with more images in it. */
export async function withImages(context: StepContext, from: string, to: string, images: readonly NodeImage[]): Promise<void> {
  const { run, paths } = context;
  // Builds for different homes that share an engine use different containers.
  const container = `usmesh-node-${createHash("sha256").update(`${paths.home} ${to}`).digest("hex").slice(0, 8)}`;
  const remove = (): Promise<string> => run("docker", ["rm", "--force", "--volumes", container]).catch(() => "");
  await remove();
  const start = ["run", "--detach", "--name", container, "--privileged", "--network", "none", "--tmpfs", "/run", "--entrypoint", "containerd", from];
  await run("docker", start);
  await fillStore(context, container, images);
  // The image's stop signal is for systemd.
  await run("docker", ["kill", "--signal", "TERM", container]);
  await run("docker", ["wait", container]);
  await run("docker", ["commit", "--change", ENTRYPOINT, container, to]);
  await remove();
}
