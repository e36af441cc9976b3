import type { TestMesh } from "../support/mesh";
import type { Fault } from "./fault";

const NAMESPACE = "revision-fault";
const TAG = "istio-revision-tag-canary";

/** A tag for namespaces that nobody else uses, which leads to a revision that there is not. */
const tag = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: TAG, labels: { "istio.io/rev": "canary", "istio.io/tag": "canary" } },
  webhooks: [
    {
      name: "rev.namespace.sidecar-injector.istio.io",
      clientConfig: { service: { name: "istiod-canary", namespace: "istio-system", path: "/inject", port: 443 } },
      sideEffects: "None",
      rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
      admissionReviewVersions: ["v1"],
      namespaceSelector: { matchLabels: { "istio.io/rev": "canary" } },
    },
  ],
};

/** Faults of revisions: what an upgrade that was done by hand can leave. */
export function revisionFaults(mesh: TestMesh): Fault[] {
  const east = (args: string, input?: string): Promise<string> => mesh.kubectl("east", args, input);
  return [
    {
      name: "a namespace that asks for a revision which there is not",
      inject: async () => {
        await east("create -f -", JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels: { "istio.io/rev": "canary" } } }));
        return async () => void (await east(`delete namespace ${NAMESPACE}`));
      },
      named: ["proxies.namespaces east"],
      remedy: /label namespace revision-fault istio\.io\/rev- istio-injection=enabled/,
    },
    {
      name: "a tag that leads to a revision which there is not",
      inject: async () => {
        await east("create -f -", JSON.stringify(tag));
        return async () => void (await east(`delete mutatingwebhookconfiguration ${TAG}`));
      },
      named: ["proxies.revisions east"],
      remedy: /mesh up/,
    },
  ];
}
