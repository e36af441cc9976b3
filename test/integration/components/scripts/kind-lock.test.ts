import { expect } from "chai";
import { once } from "node:events";
import { chmodSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../../support/wait";
import { FakeEngine } from "../support/fake-engine";

const CONFIG = "kind: Cluster\n";

describe("the lock of a kind cluster", function () {
  this.timeout(60_000);
  let engine: FakeEngine;
  beforeEach(() => (engine = new FakeEngine()));
  afterEach(() => engine.remove());

  const create = () => engine.run("kind-create.sh", {}, CONFIG);

  it("waits for an earlier run that is still working, and uses the cluster that it created", async () => {
    engine.write("kind-takes-time");
    const before = engine.start("kind-create.sh", CONFIG);
    await until("kind to be at work", () => engine.read("config"), { intervalMs: 10 });
    expect(create().status).to.equal(0);
    expect(engine.changes().filter((change) => change.startsWith("kind"))).to.deep.equal(["kind create cluster"]);
    expect(before.killed).to.equal(false);
  });

  it("waits for a kind process that a killed run left behind, and recreates what it did not finish", async () => {
    engine.write("kind-takes-time");
    const before = engine.start("kind-create.sh", CONFIG);
    await until("kind to be at work", () => engine.read("config"), { intervalMs: 10 });
    before.kill("SIGKILL");
    await once(before, "exit");
    expect(create().status).to.equal(0);
    expect(engine.changes().filter((change) => change.startsWith("kind"))).to.deep.equal([
      "kind create cluster",
      "kind delete cluster",
      "kind create cluster",
    ]);
  });

  it("takes over the lock of a process that has ended", () => {
    engine.write("home/kind/fake.lock", "1\n");
    expect(create().status).to.equal(0);
  });

  it("lets only one of several runs at a time create the cluster, also after one that was killed", async () => {
    engine.write("kind-takes-time");
    engine.write("home/kind/fake.lock", "1\n");
    const runs = [1, 2, 3].map(() => engine.start("kind-create.sh", CONFIG));
    await Promise.all(runs.map((run) => once(run, "exit")));
    expect(runs.map(({ exitCode }) => exitCode)).to.deep.equal([0, 0, 0]);
    expect(engine.changes().filter((change) => change.startsWith("kind"))).to.deep.equal(["kind create cluster"]);
  });

  it("locks in the same way where there is only Perl's flock", async () => {
    engine.withoutFlock();
    engine.write("kind-takes-time");
    const before = engine.start("kind-create.sh", CONFIG);
    await until("kind to be at work", () => engine.read("config"), { intervalMs: 10 });
    expect(create().status).to.equal(0);
    expect(engine.changes().filter((change) => change.startsWith("kind"))).to.deep.equal(["kind create cluster"]);
    if (before.exitCode === null) await once(before, "exit");
  });

  it("keeps lock and kubeconfig in a folder that only this user can enter, whatever it was before", () => {
    engine.write("home/kind/other.lock");
    chmodSync(join(engine.folder, "home", "kind"), 0o777);
    expect(create().status).to.equal(0);
    expect(statSync(join(engine.folder, "home", "kind")).mode & 0o777).to.equal(0o700);
  });

  it("refuses a folder that somebody could have put in the place of its own", () => {
    mkdirSync(join(engine.folder, "home"));
    symlinkSync(engine.temporary, join(engine.folder, "home", "kind"));
    const { status, stderr } = create();
    expect(status).to.equal(1);
    expect(stderr).to.include("is not a folder of this user");
    expect(engine.changes()).to.deep.equal([]);
  });
});
