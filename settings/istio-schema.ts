import { z } from "zod";
import { DEFAULT_REVISION, NEW_REVISIONS, REVISIONS, UPGRADE_STEPS } from "../topology/revisions";
import * as format from "./formats";

/** The settings of Istio: those of the stack, and those of a cluster, which override them. See `schema.ts`. */

const record = z.record(z.string(), z.unknown());

const istioValues = z.strictObject({
  base: record.default({}).describe("Extra values of the chart base."),
  istiod: record.default({}).describe("Extra values of the chart istiod."),
  gateway: record.default({}).describe("Extra values of the chart gateway, for the ingress and the east-west gateway."),
  ingress: record.default({}).describe("Extra values of the chart gateway for the ingress gateway alone, over those for both."),
  eastWest: record.default({}).describe("Extra values of the chart gateway for the east-west gateway alone, over those for both."),
});

/** What a cluster, or an upgrade of it, can have different from the stack. */
const ownIstio = {
  charts: format.text(format.notEmpty).optional().describe("Folder with its charts. Default: as `istio.charts`."),
  hub: format.text(format.imageHub).optional().describe("Registry and path of its images. Default: as `istio.hub`."),
  tag: format.text(format.imageTag).optional().describe("Tag of its images. Default: as `istio.tag`."),
  values: istioValues.optional().describe("Extra chart values, over those of `istio.values`."),
};

/** Of a cluster. */
export const clusterIstio = z.strictObject({
  version: format.text(format.istioVersion).optional().describe("Version of Istio's charts in this cluster. Default: `istio.version`."),
  ...ownIstio,
  revision: z
    .enum(REVISIONS)
    .default(DEFAULT_REVISION)
    .describe("Revision of the istiod that is installed: `default` is one without a revision. Changed only by an upgrade."),
  upgrade: z
    .strictObject({
      version: format.text(format.istioVersion).describe("Version of the istiod that takes over."),
      ...ownIstio,
      revision: z.enum(NEW_REVISIONS).optional().describe("Its revision. Default: `blue`, and `green` where that is installed."),
      step: z
        .enum(UPGRADE_STEPS)
        .default("beside")
        .describe("How far it is: `beside`, it runs and serves nothing; `eastWest`, it serves the east-west gateway; `gateways`, the ingress gateway too; `workloads`, new pods get their sidecars from it."),
    })
    .optional()
    .describe("A second istiod, which takes over from the first."),
});

const digest = format.text(format.digest).optional();

/** Of the stack. */
export const istio = z.strictObject({
  version: format.text(format.istioVersion).default("1.31.4").describe("Version of Istio's charts."),
  repository: format
    .text(format.chartRepository)
    .default("https://istio-release.storage.googleapis.com/charts")
    .describe("Chart repository."),
  charts: format.text(format.notEmpty).optional().describe("Folder with the chart folders base, istiod and gateway; used instead of the repository."),
  digests: z
    .strictObject({
      base: digest.describe("Digest of the chart base."),
      istiod: digest.describe("Digest of the chart istiod."),
      gateway: digest.describe("Digest of the chart gateway."),
    })
    .prefault({})
    .describe(
      "What the charts of `istio.version` in the repository have to be, as sha256:…: the digest of the archive, or in an OCI registry of the manifest. Not used for charts in a folder, and for a cluster with another version. Default: not compared.",
    ),
  hub: format.text(format.imageHub).optional().describe("Registry and path of Istio's images. Default: that of the charts."),
  tag: format.text(format.imageTag).optional().describe("Tag of Istio's images. Default: that of the charts."),
  values: istioValues.prefault({}).describe("Extra chart values."),
});
