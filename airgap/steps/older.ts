import type { Step } from "../builder/step";
import type { CatalogImage } from "../images/catalog";
import { withImages } from "../images/node";
import { imageStep } from "../images/steps";
import { imageTags, olderTags, versions } from "../versions";
import { ISTIO_TAGS, istioVariables } from "./binaries";
import { envoyBootstrap, istioCharts, type IstioBuild } from "./charts";
import { goStep } from "./go-step";

/** An earlier build of the Istio that the mesh runs: the tests of an upgrade start from it. */
const older: IstioBuild = { folder: "istio-older", module: versions.istioOlderModule, version: versions.istioOlder, suffix: "-older" };

function binary(name: keyof typeof ISTIO_TAGS, seconds: number, cacheMiB: number): Step {
  return goStep({
    name: `${name}-older`,
    module: older.folder,
    package: `istio.io/istio/pilot/cmd/${name}`,
    version: older.version,
    source: `go module istio.io/istio ${older.module}`,
    tags: ISTIO_TAGS[name],
    variables: istioVariables(older.version, older.module),
    cost: { seconds, cacheMiB },
  });
}

/** Its images differ from those that the mesh runs only in its own files, and share all other layers with them. */
const images: readonly CatalogImage[] = [
  {
    name: "image-pilot-discovery-older",
    tag: olderTags.pilot,
    version: older.version,
    files: ["bin/pilot-discovery-older"],
    needs: ["docker-engine", "pilot-discovery-older"],
    dockerfile: {
      text: [
        "FROM scratch",
        "COPY pilot-discovery-older /usr/local/bin/pilot-discovery",
        "ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "USER 1337:1337",
        'ENTRYPOINT ["/usr/local/bin/pilot-discovery"]',
      ].join("\n"),
    },
    size: 117,
  },
  {
    name: "image-proxy-older",
    tag: olderTags.proxy,
    version: older.version,
    files: ["bin/pilot-agent-older", "files/envoy_bootstrap-older.json"],
    needs: ["docker-engine", "image-proxy", "pilot-agent-older", "envoy-bootstrap-older"],
    dockerfile: {
      text: [
        `FROM ${imageTags.proxy}`,
        "COPY pilot-agent-older /usr/local/bin/pilot-agent",
        "COPY envoy_bootstrap-older.json /var/lib/istio/envoy/envoy_bootstrap_tmpl.json",
        'ENTRYPOINT ["/usr/local/bin/pilot-agent"]',
      ].join("\n"),
    },
    size: 40,
  },
];

/** Nodes that have the images of both builds. */
const node: Step = {
  name: "image-node-older",
  kind: "image",
  version: versions.kubernetes,
  source: "the kind node, with the images of an earlier build of Istio",
  needs: ["image-node", ...images.map(({ name }) => name)],
  inputs: [],
  recipe: { images: images.map(({ tag }) => tag) },
  outputs: [],
  images: [olderTags.node],
  cost: { seconds: 30, diskMiB: 300, memoryMiB: 300 },
  lane: "light",
  async build(context) {
    await withImages(context, imageTags.node, olderTags.node, images);
  },
};

/** The pieces that only the tests of an upgrade need. They are built by name alone: `./mesh airgap build image-node-older istio-charts-older`. */
export const olderSteps: readonly Step[] = [
  istioCharts(older),
  envoyBootstrap(older),
  binary("pilot-discovery", 120, 1500),
  binary("pilot-agent", 10, 200),
  ...images.map(imageStep),
  node,
];
