import { isTree, type Tree } from "../../lib/merge";
import type { Path } from "../paths";
import type { Problem } from "../problems";
import type { CheckContext } from "./check";

/** The trust domain that istiod assumes of a peer where it finds no configuration of its own revision. */
const ASSUMED_TRUST_DOMAIN = "cluster.local";

/** Values of the chart istiod that work only with its own webhook, which the tag replaces. */
const OWN_WEBHOOK: readonly (readonly [path: readonly string[], instead: string])[] = [
  [["revisionTags"], "namespaces follow the tag default; label these namespaces istio-injection: enabled, and remove it"],
  [["sidecarInjectorWebhook", "enableNamespacesByDefault"], "the tag serves namespaces that are labelled; label them istio-injection: enabled, and remove it"],
];

/** Checks that the two revisions of a cluster differ, and that no other setting contradicts them. */
export function checkIstio({ settings, model }: CheckContext): Problem[] {
  return model.clusters.flatMap(({ key, istio }): Problem[] => {
    if (!istio.placement.tagged) return [];
    const path: Path = ["clusters", key, "istio"];
    const setting: Path = istio.next ? [...path, "upgrade"] : [...path, "revision"];
    return [
      ...(istio.next?.revision === istio.revision
        ? [{ path: [...path, "upgrade", "revision"], message: `"${istio.revision}" is installed already, and two istiods need two revisions; remove it, or write the other`, because: [[...path, "revision"]] }]
        : []),
      ...(model.trustDomain === ASSUMED_TRUST_DOMAIN
        ? []
        : [
            {
              path: setting,
              message:
                `istiod of a revision assumes the trust domain ${ASSUMED_TRUST_DOMAIN} for peers that have another revision, so requests to them would fail; ` +
                `with usmesh:trustDomain "${model.trustDomain}", upgrade by istio.version instead, without a revision`,
              because: [["trustDomain"]],
            },
          ]),
      ...OWN_WEBHOOK.flatMap(([value, message]): Problem[] => {
        const set = valueAt(istio.values["istiod"], value);
        const own = valueAt(settings.clusters[key]?.istio.values?.istiod, value) !== undefined;
        return isSet(set) ? [{ path: [...(own ? path : ["istio"]), "values", "istiod", ...value], message, because: [setting] }] : [];
      }),
    ];
  });
}

function valueAt(values: Tree | undefined, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isTree(value) ? value[key] : undefined), values);
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : ![undefined, null, false, "false"].includes(value as string);
}
