import { expect } from "chai";
import { FakeEngine } from "../support/fake-engine";

describe("the script of the Docker network", function () {
  this.timeout(60_000);
  let engine: FakeEngine;

  beforeEach(() => (engine = new FakeEngine()));
  afterEach(() => engine.remove());

  it("has the same subnet each time where it is free, else what Docker chooses", () => {
    expect(engine.run("network-create.sh").stdout).to.equal("172.18.0.0/16\n");
    engine.write("taken");
    const { status, stdout, stderr } = engine.run("network-create.sh", { DOCKER_NETWORK: "second" });
    expect([status, stdout, stderr]).to.deep.equal([0, "172.25.0.0/16\n", ""]);
  });

  it("is created with the configured subnet, and reports its real one", () => {
    expect(engine.run("network-create.sh", { DOCKER_NETWORK: "mine", DOCKER_SUBNET: "172.30.0.0/16" }).stdout).to.equal("172.30.0.0/16\n");
  });

  it("is used as it is when another stack created it", () => {
    engine.run("network-create.sh", { DOCKER_SUBNET: "172.30.0.0/16" });
    expect(engine.run("network-create.sh").stdout).to.equal("172.30.0.0/16\n");
    expect(engine.changes()).to.deep.equal(["docker network create"]);
  });

  it("is refused when its subnet is not the configured one", () => {
    engine.run("network-create.sh");
    const { status, stderr } = engine.run("network-create.sh", { DOCKER_SUBNET: "172.30.0.0/16" });
    expect(status).to.equal(1);
    expect(stderr).to.include("the Docker network usmesh is 172.18.0.0/16, not 172.30.0.0/16").and.to.include("usmesh:docker.subnet");
    expect(stderr).to.match(/\nSee docs\/troubleshooting\.md#docker-network-differs\n$/);
  });

  it("is removed by the last stack, and kept while a container uses it, running or not", () => {
    engine.run("network-create.sh");
    engine.write("network-in-use");
    expect(engine.run("network-delete.sh").status).to.equal(0);
    expect(engine.list("network")).to.deep.equal(["usmesh"]);
    engine.remove("network-in-use");
    engine.run("network-delete.sh");
    expect(engine.list("network")).to.deep.equal([]);
  });

  it("is kept when the program did not create it", () => {
    engine.write("network/usmesh", "subnet=172.18.0.0/16\n");
    engine.run("network-delete.sh");
    expect(engine.list("network")).to.deep.equal(["usmesh"]);
  });
});
