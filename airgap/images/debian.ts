import * as path from "node:path";
import type { Step, StepContext } from "../builder/step";
import { installPackages } from "../engine/packages";
import { thisHost } from "../engine/host";
import { versions } from "../versions";
import { debianTag, toolsTag } from "./catalog";
import { dockerBuild } from "./docker-build";

/** Debian packages of a node in addition to a minimal installation; busybox and curl are for the tools. */
const PACKAGES = [
  ...["systemd", "dbus", "containerd", "runc", "containernetworking-plugins", "iptables", "iproute2"],
  ...["busybox", "curl", "jq", "procps"],
];

/** The packages of debootstrap. */
const BOOTSTRAP_PACKAGES = ["debootstrap", "debian-archive-keyring"];

/**
 * The Debian mirror that this machine's own packages come from; none when apt names none: debootstrap then uses its default.
 *
 * @param targets what `apt-get indextargets --format $(REPO_URI)` says.
 */
export function mirrorOf(targets: string): string[] {
  return targets
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^https?:\/\/.*\/debian\/?$/.test(line))
    .slice(0, 1);
}

async function bootstrap({ run, log, scratch }: StepContext): Promise<string> {
  const host = thisHost();
  if (!host.root) throw new Error("root is needed to create a Debian tree: run this as root, on Debian");
  if (host.debian) await installPackages(BOOTSTRAP_PACKAGES, run, log);
  else if (!host.has("debootstrap")) throw new Error(`debootstrap is needed, and is not installed automatically on ${host.system}`);
  const targets = host.debian ? await run("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]) : "";
  const tree = path.join(scratch, "debian");
  // It mounts /proc into the tree: in its own mount namespace, that ends with it even when it is killed.
  const command = ["debootstrap", "--variant=minbase", `--include=${PACKAGES.join(",")}`, versions.debian, tree, ...mirrorOf(targets)];
  await run("unshare", ["--mount", "sh", "-c", 'umask 022; exec "$@"', "sh", ...command]);
  return tree;
}

/** Makes the Debian image that nodes and the tools are made from. */
export const debianStep: Step = {
  name: "image-debian",
  kind: "image",
  version: versions.debian,
  source: `Debian ${versions.debian}, by debootstrap`,
  needs: ["docker-engine"],
  inputs: ["airgap/images/debian"],
  recipe: { packages: PACKAGES },
  outputs: [],
  images: [debianTag],
  cost: { seconds: 105, diskMiB: 1000, memoryMiB: 300 },
  lane: "light",
  async build(context) {
    const { run, repository, scratch } = context;
    const tree = await bootstrap(context);
    await run("sh", [path.join(repository, "airgap/images/debian/trim"), tree]);
    const archive = path.join(scratch, "debian.tar");
    await run("tar", ["--sort=name", "--numeric-owner", "--create", "--file", archive, "--directory", tree, "."]);
    await run("docker", ["import", archive, debianTag]);
  },
};

/** Makes the base of the images that need a shell, curl or iptables. */
export const toolsStep: Step = {
  name: "image-tools",
  kind: "image",
  version: versions.debian,
  source: "programs out of the Debian image",
  needs: ["image-debian"],
  inputs: ["airgap/images/tools"],
  recipe: null,
  outputs: [],
  images: [toolsTag],
  cost: { seconds: 5, diskMiB: 60, memoryMiB: 100 },
  lane: "light",
  async build(context) {
    const { run, repository, scratch } = context;
    const folder = path.join(repository, "airgap/images/tools");
    const archive = path.join(scratch, "tools.tar");
    await run("docker", ["run", "--rm", "--interactive", "--network", "none", debianTag, "sh", "-s"], {
      inputFile: path.join(folder, "collect"),
      outputFile: archive,
    });
    await dockerBuild(context, { tag: toolsTag, folder, files: [archive] });
  },
};
