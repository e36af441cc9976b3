import { expect } from "chai";
import { lookAtClusters, ownerOf, type ExistingClusters } from "../../../program/existing-clusters";
import { parseSettings } from "../../../settings/config";
import { runPiece, type RunOptions } from "../components/support/world";
import { FakeApiServer, type Stored } from "../support/fake-api-server";

const SELF = "organization/usmesh/test";
const PROVIDER = "urn:pulumi:test::usmesh::usmesh:index:Cluster$pulumi:providers:kubernetes::west-provider";
const NAMESPACE = "urn:pulumi:test::usmesh::usmesh:index:IstioPrimary$kubernetes:core/v1:Namespace::west-istio-namespace";

describe("what is in an existing cluster before anything is written to it", () => {
  let api: FakeApiServer;
  beforeEach(async () => {
    api = await FakeApiServer.start();
    put("/api/v1/namespaces/kube-system", { name: "kube-system", uid: "uid-1" });
  });
  afterEach(() => api.stop());

  const put = (path: string, metadata: object): void => void api.objects.set(path, { metadata } as Stored);
  const hasIstioSystem = (annotations: object = {}): void => put("/api/v1/namespaces/istio-system", { name: "istio-system", annotations });
  const look = async ({ adopt = false, kubeconfig = api.kubeconfig, ...answers }: RunOptions & { adopt?: boolean; kubeconfig?: string } = {}): Promise<ExistingClusters> => {
    const model = parseSettings({ clusters: { west: { driver: "existing", kubeconfig: "k", context: "c", adopt } } }, { stack: "test" });
    let found: Promise<ExistingClusters> | undefined;
    await runPiece(() => (found = lookAtClusters(model, { west: kubeconfig })), answers);
    return found!;
  };

  it("is its UID, and no Istio", async () => {
    expect(await look()).to.deep.equal({ problems: [], warnings: [], uids: { west: "uid-1" }, adopted: [] });
  });

  it("may be a namespace that the stack created, also when a run was interrupted before it was recorded", async () => {
    hasIstioSystem({ "usmesh.io/stack": SELF });
    expect(await look()).to.deep.include({ problems: [], adopted: [] });
    hasIstioSystem();
    expect(await look({ recorded: [NAMESPACE] }), "an earlier version did not annotate it").to.deep.include({ problems: [], adopted: [] });
  });

  it("must not be a namespace of somebody else's, unless it is to be adopted", async () => {
    hasIstioSystem();
    const { problems } = await look();
    expect(problems).to.have.length(1);
    expect(problems[0]?.message).to.match(/^usmesh:clusters\.west: namespace istio-system of http:\S+ is there already, and this stack did not create it; nothing was changed\..*set usmesh:clusters\.west\.adopt to true: .*it stays when the stack is removed$/);
    const adopting = await look({ adopt: true });
    expect(adopting).to.deep.include({ problems: [], adopted: ["west"] });
    expect(adopting.warnings.join()).to.match(/namespace istio-system of \S+ is used, gets the labels of the mesh and another Secret cacerts, and stays/);
  });

  it("stays adopted when the setting is removed", async () => {
    hasIstioSystem({ "usmesh.io/adopted-by": SELF });
    expect(await look({ recorded: [NAMESPACE] })).to.deep.include({ problems: [], warnings: [], adopted: ["west"] });
  });

  it("must not be another stack's, whether or not it is to be adopted", async () => {
    for (const annotation of ["usmesh.io/stack", "usmesh.io/adopted-by"]) {
      hasIstioSystem({ [annotation]: "organization/usmesh/other" });
      for (const adopt of [false, true]) expect((await look({ adopt })).problems.join()).to.match(/stack organization\/usmesh\/other has namespace istio-system of .*a cluster belongs to one stack/);
    }
  });

  it("must not be an Istio that runs, which cannot be adopted", async () => {
    hasIstioSystem();
    api.putRevision("istiod", 3, "deployed");
    api.putRevision("somebody-elses", 1, "deployed");
    expect((await look({ adopt: true })).problems.join()).to.match(/an Istio runs in namespace istio-system of \S+ \(release istiod\), which cannot be taken over; nothing was changed/);
    api.objects.delete("/api/v1/namespaces/istio-system/secrets/sh.helm.release.v1.istiod.v3");
    api.objects.set("/apis/apps/v1/namespaces/istio-system/deployments", { items: [{ metadata: { name: "istiod-1-30" } }], metadata: { name: "" } });
    expect((await look({ adopt: true })).problems.join()).to.match(/\(Deployment istiod-1-30\)/);
  });

  it("is not known when it does not answer, which ends the run if the stack has something there", async () => {
    const { kubeconfig } = api;
    api.stop();
    expect(await look({ kubeconfig })).to.deep.equal({ problems: [], warnings: [], uids: {}, adopted: [] });
    expect((await look({ recorded: [PROVIDER], kubeconfig })).problems.join()).to.match(/^UserError: usmesh:clusters\.west: its API server http:\S+ does not answer \(.+\); nothing was changed$/);
  });

  it("is not known when it refuses the login, which ends the run in any case", async () => {
    api.refusals.push({ status: 401, message: "Unauthorized" });
    expect((await look()).problems.join()).to.match(/refuses the user of the context \(401: Unauthorized\); nothing was changed\. Log in again/);
    api.refusals.push({ status: 503, message: "starting" });
    expect((await look({ recorded: [PROVIDER] })).problems.join()).to.match(/does not answer \(starting\)/);
  });
});

describe("the owner of a namespace", () => {
  const namespace = (annotations?: object) => ({ metadata: { name: "istio-system", ...(annotations ? { annotations } : {}) } });

  it("is nobody, this stack, another one or unknown, by its annotations and the state", () => {
    expect(ownerOf(undefined, "a", true)).to.equal("nobody");
    expect(ownerOf(namespace(), "a", false)).to.equal("unknown");
    expect(ownerOf(namespace(), "a", true)).to.equal("this");
    expect(ownerOf(namespace({ "usmesh.io/stack": "a" }), "a", false)).to.equal("this");
    expect(ownerOf(namespace({ "usmesh.io/stack": "b" }), "a", false)).to.deep.equal({ stack: "b" });
    expect(ownerOf(namespace({ "usmesh.io/adopted-by": "a" }), "a", true)).to.equal("adopted");
    expect(ownerOf(namespace({ "usmesh.io/adopted-by": "b" }), "a", false)).to.deep.equal({ stack: "b" });
  });
});
