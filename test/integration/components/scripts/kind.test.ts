import { expect } from "chai";
import { FakeEngine } from "../support/fake-engine";

const CONFIG = "kind: Cluster\n";
const OTHER = { OWNER: "organization/usmesh/other" };

describe("the scripts of kind clusters", function () {
  this.timeout(60_000);
  let engine: FakeEngine;
  beforeEach(() => (engine = new FakeEngine()));
  afterEach(() => engine.remove());

  /** A machine on which the cluster was created: most tests start from there, and creating it runs some forty programs. */
  let standing: FakeEngine;
  before(() => {
    standing = new FakeEngine();
    expect(standing.run("kind-create.sh", {}, CONFIG).status).to.equal(0);
  });
  after(() => standing.remove());
  const created = (): void => engine.become(standing);

  const create = (environment = {}) => engine.run("kind-create.sh", environment, CONFIG);
  const remove = (environment = {}) => engine.run("kind-delete.sh", environment, CONFIG);
  const incarnation = (environment = {}) => engine.run("kind-incarnation.sh", environment).stdout.trim();

  describe("create", () => {
    it("creates the cluster and writes nothing but its kubeconfig", () => {
      const { status, stdout } = create();
      expect(status).to.equal(0);
      expect(stdout).to.equal("kubeconfig of fake\n");
      expect(engine.read("config")).to.equal(CONFIG);
      expect(engine.read("network/usmesh")).to.include("172.18.0.0/16");
    });

    it("never lets the administrator's key reach a disk, nor the kubeconfig of whoever runs it", () => {
      create();
      expect(engine.read("log")).to.match(/KUBECONFIG=\S+\/home\/kind\/fake.kubeconfig -> \/dev\/null/);
      expect(engine.list("tmp")).to.deep.equal([]);
    });

    it("finds its own cluster when it runs again, and creates none", () => {
      created();
      const { status, stdout } = create();
      expect(status).to.equal(0);
      expect(stdout).to.equal("kubeconfig of fake\n");
      expect(engine.changes().filter((change) => change === "kind create cluster")).to.have.length(1);
    });

    it("recreates what a killed run left half created", () => {
      engine.write("kind-dies");
      expect(create().status).to.equal(null);
      expect(create().status).to.equal(0);
      expect(engine.changes().filter((change) => change.startsWith("kind"))).to.deep.equal([
        "kind create cluster",
        "kind delete cluster",
        "kind create cluster",
      ]);
      expect(engine.list("tmp")).to.deep.equal([]);
    });

    it("recreates a cluster that is another incarnation", () => {
      created();
      expect(create({ INCARNATION: "2" }).status).to.equal(0);
      expect(engine.changes().filter((change) => change === "kind delete cluster")).to.have.length(1);
    });

    it("recreates a cluster that was created with another image", () => {
      created();
      expect(create({ KIND_IMAGE: "node:2" }).status).to.equal(0);
      expect(engine.changes()).to.include("kind delete cluster");
    });

    it("does not touch a cluster that it did not create", () => {
      engine.write("node/fake-control-plane/etc", "");
      const { status, stderr } = create();
      expect(status).to.equal(1);
      expect(stderr).to.include("a kind cluster fake is there already, and nobody we know made it");
      expect(stderr).to.include("kind delete cluster --name fake").and.to.include("usmesh:clusters.<key>.kindName");
      expect(engine.changes()).to.deep.equal([]);
    });

    it("does not touch another stack's cluster", () => {
      create(OTHER);
      const { status, stderr } = create();
      expect(status).to.equal(1);
      expect(stderr).to.include("stack organization/usmesh/other made it");
    });

    it("reports that Docker does not answer", () => {
      engine.write("docker-down");
      const { status, stderr } = create();
      expect(status).not.to.equal(0);
      expect(stderr).to.include("Cannot connect to the Docker daemon").and.to.include("Docker does not answer");
      expect(engine.list("tmp")).to.deep.equal([]);
    });
  });

  describe("delete", () => {
    it("deletes the cluster and its marks", () => {
      created();
      expect(remove().status).to.equal(0);
      expect(engine.list("node")).to.deep.equal([]);
      expect(engine.list("volume")).to.deep.equal([]);
      expect(engine.list("tmp")).to.deep.equal([]);
    });

    it("succeeds when the cluster does not exist", () => {
      created();
      engine.remove("node/fake-control-plane");
      expect(remove().status).to.equal(0);
      expect(engine.list("volume")).to.deep.equal([]);
    });

    it("fails when Docker does not answer: the cluster may exist", () => {
      created();
      engine.write("docker-down");
      expect(remove().status).to.equal(1);
    });

    it("deletes a half-created cluster", () => {
      engine.write("kind-dies");
      create();
      expect(remove().status).to.equal(0);
      expect(engine.list("node")).to.deep.equal([]);
    });

    it("does not touch the replacement: another incarnation, image or configuration, half created or complete", () => {
      const replacements = [{ INCARNATION: "2" }, { KIND_IMAGE: "node:2" }, { INCARNATION: "3", KIND_IMAGE: "node:3" }];
      for (const replacement of replacements) {
        created();
        expect(create(replacement).status).to.equal(0);
        expect(remove().status).to.equal(0);
        expect(engine.list("node")).to.deep.equal(["fake-control-plane"]);
        engine.remove("node/fake-control-plane/usmesh");
        expect(remove().status).to.equal(0);
        expect(engine.list("node")).to.deep.equal(["fake-control-plane"]);
        expect(remove(replacement).status).to.equal(0);
        expect(engine.list("node").concat(engine.list("volume"))).to.deep.equal([]);
      }
    });

    it("does not touch another stack's cluster", () => {
      create(OTHER);
      expect(remove().status).to.equal(0);
      expect(engine.list("node")).to.deep.equal(["fake-control-plane"]);
    });
  });

  describe("incarnation", () => {
    it("is the first before a cluster exists", () => expect(incarnation()).to.equal("1"));

    it("stays the same while the cluster exists", () => {
      created();
      expect(incarnation()).to.equal("1");
    });

    it("is the next when the cluster is gone, and stays so once it is created", () => {
      created();
      engine.remove("node/fake-control-plane");
      expect(incarnation()).to.equal("2");
      create({ INCARNATION: "2" });
      expect(incarnation()).to.equal("2");
    });

    it("is the next when somebody rebuilt the cluster", () => {
      created();
      engine.remove("node/fake-control-plane");
      engine.write("node/fake-control-plane/etc");
      expect(incarnation()).to.equal("2");
    });

    it("is the first again after a delete", () => {
      create({ INCARNATION: "5" });
      remove({ INCARNATION: "5" });
      expect(incarnation()).to.equal("1");
    });

    it("stays the same when the volume of an existing cluster was pruned", () => {
      create({ INCARNATION: "3" });
      engine.remove("volume/usmesh.kind.fake");
      expect(incarnation()).to.equal("3");
    });

    it("is the first where Docker does not answer or is missing: a preview needs none", () => {
      engine.write("docker-down");
      expect(incarnation()).to.equal("1");
      engine.remove("bin/docker");
      expect(incarnation({ PATH: `${engine.folder}/bin` })).to.equal("1");
    });

    it("is the first for a cluster of another stack: create reports the conflict", () => {
      create(OTHER);
      expect(incarnation()).to.equal("1");
    });

    it("changes nothing", () => {
      created();
      const before = engine.changes();
      incarnation();
      expect(engine.changes()).to.deep.equal(before);
    });
  });

  describe("labels", () => {
    it("sets region and zone on every node of the cluster, whatever they were before", () => {
      created();
      const { status } = engine.run("kind-labels.sh", { REGION: "westus", ZONE: "1" });
      expect(status).to.equal(0);
      expect(engine.read("log")).to.contain(
        "exec fake-control-plane kubectl --kubeconfig /etc/kubernetes/admin.conf label nodes --all --overwrite topology.kubernetes.io/region=westus topology.kubernetes.io/zone=1",
      );
    });
  });
});
