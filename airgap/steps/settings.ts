import * as fs from "node:fs";
import * as path from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import type { AirgapPaths } from "../builder/paths";
import type { Step, StepContext } from "../builder/step";
import { imageHub, imageTags, versions } from "../versions";

/**
 * What lets istiod run the mesh on upstream Envoy, which lacks Istio's own filters. What is lost is Istio's own metrics; mutual
 * TLS, routing by SNI, locality, outlier detection and authorization stay.
 */
const UPSTREAM_ENVOY = {
  env: {
    PILOT_ENABLE_ALPN_FILTER: "false",
    PILOT_ENABLE_METADATA_EXCHANGE: "false",
    PILOT_ENABLE_TELEMETRY_LABEL: "false",
    PILOT_ENDPOINT_TELEMETRY_LABEL: "false",
    PILOT_DISABLE_MX_ALPN: "true",
  },
  telemetry: { enabled: false },
  meshConfig: { defaultProviders: { metrics: [] } },
};

/** Values of Istio's charts in the air gap. A pod whose image is `auto` would be given `Always` before the injector sees it. */
const ISTIO_VALUES = { istiod: UPSTREAM_ENVOY, gateway: { imagePullPolicy: "IfNotPresent" } };

/** An image as MetalLB's chart wants it. */
function chartImage(image: string): Record<string, string> {
  const colon = image.lastIndexOf(":");
  return { repository: image.slice(0, colon), tag: image.slice(colon + 1), pullPolicy: "IfNotPresent" };
}

/** Values of MetalLB's chart in the air gap: our images, and no routing daemon, of which there is none. */
const METALLB_VALUES = {
  controller: { image: chartImage(imageTags.metallbController) },
  speaker: { image: chartImage(imageTags.metallbSpeaker), frr: { enabled: false } },
};

/** What kind is told so that clusters stand where the kernel lets less through than kind expects. */
const KIND_CONFIG = {
  featureGates: { KubeletInUserNamespace: true },
  networking: { disableDefaultCNI: true },
  kubeadmConfigPatches: ["kind: KubeProxyConfiguration\nconntrack:\n  maxPerCore: 0\n  min: 0\n"],
};

/**
 * The settings that make the program use what the air gap has; laid over the stack's own.
 *
 * @param paths the air gap's folders.
 */
export function airgapSettings(paths: AirgapPaths): Record<string, unknown> {
  return {
    kind: { image: imageTags.node, config: KIND_CONFIG },
    istio: { version: `${versions.istio}.0`, charts: paths.charts, hub: imageHub, tag: versions.istio, values: ISTIO_VALUES },
    metallb: { version: versions.metallb, charts: paths.charts, values: METALLB_VALUES },
    images: { demo: imageTags.demo },
    observability: { images: { prometheus: imageTags.prometheus, jaeger: imageTags.jaeger, kiali: null, load: true } },
    client: { image: imageTags.client },
  };
}

/**
 * The images that containers of rendered manifests name, each once. Texts inside ConfigMaps, such as Istio's templates, are not
 * looked into.
 */
export function imagesIn(manifests: string): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    if ("image" in value && typeof value.image === "string") found.add(value.image);
    Object.values(value).forEach(walk);
  };
  for (const document of parseAllDocuments(manifests)) walk(document.toJS());
  return [...found];
}

/** The settings as they are written. */
function settingsText(paths: AirgapPaths): string {
  const note = "# Written by the air-gap build; laid over a stack's settings by way of USMESH_SETTINGS. Changes here are lost.\n";
  return note + stringify(airgapSettings(paths));
}

/** Renders a chart with values, and makes sure that it names no image which the air gap does not have. */
async function tryChart({ run, paths, scratch }: StepContext, chart: string, values: unknown): Promise<void> {
  const file = path.join(scratch, `${chart}.yaml`);
  fs.writeFileSync(file, stringify(values));
  const manifests = path.join(scratch, `${chart}.rendered.yaml`);
  await run("helm", ["template", chart, path.join(paths.charts, chart), "--namespace", "try", "--values", file], { outputFile: manifests });
  const known: string[] = [...Object.values(imageTags), "auto"];
  const strange = imagesIn(fs.readFileSync(manifests, "utf8")).filter((image) => !known.includes(image));
  if (strange.length > 0) throw new Error(`chart ${chart} names images that the air gap does not have: ${strange.join(", ")}`);
}

/** Writes the settings, once every chart has been rendered with the values in them. */
export const settingsStep: Step = {
  name: "settings",
  kind: "settings",
  version: versions.istio,
  source: "airgap/steps/settings.ts of this repository",
  needs: ["helm", "istio-charts", "metallb-chart"],
  inputs: ["airgap/steps/settings.ts", "airgap/versions.ts"],
  recipe: null,
  outputs: ["settings.yaml"],
  cost: { seconds: 5, diskMiB: 1, memoryMiB: 200 },
  lane: "light",
  async check(paths) {
    // They name folders: a home that was moved, and a hand that changed them, show here.
    const right = fs.readFileSync(paths.settings, "utf8") === settingsText(paths);
    return right ? undefined : "settings.yaml is not what the build wrote, or the folder was moved";
  },
  async build(context) {
    const images = { global: { hub: imageHub, tag: versions.istio } };
    await tryChart(context, "base", {});
    await tryChart(context, "istiod", { ...ISTIO_VALUES.istiod, ...images });
    await tryChart(context, "gateway", ISTIO_VALUES.gateway);
    await tryChart(context, "metallb", METALLB_VALUES);
    const file = path.join(context.scratch, "settings.yaml");
    fs.writeFileSync(file, settingsText(context.paths));
    await context.publish(file, "settings.yaml");
  },
};
