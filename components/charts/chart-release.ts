import { Release, type ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import { after } from "../kubernetes/recorded";
import { recoverRelease } from "./release-recovery";

/** Seconds until everything in a release has to be ready. A first run pulls images. */
const TIMEOUT_SECONDS = 600;

/** How many revisions of a release Helm keeps. */
const MAX_HISTORY = 3;

/** How the address of a chart in an OCI registry begins. */
const OCI = "oci://";

/** Where Helm charts come from: a chart repository, or a folder. */
export interface ChartSource {
  /** Version of the charts, such as `1.31.4`. Not used for charts in a folder. */
  readonly version: pulumi.Input<string>;
  /** URL of the chart repository: `https://`, or `oci://` for a folder of an OCI registry. Not used for charts in a folder. */
  readonly repository?: pulumi.Input<string>;
  /** Login for the repository, which then cannot be an OCI registry. Secret, and recorded in the state of the releases alone. Default: none. */
  readonly credentials?: pulumi.Input<ChartCredentials>;
  /** Path of a folder with one folder per chart, such as `base` and `istiod`. Takes precedence over `repository`. Default: none. */
  readonly folder?: string;
}

/** A login for a chart repository. */
export interface ChartCredentials {
  /** Name of the user, for HTTP basic authentication. */
  readonly username: pulumi.Input<string>;
  /** Password or token of the user. Secret. */
  readonly password: pulumi.Input<string>;
}

/** Where charts come from, as a component records it: without the login. */
export function recordedSource({ credentials: _secret, ...source }: ChartSource): Omit<ChartSource, "credentials"> {
  return source;
}

export interface ChartReleaseArgs {
  /** Name of the chart, and of its folder where charts come from a folder. */
  readonly chart: string;
  /** Name of the release. Never generated: two releases of a chart would fight over the same objects. */
  readonly release: string;
  readonly namespace: pulumi.Input<string>;
  readonly source: ChartSource;
  /** Values. Never a secret: Helm keeps them in the cluster. */
  readonly values: Record<string, unknown>;
  /** The administrator's kubeconfig of the cluster. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** A Helm release with a pinned version and a fixed name, waited for, and continued where an interrupted run left it. */
export function chartRelease(name: string, args: ChartReleaseArgs, opts: pulumi.CustomResourceOptions): Release {
  const { chart, release, source, values } = args;
  const origin = source.folder === undefined ? fromRepository(chart, source) : { chart: join(source.folder, chart) };
  const recovered = (): pulumi.Output<unknown> =>
    pulumi
      .all([args.kubeconfig, args.namespace, pulumi.output(values)])
      .apply(([kubeconfig, namespace, known]) => recoverRelease(kubeconfig, { resource: name, release, namespace, chart, values: known }));
  return new Release(
    name,
    {
      ...origin,
      name: release,
      namespace: after(recovered, args.namespace),
      values,
      timeout: TIMEOUT_SECONDS,
      maxHistory: MAX_HISTORY,
    },
    opts,
  );
}

/** A chart in a repository. In an OCI registry its whole address is its name, and there is no index that another option would name. */
function fromRepository(chart: string, { version, repository, credentials }: ChartSource): Pick<ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
  if (repository === undefined) return { chart, version };
  const url = pulumi.output(repository);
  return {
    chart: url.apply((known) => (known.startsWith(OCI) ? `${known.replace(/\/$/, "")}/${chart}` : chart)),
    version,
    repositoryOpts:
      credentials === undefined
        ? url.apply((repo) => (repo.startsWith(OCI) ? {} : { repo }))
        : pulumi.secret(pulumi.all([url, pulumi.output(credentials)]).apply(([repo, { username, password }]) => ({ repo, username, password }))),
  };
}
