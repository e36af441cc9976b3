import { expect } from "chai";
import { done } from "../../support/events";
import type { Settings, Site } from "./site";

/** What these tests look at of any object. */
interface Labelled {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
}

const OLD = { version: "1.31.0", tag: "1" };
const at = (step: string): Settings => ({ ...OLD, upgrade: { version: "1.31.0", tag: "2", step } });
const TAG = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-revision-tag-default";

/**
 * Steps of a suite about stack `local` with both clusters: Istio of one is upgraded by revision. Nothing is injected here, and no pod runs: what
 * the real engine and Helm do with each step is what is shown. Afterwards the stack has no workloads.
 */
export class UpgradeSteps {
  constructor(private readonly site: () => Site) {}

  /** While the stack is up with one istiod in each cluster. */
  whileUp(): void {
    let uid: string | undefined;

    it("have one istiod each, without a tag, also when their workloads are gone", async () => {
      await this.up({});
      expect([await this.istiods(), await this.tag()]).to.deep.equal([["istiod"], undefined]);
    });

    it("get a second istiod beside the first in one of them, and a tag in front of the first", async () => {
      expect(await this.up(at("beside"))).to.deep.equal(["create west-istio-istiod-blue", "create west-istio-tag", "update west-istio-istiod"]);
      expect(await this.istiods()).to.deep.equal(["istiod", "istiod-blue"]);
      expect((await this.tag())?.metadata.labels).to.include({ "istio.io/rev": "default", "istio.io/tag": "default" });
    });

    it("go back, and nothing of it is left", async () => {
      expect(await this.up(OLD)).to.deep.equal(["delete west-istio-istiod-blue", "delete west-istio-tag", "update west-istio-istiod"]);
      expect([await this.istiods(), await this.tag()]).to.deep.equal([["istiod"], undefined]);
    });

    it("move the east-west gateway and the ingress gateway to it, one step after another", async () => {
      await this.up(at("beside"));
      uid = (await this.tag())?.metadata.uid;
      expect(await this.up(at("eastWest"))).to.deep.equal(["update west-eastwest-release"]);
      expect(await this.up(at("gateways"))).to.deep.equal(["update west-istio-ingress"]);
    });

    it("refuse to end the upgrade before everything has moved, and change nothing", async () => {
      this.configure({ version: "1.31.0", tag: "2", revision: "blue" });
      const { code, stdout, stderr } = await this.site().mesh("up", "local");
      expect(code, stdout).not.to.equal(0);
      expect(stdout + stderr).to.include("docs/troubleshooting.md#istio-revision-in-use");
      expect(await this.istiods()).to.deep.equal(["istiod", "istiod-blue"]);
    });

    it("move the tag, and replace it no more than the gateways", async () => {
      expect(await this.up(at("workloads"))).to.deep.equal(["update west-istio-base", "update west-istio-tag"]);
      expect(uid).to.be.a("string");
      expect((await this.tag())?.metadata).to.deep.include({ uid }).and.have.nested.property("labels.istio\\.io/rev", "blue");
    });

    it("end with the second istiod alone, and stay so", async () => {
      const ended = { version: "1.31.0", tag: "2", revision: "blue" };
      expect(await this.up(ended)).to.deep.equal(["delete west-istio-istiod"]);
      expect(await this.istiods()).to.deep.equal(["istiod-blue"]);
      expect(await this.up(ended)).to.deep.equal([]);
    });
  }

  private configure(west: Settings): void {
    this.site().configure("local", ["west", "east"], {
      clusters: { west: { ...this.site().cluster("west"), istio: west }, east: this.site().cluster("east") },
      peering: { through: "apiServer" },
      demo: false,
      client: { enabled: false },
    });
  }

  private async up(west: Settings): Promise<string[]> {
    this.configure(west);
    return done(await this.site().pulumi("up", "local")).sort();
  }

  private async istiods(): Promise<string[]> {
    const all = await this.site().server("west").client.list<Labelled>("/apis/apps/v1/namespaces/istio-system/deployments?labelSelector=app%3Distiod");
    return all.map(({ metadata }) => metadata.name).sort();
  }

  private tag(): Promise<Labelled | undefined> {
    return this.site().server("west").client.find<Labelled>(TAG);
  }
}
