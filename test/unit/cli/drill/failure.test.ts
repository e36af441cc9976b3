import { expect } from "chai";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { failureOf, NotPossibleError, obstacle, type Site } from "../../../../cli/drill/failure";
import { FAILURES, KINDS } from "../../../../cli/drill/kinds";
import { Nodes } from "../../../../cli/drill/nodes";
import type { Finished } from "../../../../lib/process";
import { FakeRunner } from "../up/support/fake-runner";
import { FakeClock } from "./support/fake-clock";
import { drillCluster, type FakeDrillCluster, runningPod } from "./support/fake-kube";

const PODS = "/api/v1/namespaces/usmesh-drill/pods";
const SYSTEM_PODS = "/api/v1/namespaces/istio-system/pods";
const SCALE = "/apis/apps/v1/namespaces/usmesh-drill/deployments/backend/scale";

describe("the failures of a drill", () => {
  let west: FakeDrillCluster;
  let east: FakeDrillCluster;
  let programs: FakeRunner;
  let site: Site;
  const clock = new FakeClock();
  beforeEach(() => {
    [west, east] = [drillCluster("west"), drillCluster("east")];
    west.kube.objects.set(PODS, { items: [runningPod("backend-1", { app: "backend" }), runningPod("backend-0", { app: "backend", ready: false })] });
    west.kube.objects.set(SYSTEM_PODS, { items: [runningPod("istiod-1", { app: "istiod" }), runningPod("istiod-2", { app: "istiod" }), runningPod("gateway", { app: "istio-ingressgateway" })] });
    site = { pair: { from: west, to: east }, nodes: docker(() => undefined), clock };
  });

  function docker(answer: (line: string) => Partial<Finished> | undefined): Nodes {
    programs = new FakeRunner((line) => answer(line) ?? (line.includes("kind.cluster=east ") ? { stdout: "east-control-plane" } : line.includes(" inspect ") ? { stdout: "true" } : undefined));
    return new Nodes({}, { owe: () => undefined, paid: () => undefined }, programs);
  }
  const onNodes = (): string[] => programs.calls.filter((line) => !/ (ls|inspect) /.test(line)).map((line) => line.replace(/ sh -c .*(STOP|CONT) .*/s, " $1"));

  it("touch nothing in the other cluster when it is the client's backend that fails", async () => {
    for (const name of FAILURES.filter((one) => !KINDS[one].kindOnly && one !== "errors")) {
      const failure = failureOf(name, site);
      await failure.make();
      await failure.repair();
    }
    expect([east.kube.asked, programs.calls]).to.deep.equal([[], []]);
  });

  it("errors: tells the backend that runs to answer with 500, and then no longer to", async () => {
    const told: string[] = [];
    const admin = http.createServer((request, response) => {
      told.push(`${request.method} ${request.url}`);
      response.end("OK\n");
    });
    await new Promise<void>((resolve) => admin.listen(0, "127.0.0.1", resolve));
    west.kube.localPort = (admin.address() as AddressInfo).port;
    try {
      const failure = failureOf("errors", site);
      await failure.make();
      await failure.repair();
    } finally {
      admin.close();
      admin.closeAllConnections();
    }
    expect(told).to.deep.equal(["POST /runtime_modify?drill.errors=100", "POST /runtime_modify?drill.errors=0"]);
    expect(west.kube.asked).to.deep.equal(["FORWARD backend-1:9901", "FORWARD backend-1:9901"]);
  });

  it("no-replica: scales the backend to zero and back", async () => {
    const failure = failureOf("no-replica", site);
    await failure.make();
    await failure.repair();
    expect(west.kube.bodies.get(SCALE)).to.deep.equal([{ spec: { replicas: 0 } }, { spec: { replicas: 1 } }]);
  });

  it("frozen-pod: stops the backend's own process and lets it continue", async () => {
    const failure = failureOf("frozen-pod", site);
    await failure.make();
    await failure.repair();
    expect(west.kube.asked).to.deep.equal(["STOP", "CONT"].map((signal) => `EXEC backend-1/backend sh -c kill -${signal} -1`));
  });

  it("frozen-pod: is not possible where the image has no shell", async () => {
    west.kube.command = { code: -1, stdout: "", stderr: "" };
    const error: unknown = await failureOf("frozen-pod", site).make().then(() => undefined, (e: unknown) => e);
    expect(error).to.be.instanceOf(NotPossibleError).and.have.property("message").that.contains("the proxy's image has no shell");
  });

  for (const name of ["errors", "frozen-pod"] as const) {
    it(`${name}: is not made where the backend does not run: nothing would fail`, async () => {
      west.kube.objects.set(PODS, { items: [] });
      const error = await failureOf(name, site).make().then(() => undefined, (e: Error) => e);
      expect(error?.message).to.equal("the drill's backend does not run");
      await failureOf(name, site).repair();
    });
  }

  it("paused-node: pauses the other cluster's nodes", async () => {
    const failure = failureOf("paused-node", site);
    await failure.make();
    await failure.repair();
    expect(onNodes()).to.deep.equal(["docker container pause east-control-plane", "docker container unpause east-control-plane"]);
  });

  it("frozen-api-server: stops the other cluster's API server", async () => {
    const failure = failureOf("frozen-api-server", site);
    await failure.make();
    await failure.repair();
    expect(onNodes()).to.deep.equal(["STOP", "CONT"].map((signal) => `docker container exec east-control-plane ${signal}`));
    expect(west.kube.asked).to.deep.equal([]);
  });

  it("istiod-restart: ends every istiod of the client's cluster, and no other pod, while the other API server is stopped", async () => {
    const failure = failureOf("istiod-restart", site);
    await failure.make();
    expect(onNodes()).to.deep.equal(["docker container exec east-control-plane STOP"]);
    expect(west.kube.asked).to.deep.equal([`DELETE ${SYSTEM_PODS}/istiod-1`, `DELETE ${SYSTEM_PODS}/istiod-2`]);
    await failure.repair();
    expect(onNodes().slice(1)).to.deep.equal(["docker container exec east-control-plane CONT"]);
  });

  it("istiod-restart: is repaired once istiod is ready, without which no pod can be created", async () => {
    const failure = failureOf("istiod-restart", site);
    await failure.make();
    west.kube.objects.set(SYSTEM_PODS, { items: [runningPod("istiod-3", { app: "istiod", ready: false })] });
    const before = clock.now();
    clock.at(before + 7000, () => west.kube.objects.set(SYSTEM_PODS, { items: [runningPod("istiod-3", { app: "istiod" })] }));
    await failure.repair();
    expect(clock.now() - before).to.be.within(7000, 8000);
  });

  it("istiod-restart: the API server continues also when istiod could not be ended", async () => {
    west.kube.errors.set(`GET ${SYSTEM_PODS}`, new Error("no answer"));
    const failure = failureOf("istiod-restart", site);
    await failure.make().catch(() => undefined);
    await failure.repair();
    expect(onNodes().pop()).to.equal("docker container exec east-control-plane CONT");
  });

  for (const [what, answer] of [["has no node of the cluster", { stdout: "" }], ["does not answer", { code: 1 }]] as const) {
    it(`of whole clusters are not possible where the Docker engine ${what}`, async () => {
      site = { ...site, nodes: docker((line) => (line.includes(" ls ") ? answer : undefined)) };
      for (const name of FAILURES.filter((one) => KINDS[one].kindOnly)) {
        expect(await failureOf(name, site).make().then(() => undefined, (e: unknown) => e), name).to.be.instanceOf(NotPossibleError);
      }
      expect(onNodes()).to.deep.equal([]);
    });
  }

  it("repair nothing when they were not made", async () => {
    await failureOf("paused-node", site).repair();
    expect(programs.calls).to.deep.equal([]);
  });
});

describe("a failure of a whole cluster", () => {
  const whole = FAILURES.filter((name) => KINDS[name].kindOnly);

  it("is one of three", () => expect(whole).to.deep.equal(["paused-node", "frozen-api-server", "istiod-restart"]));

  it("is made in kind clusters alone", () => {
    const pair = { from: drillCluster("west"), to: drillCluster("east", null) };
    for (const name of FAILURES) expect(obstacle(name, pair) !== undefined, name).to.equal(whole.includes(name));
    expect(obstacle("paused-node", pair)).to.contain("east is not a kind cluster");
  });

  it("does not restart the istiod of a cluster that is not kind's", () => {
    const pair = { from: drillCluster("west", null), to: drillCluster("east") };
    expect(whole.filter((name) => obstacle(name, pair) !== undefined)).to.deep.equal(["istiod-restart"]);
  });

  it("is made where both are kind's", () => {
    const pair = { from: drillCluster("west"), to: drillCluster("east") };
    expect(FAILURES.filter((name) => obstacle(name, pair) !== undefined)).to.deep.equal([]);
  });
});
