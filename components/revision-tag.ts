import { MutatingWebhookConfiguration } from "@pulumi/kubernetes/admissionregistration/v1";
import type { input } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { INJECTION_LABEL } from "../topology/names";
import { ofRevision, REVISION_LABEL, STABLE_TAG, TAG_LABEL, TAG_WEBHOOK } from "../topology/revisions";

/** Label of a pod that chooses whether it gets a sidecar. */
const INJECT_LABEL = "sidecar.istio.io/inject";

type Requirement = input.meta.v1.LabelSelectorRequirement;

const is = (key: string, ...values: string[]): Requirement => ({ key, operator: "In", values });
const isNot = (key: string, ...values: string[]): Requirement => ({ key, operator: "NotIn", values });
const lacks = (key: string): Requirement => ({ key, operator: "DoesNotExist" });

/** Which pods follow the tag, by the labels of their namespace and their own, as Istio's chart has it. */
const SELECTORS: readonly { readonly name: string; readonly namespace: Requirement[]; readonly pod: Requirement[] }[] = [
  { name: "rev.namespace", namespace: [is(REVISION_LABEL, STABLE_TAG), lacks(INJECTION_LABEL)], pod: [isNot(INJECT_LABEL, "false")] },
  { name: "rev.object", namespace: [lacks(REVISION_LABEL), lacks(INJECTION_LABEL)], pod: [isNot(INJECT_LABEL, "false"), is(REVISION_LABEL, STABLE_TAG)] },
  { name: "namespace", namespace: [is(INJECTION_LABEL, "enabled")], pod: [isNot(INJECT_LABEL, "false")] },
  { name: "object", namespace: [lacks(INJECTION_LABEL), lacks(REVISION_LABEL)], pod: [is(INJECT_LABEL, "true"), lacks(REVISION_LABEL)] },
];

/**
 * The tag in front of a cluster's revisions: the webhook that `istioctl tag set default` writes. It is an object of its own, and not part
 * of a release of istiod: one update moves it from one istiod to another, and at no moment is a pod created without a sidecar. The
 * istiod that the tag leads to writes the CA bundle into it, which is therefore not set here.
 *
 * @param revision the revision that it leads to
 * @param opts its options; `dependsOn` holds the release of that revision
 */
export function revisionTag(name: string, revision: string, namespace: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): MutatingWebhookConfiguration {
  return new MutatingWebhookConfiguration(
    name,
    {
      metadata: { name: TAG_WEBHOOK, labels: { app: "sidecar-injector", [REVISION_LABEL]: revision, [TAG_LABEL]: STABLE_TAG } },
      webhooks: SELECTORS.map(({ name: prefix, namespace: namespaces, pod }) => ({
        name: `${prefix}.sidecar-injector.istio.io`,
        clientConfig: { service: { name: ofRevision("istiod", revision), namespace, path: "/inject", port: 443 } },
        sideEffects: "None",
        rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
        failurePolicy: "Fail",
        reinvocationPolicy: "Never",
        admissionReviewVersions: ["v1"],
        namespaceSelector: { matchExpressions: namespaces },
        objectSelector: { matchExpressions: pod },
      })),
    },
    opts,
  );
}
