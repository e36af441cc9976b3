import { z } from "zod";
import * as format from "./formats";

const positive = z.int().min(1);

/** The settings of Prometheus, Jaeger and Kiali. */
export const observability = z.strictObject({
  enabled: z.boolean().default(false).describe("Whether each cluster gets a Prometheus and a Jaeger that know of the whole mesh."),
  scrapeIntervalSeconds: positive.default(15).describe("Seconds between two readings of each proxy's and istiod's statistics, and of the other clusters' Prometheus."),
  retentionHours: positive.default(24).describe("Hours for which Prometheus keeps what it has read. It is lost with its pod."),
  samplingPercent: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe("Share of the requests that are traced, unless the client decides by the header traceparent. Default: 100 in the profile `demo`, 1 in `production`."),
  maxTraces: positive.default(1_000).describe("Traces that Jaeger keeps in memory, the newest."),
  memoryMiB: positive
    .default(400)
    .describe("Most memory in MiB that both may take in a cluster, sidecars included. What Jaeger does not need for `maxTraces` is Prometheus'."),
  images: z
    .strictObject({
      prometheus: format.text(format.image).default("prom/prometheus:v3.16.0").describe("Image of Prometheus."),
      jaeger: format.text(format.image).default("jaegertracing/jaeger:2.13.0").describe("Image of Jaeger 2."),
      kiali: format
        .text(format.image)
        .nullable()
        .optional()
        .describe("Image of Kiali; null where none can be had, as in the air gap. Default: that of the chart."),
      load: z
        .boolean()
        .default(false)
        .describe("Whether the nodes of kind clusters are given the images from this machine's Docker engine, instead of downloading them."),
    })
    .prefault({})
    .describe("Images of Prometheus, Jaeger and Kiali."),
  kiali: z
    .strictObject({
      enabled: z.boolean().default(false).describe("Whether each cluster gets a Kiali too, which shows all clusters. It needs `observability.enabled`."),
      version: format.text(format.semver).default("2.29.0").describe("Version of Kiali's chart."),
      repository: format.text(format.chartRepository).default("https://kiali.org/helm-charts").describe("Chart repository."),
      charts: format.text(format.notEmpty).optional().describe("Folder with the chart folder kiali-server; used instead of the repository."),
      digest: format.text(format.digest).optional().describe("Digest of the chart, as `istio.digests`."),
      values: z.record(z.string(), z.unknown()).default({}).describe("Extra values of the chart."),
    })
    .prefault({})
    .describe("Kiali and its chart."),
});
