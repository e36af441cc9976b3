import { expect } from "chai";
import { once } from "node:events";
import { FakeEngine } from "./support/fake-engine";

const CONFIG = "kind: Cluster\n";
const OTHER = { OWNER: "organization/usmesh/other" };

describe("the scripts behind kind clusters and their network", function () {
  this.timeout(60_000);
  let engine: FakeEngine;
  beforeEach(() => (engine = new FakeEngine()));
  afterEach(() => engine.remove());

  const create = (environment = {}) => engine.run("kind-create.sh", environment, CONFIG);
  const remove = (environment = {}) => engine.run("kind-delete.sh", environment, CONFIG);
  const incarnation = (environment = {}) => engine.run("kind-incarnation.sh", environment).stdout.trim();

  describe("create", () => {
    it("makes the cluster and writes nothing but its kubeconfig", () => {
      const { status, stdout } = create();
      expect(status).to.equal(0);
      expect(stdout).to.equal("kubeconfig of fake\n");
      expect(engine.read("config")).to.equal(CONFIG);
      expect(engine.read("network/usmesh")).to.include("172.18.0.0/16");
    });

    it("never lets the administrator's key reach a disk, nor the kubeconfig of whoever runs it", () => {
      create();
      expect(engine.read("log")).to.match(/KUBECONFIG=\S+\/usmesh-kind-fake -> \/dev\/null/);
      expect(engine.list("tmp")).to.deep.equal([]);
    });

    it("run again, finds its own cluster and makes none", () => {
      create();
      const { status, stdout } = create();
      expect(status).to.equal(0);
      expect(stdout).to.equal("kubeconfig of fake\n");
      expect(engine.changes().filter((change) => change === "kind create cluster")).to.have.length(1);
    });

    it("makes what a killed run left half made anew", () => {
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

    it("makes a cluster anew that is another incarnation", () => {
      create();
      expect(create({ INCARNATION: "2" }).status).to.equal(0);
      expect(engine.changes().filter((change) => change === "kind delete cluster")).to.have.length(1);
    });

    it("makes a cluster anew that was made with another image", () => {
      create();
      expect(create({ KIND_IMAGE: "node:2" }).status).to.equal(0);
      expect(engine.changes()).to.include("kind delete cluster");
    });

    it("leaves a cluster alone that nobody knows", () => {
      engine.write("node/fake-control-plane/etc", "");
      const { status, stderr } = create();
      expect(status).to.equal(1);
      expect(stderr).to.include("a kind cluster fake is there already, and nobody we know made it");
      expect(stderr).to.include("kind delete cluster --name fake").and.to.include("usmesh:clusters.<key>.kindName");
      expect(engine.changes()).to.deep.equal([]);
    });

    it("leaves another stack's cluster alone", () => {
      create(OTHER);
      const { status, stderr } = create();
      expect(status).to.equal(1);
      expect(stderr).to.include("stack organization/usmesh/other made it");
    });

    it("says so when Docker does not answer", () => {
      engine.write("docker-down");
      const { status, stderr } = create();
      expect(status).not.to.equal(0);
      expect(stderr).to.include("Cannot connect to the Docker daemon").and.to.include("Docker does not answer");
      expect(engine.list("tmp")).to.deep.equal([]);
    });

    it("waits for a run before that is still at work, and takes the cluster that it made", async () => {
      engine.write("kind-takes-time");
      const before = engine.start("kind-create.sh", CONFIG);
      while (engine.read("config") === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(create().status).to.equal(0);
      expect(engine.changes().filter((change) => change.startsWith("kind"))).to.deep.equal(["kind create cluster"]);
      expect(before.killed).to.equal(false);
    });

    it("waits for a kind that a killed run left behind, and makes what nobody finished anew", async () => {
      engine.write("kind-takes-time");
      const before = engine.start("kind-create.sh", CONFIG);
      while (engine.read("config") === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      before.kill("SIGKILL");
      await once(before, "exit");
      expect(create().status).to.equal(0);
      expect(engine.changes().filter((change) => change.startsWith("kind"))).to.deep.equal([
        "kind create cluster",
        "kind delete cluster",
        "kind create cluster",
      ]);
    });

    it("takes over the lock of a process that is gone", () => {
      expect(engine.run("../../test/unit/components/support/stale-lock.sh").status).to.equal(0);
      expect(create().status).to.equal(0);
    });
  });

  describe("delete", () => {
    it("takes the cluster and what marked it", () => {
      create();
      expect(remove().status).to.equal(0);
      expect(engine.list("node")).to.deep.equal([]);
      expect(engine.list("volume")).to.deep.equal([]);
      expect(engine.list("tmp")).to.deep.equal([]);
    });

    it("ends well when the cluster is gone already", () => {
      create();
      engine.remove("node/fake-control-plane");
      expect(remove().status).to.equal(0);
      expect(engine.list("volume")).to.deep.equal([]);
    });

    it("fails when Docker does not answer: the cluster may well be there", () => {
      create();
      engine.write("docker-down");
      expect(remove().status).to.equal(1);
    });

    it("takes a half-made cluster", () => {
      engine.write("kind-dies");
      create();
      expect(remove().status).to.equal(0);
      expect(engine.list("node")).to.deep.equal([]);
    });

    it("leaves the replacement alone: another incarnation, image or configuration, half made or whole", () => {
      const replacements = [{ INCARNATION: "2" }, { KIND_IMAGE: "node:2" }, { INCARNATION: "3", KIND_IMAGE: "node:3" }];
      for (const replacement of replacements) {
        create();
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

    it("leaves another stack's cluster alone", () => {
      create(OTHER);
      expect(remove().status).to.equal(0);
      expect(engine.list("node")).to.deep.equal(["fake-control-plane"]);
    });
  });

  describe("incarnation", () => {
    it("is the first before there is a cluster", () => expect(incarnation()).to.equal("1"));

    it("stays the same while the cluster stands", () => {
      create();
      expect(incarnation()).to.equal("1");
    });

    it("is the next when the cluster is gone, and stays that once it is made", () => {
      create();
      engine.remove("node/fake-control-plane");
      expect(incarnation()).to.equal("2");
      create({ INCARNATION: "2" });
      expect(incarnation()).to.equal("2");
    });

    it("is the next when somebody rebuilt the cluster", () => {
      create();
      engine.remove("node/fake-control-plane");
      engine.write("node/fake-control-plane/etc");
      expect(incarnation()).to.equal("2");
    });

    it("is the first again after a delete", () => {
      create({ INCARNATION: "5" });
      remove({ INCARNATION: "5" });
      expect(incarnation()).to.equal("1");
    });

    it("stays the same when the volume was pruned away under a standing cluster", () => {
      create({ INCARNATION: "3" });
      engine.remove("volume/usmesh.kind.fake");
      expect(incarnation()).to.equal("3");
    });

    it("is the first where Docker does not answer or is not there: a preview needs none", () => {
      engine.write("docker-down");
      expect(incarnation()).to.equal("1");
      engine.remove("bin/docker");
      expect(incarnation({ PATH: `${engine.folder}/bin` })).to.equal("1");
    });

    it("is the first for a cluster of another stack: create says why it cannot be", () => {
      create(OTHER);
      expect(incarnation()).to.equal("1");
    });

    it("changes nothing", () => {
      create();
      const before = engine.changes();
      incarnation();
      expect(engine.changes()).to.deep.equal(before);
    });
  });

  describe("the network", () => {
    it("is the same each time where nobody else has it, and else what Docker chooses", () => {
      expect(engine.run("network-create.sh").stdout).to.equal("172.18.0.0/16\n");
      engine.write("taken");
      const { status, stdout, stderr } = engine.run("network-create.sh", { DOCKER_NETWORK: "second" });
      expect([status, stdout, stderr]).to.deep.equal([0, "172.25.0.0/16\n", ""]);
    });

    it("is made with the subnet that is set, and told by its real one", () => {
      expect(engine.run("network-create.sh", { DOCKER_NETWORK: "mine", DOCKER_SUBNET: "172.30.0.0/16" }).stdout).to.equal("172.30.0.0/16\n");
    });

    it("is used as it is when another stack made it", () => {
      engine.run("network-create.sh", { DOCKER_SUBNET: "172.30.0.0/16" });
      expect(engine.run("network-create.sh").stdout).to.equal("172.30.0.0/16\n");
      expect(engine.changes()).to.deep.equal(["docker network create"]);
    });

    it("is refused when it has another subnet than the one that is set", () => {
      engine.run("network-create.sh");
      const { status, stderr } = engine.run("network-create.sh", { DOCKER_SUBNET: "172.30.0.0/16" });
      expect(status).to.equal(1);
      expect(stderr).to.include("the Docker network usmesh is 172.18.0.0/16, not 172.30.0.0/16").and.to.include("usmesh:docker.subnet");
    });

    it("goes with whoever leaves last, and stays while somebody is on it, running or not", () => {
      engine.run("network-create.sh");
      engine.write("network-in-use");
      expect(engine.run("network-delete.sh").status).to.equal(0);
      expect(engine.list("network")).to.deep.equal(["usmesh"]);
      engine.remove("network-in-use");
      engine.run("network-delete.sh");
      expect(engine.list("network")).to.deep.equal([]);
    });

    it("stays when we did not make it", () => {
      engine.write("network/usmesh", "subnet=172.18.0.0/16\n");
      engine.run("network-delete.sh");
      expect(engine.list("network")).to.deep.equal(["usmesh"]);
    });
  });

  describe("labels", () => {
    it("names the place of every node of the cluster, whatever it was before", () => {
      create();
      const { status } = engine.run("kind-labels.sh", { REGION: "westus", ZONE: "1" });
      expect(status).to.equal(0);
      expect(engine.read("log")).to.contain(
        "exec fake-control-plane kubectl --kubeconfig /etc/kubernetes/admin.conf label nodes --all --overwrite topology.kubernetes.io/region=westus topology.kubernetes.io/zone=1",
      );
    });
  });
});
