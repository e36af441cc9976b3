import { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import type { ChartModel } from "../model/model";

/** How long a release may take until everything in it is ready, in seconds. A first run pulls images. */
const TIMEOUT = 600;

/** How many revisions Helm keeps. */
const HISTORY = 3;

export interface ChartReleaseArgs {
  /** Name of the chart, and of its folder where charts come from folders. */
  readonly chart: string;
  /** Name of the release: never generated, a second one beside the first would fight it. */
  readonly release: string;
  readonly namespace: pulumi.Input<string>;
  /** Where the chart comes from. */
  readonly source: ChartModel;
  /** Values. Never a secret: Helm keeps them in the cluster. */
  readonly values: Record<string, unknown>;
}

/** A Helm release as all of them are here: pinned, named, waited for. */
export function chartRelease(name: string, args: ChartReleaseArgs, opts: pulumi.CustomResourceOptions): Release {
  const { source } = args;
  const origin =
    source.charts === undefined
      ? { chart: args.chart, version: source.version, repositoryOpts: { repo: source.repository } }
      : { chart: join(source.charts, args.chart) };
  return new Release(
    name,
    {
      ...origin,
      name: args.release,
      namespace: args.namespace,
      values: args.values,
      timeout: TIMEOUT,
      maxHistory: HISTORY,
    },
    opts,
  );
}
