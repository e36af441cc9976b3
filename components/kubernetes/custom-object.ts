import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import * as pulumi from "@pulumi/pulumi";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiServer, KubeError, type KubeObject } from "../../lib/api-server";
import { after, isRecorded } from "./recorded";

/** Milliseconds within which an API server has to answer a single request; a webhook's own limit is at most 30 seconds. */
const REQUEST_TIMEOUT_MS = 35_000;

/** Milliseconds after which a webhook that does not answer is not asked again. */
const WEBHOOK_TIMEOUT_MS = 120_000;

/** Milliseconds between two requests. */
const POLL_MS = 500;

/** An object of a custom kind. */
export interface CustomObjectArgs {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: pulumi.Input<string> };
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * An object of a custom kind, written once its kind is served and the webhooks that check it answer. A Deployment that is ready is
 * not enough: the rules for its Service reach the API server's node a moment later, and the provider does not repeat a write that a
 * webhook did not answer.
 *
 * @param kubeconfig the administrator's kubeconfig of the cluster
 * @param opts its options; `dependsOn` holds what the object's kind and its webhooks come with
 */
export function customObject(name: string, args: CustomObjectArgs, kubeconfig: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): CustomResource {
  const { apiVersion, kind, metadata, spec } = args;
  const admitted = (): pulumi.Output<unknown> =>
    pulumi
      .all([kubeconfig, metadata.namespace, pulumi.output(spec), created(opts.dependsOn), registered(opts.parent)])
      .apply(async ([admin, namespace, known]) => {
        if (await isRecorded(`kubernetes:${apiVersion}:${kind}`, name)) return;
        await waitUntilAdmitted(await ApiServer.of(admin, REQUEST_TIMEOUT_MS), { apiVersion, kind, metadata: { name: metadata.name, namespace }, spec: known });
      });
  return new CustomResource(name, { apiVersion, kind, metadata: { ...metadata, namespace: after(admitted, metadata.namespace) }, spec }, opts);
}

/** Known once all of the resources are created: that is when a resource's URN is known. */
function created(dependsOn: pulumi.CustomResourceOptions["dependsOn"]): pulumi.Output<unknown> {
  return pulumi.output(dependsOn).apply((resources) => pulumi.all(([resources ?? []].flat(Infinity) as pulumi.Resource[]).map(({ urn }) => urn)));
}

/**
 * Resolves once a component is registered, which is when all that it depends on is created. A promise and not an output: an output
 * would make the component's child depend on the component, and so on itself.
 */
function registered(component: pulumi.Resource | undefined): Promise<unknown> {
  return component === undefined ? Promise.resolve() : new Promise((resolve) => component.urn.apply(resolve));
}

/**
 * Tries to write an object without writing it. An error in the object itself is left to the write that follows.
 *
 * @param timeoutMs milliseconds after which it is not tried again.
 * @param pollMs milliseconds between two tries.
 */
export async function waitUntilAdmitted(server: ApiServer, object: KubeObject, timeoutMs: number = WEBHOOK_TIMEOUT_MS, pollMs: number = POLL_MS): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isAnswered(server, object)) && Date.now() < deadline) await sleep(pollMs);
}

async function isAnswered(server: ApiServer, object: KubeObject): Promise<boolean> {
  try {
    await server.apply(object, { dryRun: true });
    return true;
  } catch (error) {
    // The provider reports a server that does not answer at all.
    if (!(error instanceof KubeError)) return true;
    return error.status !== 404 && !(error.status >= 500 && /webhook/.test(error.message));
  }
}
