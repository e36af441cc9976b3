import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiServer, KubeError, type KubeObject } from "../../lib/api-server";
import type { Cluster } from "../cluster";
import { after, isRecorded } from "./recorded";

/** Milliseconds within which an API server has to answer a single request; a webhook's own limit is at most 30 seconds. */
const REQUEST_TIMEOUT_MS = 35_000;

/** Milliseconds for which a webhook that does not answer is asked again. */
const WEBHOOK_TIMEOUT_MS = 120_000;

/** Milliseconds between two questions. */
const POLL_MS = 500;

/** An object of a custom kind. */
export interface CustomObjectArgs {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: pulumi.Input<string> };
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * An object of a custom kind, written once it can be: its kind is served, and the webhooks that check it answer. A Deployment that is
 * ready is not enough, since its Service's rules reach the API server's node a moment later, and the provider does not repeat a write
 * that a webhook did not answer.
 *
 * @param parent the component that it belongs to.
 * @param needs what the object's kind and its webhooks come with.
 */
export function customObject(name: string, args: CustomObjectArgs, cluster: Cluster, parent: pulumi.Resource, needs: pulumi.Resource): CustomResource {
  const { apiVersion, kind, metadata, spec } = args;
  const admitted = (): pulumi.Output<unknown> =>
    // A resource's URN is known once the resource is there.
    pulumi.all([cluster.kubeconfig, metadata.namespace, pulumi.output(spec), needs.urn]).apply(async ([kubeconfig, namespace, known]) => {
      if (await isRecorded(`kubernetes:${apiVersion}:${kind}`, name)) return;
      await waitUntilAdmitted(await ApiServer.of(kubeconfig, REQUEST_TIMEOUT_MS), { apiVersion, kind, metadata: { name: metadata.name, namespace }, spec: known });
    });
  return new CustomResource(name, { apiVersion, kind, metadata: { ...metadata, namespace: after(admitted, metadata.namespace) }, spec }, cluster.options(parent, { dependsOn: needs }));
}

/** Tries to write an object without writing it. What is wrong with the object itself is told by the write that follows. */
export async function waitUntilAdmitted(server: ApiServer, object: KubeObject, timeoutMs: number = WEBHOOK_TIMEOUT_MS): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isAnswered(server, object)) && Date.now() < deadline) await sleep(POLL_MS);
}

async function isAnswered(server: ApiServer, object: KubeObject): Promise<boolean> {
  try {
    await server.apply(object, { dryRun: true });
    return true;
  } catch (error) {
    // A server that does not answer at all is told by the provider.
    if (!(error instanceof KubeError)) return true;
    return error.status !== 404 && !(error.status >= 500 && /webhook/.test(error.message));
  }
}
