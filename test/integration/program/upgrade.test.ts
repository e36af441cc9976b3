import { expect } from "chai";
import { inSteps } from "../../support/steps";
import { done } from "../support/events";
import { openSite, type Settings, type Site } from "./support/site";

/** What these tests look at of any object. */
interface Labelled {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
}

const OLD = { version: "1.31.0", tag: "1" };
const at = (step: string): Settings => ({ ...OLD, upgrade: { version: "1.31.0", tag: "2", step } });
const TAG = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-revision-tag-default";

// Nothing is injected here, and no pod runs: what the real engine and Helm do with each step is what is shown.
describe("Istio of one cluster upgraded by revision", function () {
  inSteps(this);
  let site: Site;

  before(async () => {
    site = await openSite(["west", "east"]);
    configure({});
  });
  after(() => site.close());

  const configure = (west: Settings): void =>
    site.configure("local", ["west", "east"], {
      clusters: { west: { ...site.cluster("west"), istio: west }, east: site.cluster("east") },
      peering: { through: "apiServer" },
      demo: false,
      client: { enabled: false },
    });
  const up = async (west: Settings): Promise<string[]> => {
    configure(west);
    return done(await site.pulumi("up", "local")).sort();
  };
  const istiods = async (): Promise<string[]> => {
    const all = await site.server("west").client.list<Labelled>("/apis/apps/v1/namespaces/istio-system/deployments?labelSelector=app%3Distiod");
    return all.map(({ metadata }) => metadata.name).sort();
  };
  const tag = async (): Promise<Labelled | undefined> => site.server("west").client.find<Labelled>(TAG);

  it("begins with one istiod, without a tag", async () => {
    await site.meshDoes("up", "local");
    expect([await istiods(), await tag()]).to.deep.equal([["istiod"], undefined]);
    expect(await up({}), "settings that say nothing").to.deep.equal([]);
  });

  it("gets a second one beside it, and a tag in front of the first", async () => {
    expect(await up(at("beside"))).to.deep.equal(["create west-istio-istiod-blue", "create west-istio-tag", "update west-istio-istiod"]);
    expect(await istiods()).to.deep.equal(["istiod", "istiod-blue"]);
    expect((await tag())?.metadata.labels).to.include({ "istio.io/rev": "default", "istio.io/tag": "default" });
  });

  it("goes back, and leaves nothing of it", async () => {
    expect(await up(OLD)).to.deep.equal(["delete west-istio-istiod-blue", "delete west-istio-tag", "update west-istio-istiod"]);
    expect([await istiods(), await tag()]).to.deep.equal([["istiod"], undefined]);
  });

  let uid: string | undefined;

  it("moves the east-west gateway and the ingress gateway, one step after another", async () => {
    await up(at("beside"));
    uid = (await tag())?.metadata.uid;
    expect(await up(at("eastWest"))).to.deep.equal(["update west-eastwest-release"]);
    expect(await up(at("gateways"))).to.deep.equal(["update west-istio-ingress"]);
  });

  it("refuses to end before everything has moved, and changes nothing", async () => {
    configure({ version: "1.31.0", tag: "2", revision: "blue" });
    const { code, stdout, stderr } = await site.mesh("up", "local");
    expect(code, stdout).not.to.equal(0);
    expect(stdout + stderr).to.include("docs/troubleshooting.md#istio-revision-in-use");
    expect(await istiods()).to.deep.equal(["istiod", "istiod-blue"]);
  });

  it("moves the tag, and replaces it no more than the gateways", async () => {
    expect(await up(at("workloads"))).to.deep.equal(["update west-istio-base", "update west-istio-tag"]);
    expect(uid).to.be.a("string");
    expect((await tag())?.metadata).to.deep.include({ uid }).and.have.nested.property("labels.istio\\.io/rev", "blue");
  });

  it("ends with the second one alone, and stays so", async () => {
    const ended = { version: "1.31.0", tag: "2", revision: "blue" };
    expect(await up(ended)).to.deep.equal(["delete west-istio-istiod"]);
    expect(await istiods()).to.deep.equal(["istiod-blue"]);
    expect(await up(ended)).to.deep.equal([]);
  });
});
