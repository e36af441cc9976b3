import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { catalog, debianTag, toolsTag } from "../../../../airgap/images/catalog";
import { mirrorOf } from "../../../../airgap/images/debian";
import { imageSteps } from "../../../../airgap/images/steps";
import { allSteps } from "../../../../airgap/steps";
import { imageHub, imageTags, versions } from "../../../../airgap/versions";

const images = path.resolve(__dirname, "../../../../airgap/images");

describe("the air gap's images", () => {
  it("are each built by one step, and only under this project's registry name", () => {
    const made = allSteps.flatMap((step) => step.images ?? []);
    expect(made).to.include.members([...Object.values(imageTags), debianTag, toolsTag]);
    expect(new Set(made).size).to.equal(made.length);
    for (const tag of made) expect(tag).to.match(new RegExp(`^${imageHub}/[a-z0-9-]+:[\\w.-]+$`));
  });

  it("have the names that kubeadm uses in nodes", () => {
    const { etcd, coredns, pause } = versions.kubeadmTags;
    const kubernetes = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];
    expect(catalog.flatMap(({ nodeTag = [] }) => nodeTag)).to.have.members([
      ...kubernetes.map((name) => `registry.k8s.io/${name}:v${versions.kubernetes}`),
      `registry.k8s.io/etcd:${etcd}`,
      `registry.k8s.io/coredns/coredns:${coredns}`,
      `registry.k8s.io/pause:${pause}`,
    ]);
  });

  it("need only steps that exist, and need those that make their files", () => {
    const byName = new Map(allSteps.map((step) => [step.name, step]));
    for (const step of imageSteps) for (const need of step.needs) expect(byName.has(need), `${step.name} needs ${need}`).to.equal(true);
    for (const image of catalog) {
      const outputs = image.needs.flatMap((need) => byName.get(need)?.outputs ?? []);
      expect(outputs, image.name).to.have.members([...image.files]);
    }
  });

  it("copy every file that is put beside their Dockerfile", () => {
    for (const { files, dockerfile } of catalog) {
      const text = "text" in dockerfile ? dockerfile.text : fs.readFileSync(path.join(images, dockerfile.folder, "Dockerfile"), "utf8");
      for (const file of files) expect(text).to.match(new RegExp(`^COPY .*\\b${path.basename(file)}\\b`, "m"));
      expect(text).to.match(/^(ENTRYPOINT|CMD) \["\/usr\/local\/bin\/[a-z-]+"\]$/m);
    }
  });

  it("are built with scripts that a shell can parse and may run", () => {
    const scripts = ["debian/trim", "tools/collect", "tools/choose-iptables", "node/files/usr/local/bin/entrypoint", "node/files/usr/local/bin/prepare-kubelet-cgroups"];
    for (const script of scripts) expect(spawnSync("sh", ["-n", path.join(images, script)]).status, script).to.equal(0);
    for (const script of scripts.slice(2)) expect(fs.statSync(path.join(images, script)).mode & 0o111, script).to.equal(0o111);
  });

  it("use the mirror of the machine's own packages", () => {
    expect(mirrorOf("https://vendor.example/node_20.x/\nhttp://mirror.example/debian/\nhttp://mirror.example/debian-security/\n")).to.deep.equal([
      "http://mirror.example/debian/",
    ]);
    expect(mirrorOf("http://archive.ubuntu.com/ubuntu/\n")).to.deep.equal([]);
    expect(mirrorOf("")).to.deep.equal([]);
  });
});
