import { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import type { ChartModel } from "../../settings/model";
import type { Cluster } from "../cluster";
import { after } from "../kubernetes/recorded";
import { recoverRelease } from "./release-recovery";

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

/** A Helm release as all of them are here: pinned, named, waited for, and taken up again where a killed run left it. */
export function chartRelease(name: string, args: ChartReleaseArgs, cluster: Cluster, opts: pulumi.CustomResourceOptions): Release {
  const { source } = args;
  const origin =
    source.charts === undefined
      ? { chart: args.chart, version: source.version, repositoryOpts: { repo: source.repository } }
      : { chart: join(source.charts, args.chart) };
  const recovered = (): pulumi.Output<unknown> =>
    pulumi
      .all([cluster.kubeconfig, args.namespace, pulumi.output(args.values)])
      .apply(([kubeconfig, namespace, values]) => recoverRelease(kubeconfig, { resource: name, release: args.release, namespace, chart: args.chart, values }));
  return new Release(
    name,
    {
      ...origin,
      name: args.release,
      namespace: after(recovered, args.namespace),
      values: args.values,
      timeout: TIMEOUT,
      maxHistory: HISTORY,
    },
    opts,
  );
}
