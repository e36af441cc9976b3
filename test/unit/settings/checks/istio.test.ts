import { expect } from "chai";
import { itRefuses, problemsOf, type Refusal } from "../support/refusals";

const west = (istio: object, more: object = {}) => ({ clusters: { west: { istio }, east: {} }, ...more });
const at = "usmesh:clusters.west.istio";
const upgrade = { version: "1.31.4" };

describe("the check of Istio in a cluster", () => {
  itRefuses([
    ["an Istio that loses endpoints, in one cluster", west({ version: "1.30.2" }), `${at}.version`, /loses endpoints/],
    ["an upgrade to an Istio that loses endpoints", west({ upgrade: { version: "1.30.3" } }), `${at}.upgrade.version`, /loses endpoints/],
    ["a revision that there is not", west({ revision: "canary" }), `${at}.revision`, /not one of default, blue, green/],
    ["an upgrade to no revision", west({ upgrade: { ...upgrade, revision: "default" } }), `${at}.upgrade.revision`, /not one of blue, green/],
    ["a step that there is not", west({ upgrade: { ...upgrade, step: "done" } }), `${at}.upgrade.step`, /not one of beside, eastWest, gateways, workloads/],
    ["an upgrade to the revision that is installed", west({ revision: "blue", upgrade: { ...upgrade, revision: "blue" } }), `${at}.upgrade.revision`, /"blue" is installed already/],
    ["an upgrade in another trust domain", west({ upgrade }, { trustDomain: "example.org" }), `${at}.upgrade`, /assumes the trust domain cluster\.local for peers .*, so requests to them would fail/],
    ["a revision in another trust domain", west({ revision: "green" }, { trustDomain: "example.org" }), `${at}.revision`, /assumes the trust domain cluster\.local/],
    ["tags of istiod's own", west({ upgrade }, { istio: { values: { istiod: { revisionTags: ["prod"] } } } }), "usmesh:istio.values.istiod.revisionTags", /namespaces follow the tag default/],
    ["sidecars for namespaces without a label", west({ revision: "blue", values: { istiod: { sidecarInjectorWebhook: { enableNamespacesByDefault: true } } } }), `${at}.values.istiod.sidecarInjectorWebhook.enableNamespacesByDefault`, /label them istio-injection: enabled/],
  ]);

  const charts: readonly Refusal[] = [
    ["charts that do not exist, in one cluster", west({ charts: "missing" }), `${at}.charts`, /no folder "missing"/],
    ["charts that do not exist, for an upgrade", west({ upgrade: { ...upgrade, charts: "missing" } }), `${at}.upgrade.charts`, /no folder "missing"/],
    ["a tag of another version, in one cluster", west({ version: "1.31.3", tag: "1.31.4" }), `${at}.tag`, /not the version of the charts, 1\.31\.3 \(usmesh:clusters\.west\.istio\.version\)/],
    ["the stack's tag beside another version in a cluster", west({ version: "1.31.3" }, { istio: { tag: "1.31.4" } }), `${at}.tag`, /"1\.31\.4" is not the version of the charts, 1\.31\.3/],
    ["a tag of another version, for an upgrade", west({ upgrade: { ...upgrade, tag: "1.31.3" } }), `${at}.upgrade.tag`, /not the version of the charts, 1\.31\.4/],
    ["values that the component sets, in one cluster", west({ values: { istiod: { global: { meshID: "other" } } } }), `${at}.values.istiod.global.meshID`, /set by the component/],
    ["values that would break the mesh, for an upgrade", west({ upgrade: { ...upgrade, values: { gateway: { replicaCount: 0 } } } }), `${at}.upgrade.values.gateway.replicaCount`, /no pod that answers/],
  ];
  itRefuses(charts);

  it("accepts what is the same as in the stack, and values of the chart's own", () => {
    const values = { istiod: { revisionTags: [], sidecarInjectorWebhook: { enableNamespacesByDefault: false } } };
    for (const settings of [west({}), west({ upgrade, values }), west({ revision: "green", upgrade: { ...upgrade, revision: "blue", step: "workloads" } })]) expect(problemsOf(settings)).to.deep.equal([]);
    expect(problemsOf({ clusters: { west: {} }, trustDomain: "example.org", istio: { values: { istiod: { revisionTags: ["prod"] } } } }), "without a revision").to.deep.equal([]);
  });
});
