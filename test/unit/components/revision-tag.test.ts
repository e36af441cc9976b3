import { expect } from "chai";
import { IstioPrimary, type IstioPrimaryArgs, type IstioUpgrade } from "../../../components";
import { CACERTS, CHARTS, expectOrdinary, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { closure, resource } from "./support/queries";
import { runPiece, type World } from "./support/world";

const NAME = "west-istio";
const ARGS: IstioPrimaryArgs = { meshId: "usmesh", clusterName: "west-cluster", network: "west-network", cacerts: CACERTS, charts: CHARTS, kubeconfig: KUBECONFIG };
const NEWER = { ...CHARTS, version: "1.31.5" };
const UPGRADE: IstioUpgrade = { revision: "blue", step: "beside", charts: NEWER, hub: "newer.example", tag: "1.31.5", values: { istiod: { b: 2 }, gateway: { c: 3 }, base: { d: 4 } } };
const register = (args: Partial<IstioPrimaryArgs> = {}): Promise<World> => runPiece(() => void new IstioPrimary(NAME, { ...ARGS, ...args }, optionsIn("west")));
const at = (step: IstioUpgrade["step"]): Promise<World> => register({ upgrade: { ...UPGRADE, step } });
const inputsOf = (world: World, name: string) => resource(world, `${NAME}-${name}`).inputs;
const valuesOf = (world: World, name: string) => inputsOf(world, name)["values"] as Record<string, unknown>;
const targetOf = (world: World): [string, string[]] => {
  const { metadata, webhooks } = inputsOf(world, "tag") as { metadata: { labels: Record<string, string> }; webhooks: { clientConfig: { service: { name: string } } }[] };
  return [metadata.labels["istio.io/rev"]!, [...new Set(webhooks.map(({ clientConfig }) => clientConfig.service.name))]];
};

describe("a second istiod", () => {
  it("has its own charts, images and values, its revision, and the first one's certificates", async () => {
    const world = await at("beside");
    expect(inputsOf(world, "istiod-blue")).to.include({ name: "istiod-blue", version: "1.31.5" });
    expect(valuesOf(world, "istiod-blue")).to.deep.nested.include({ revision: "blue", b: 2, "global.hub": "newer.example", "global.tag": "1.31.5", "global.meshID": "usmesh" });
    expect(valuesOf(world, "istiod-blue")["podAnnotations"]).to.deep.equal(valuesOf(world, "istiod")["podAnnotations"]);
    expect(inputsOf(world, "istiod")).to.include({ name: "istiod", version: "1.31.4" });
    expect(valuesOf(world, "istiod")).not.to.have.any.keys("revision", "b");
  });

  it("comes after the custom kinds, which are of the newer version", async () => {
    const world = await at("beside");
    expect(inputsOf(world, "base")).to.include({ version: "1.31.5" });
    expect(valuesOf(world, "base")).to.include({ d: 4 }).and.not.have.property("defaultRevision");
    expect(resource(world, `${NAME}-istiod-blue`).dependsOn).to.include.members([`${NAME}-base`, `${NAME}-cacerts`]);
  });

  it("takes over the ingress gateway and then new pods and the check of new objects, with its charts", async () => {
    for (const [step, gateway, injects] of [["beside", "default", "default"], ["eastWest", "default", "default"], ["gateways", "blue", "default"], ["workloads", "blue", "blue"]] as const) {
      const world = await at(step);
      expect(valuesOf(world, "ingress")["revision"], step).to.equal(gateway === "blue" ? "blue" : undefined);
      expect(inputsOf(world, "ingress")["version"], step).to.equal(gateway === "blue" ? "1.31.5" : "1.31.4");
      expect(resource(world, `${NAME}-ingress`).dependsOn, step).to.include(gateway === "blue" ? `${NAME}-istiod-blue` : `${NAME}-istiod`);
      expect(targetOf(world), step).to.deep.equal([injects, [injects === "blue" ? "istiod-blue" : "istiod"]]);
      expect(valuesOf(world, "base")["defaultRevision"], step).to.equal(injects === "blue" ? "blue" : undefined);
    }
  });

  it("is followed by another in the same way", async () => {
    const world = await register({ revision: "blue", upgrade: { ...UPGRADE, revision: "green", step: "gateways" } });
    expect(Object.keys(typesBelow(world, NAME)).filter((name) => name.includes("-istiod"))).to.have.members([`${NAME}-istiod-blue`, `${NAME}-istiod-green`]);
    expect(targetOf(world)).to.deep.equal(["blue", ["istiod-blue"]]);
    expect(valuesOf(world, "ingress")).to.include({ revision: "green" });
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await at("workloads")));
});

describe("the tag", () => {
  const webhooks = async (): Promise<{ name: string; namespaceSelector: { matchExpressions: unknown[] }; objectSelector: { matchExpressions: unknown[] }; clientConfig: Record<string, unknown> }[]> =>
    inputsOf(await at("beside"), "tag")["webhooks"] as never;

  it("has the name under which istiod looks for the default revision, and names by which istiod writes its authority", async () => {
    expect((inputsOf(await at("beside"), "tag")["metadata"] as { name: string }).name).to.equal("istio-revision-tag-default");
    for (const { name, clientConfig } of await webhooks()) {
      expect(name).to.match(/\.sidecar-injector\.istio\.io$/);
      expect(clientConfig, "the authority is istiod's to write").not.to.have.property("caBundle");
    }
  });

  it("asks istiod about each new pod, and lets no pod of the mesh start without a sidecar", async () => {
    for (const webhook of await webhooks()) {
      expect(webhook).to.deep.include({
        rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
        clientConfig: { service: { name: "istiod", namespace: "istio-system", path: "/inject", port: 443 } },
        admissionReviewVersions: ["v1"],
        failurePolicy: "Fail",
      });
    }
  });

  it("serves the namespaces and pods that an istiod without a revision served, each by one webhook", async () => {
    const selectors = (await webhooks()).map(({ namespaceSelector, objectSelector }) => [namespaceSelector, objectSelector].map(({ matchExpressions }) => matchExpressions));
    const matches = (expressions: unknown[], labels: Record<string, string>): boolean =>
      (expressions as { key: string; operator: string; values?: string[] }[]).every(({ key, operator, values = [] }) => {
        const value = labels[key];
        if (operator === "DoesNotExist") return value === undefined;
        return operator === "In" ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value);
      });
    const served = (namespace: Record<string, string>, pod: Record<string, string> = {}): number =>
      selectors.filter(([namespaces, pods]) => matches(namespaces!, namespace) && matches(pods!, pod)).length;
    const enabled = { "istio-injection": "enabled" };
    expect(served(enabled)).to.equal(1);
    expect(served({ "istio.io/rev": "default" })).to.equal(1);
    expect(served({}, { "sidecar.istio.io/inject": "true" }), "a gateway").to.equal(1);
    expect(served({}, { "istio.io/rev": "default", "sidecar.istio.io/inject": "true" })).to.equal(1);
    expect(served({})).to.equal(0);
    expect(served(enabled, { "sidecar.istio.io/inject": "false" })).to.equal(0);
    expect(served({ "istio-injection": "disabled" }, { "sidecar.istio.io/inject": "true" })).to.equal(0);
    expect(served({ "istio.io/rev": "blue" })).to.equal(0);
    expect(served({}, { "istio.io/rev": "blue", "sidecar.istio.io/inject": "true" }), "a gateway of a revision").to.equal(0);
  });

  it("comes before an istiod without a revision removes its own webhook, so that one of them always injects", async () => {
    const world = await at("beside");
    expect(valuesOf(world, "istiod")).to.nested.include({ "global.operatorManageWebhooks": true });
    expect(resource(world, `${NAME}-istiod`).dependsOn).to.include(`${NAME}-tag`);
    expect(valuesOf(world, "istiod-blue"), "gateways ask for its own webhook").not.to.nested.include({ "global.operatorManageWebhooks": true });
  });

  it("moves once the istiod that it leads to is ready", async () => {
    expect([...closure(await at("gateways"), `${NAME}-tag`)]).not.to.include(`${NAME}-istiod-blue`);
    expect(resource(await at("workloads"), `${NAME}-tag`).dependsOn).to.include(`${NAME}-istiod-blue`);
  });
});
