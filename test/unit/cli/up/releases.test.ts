import { expect } from "chai";
import { gzipSync } from "node:zlib";
import type { Deployment, StateResource } from "../../../../cli/lib/pulumi";
import { unrecordedObjects, withResources } from "../../../../cli/up/adopt";
import { repairReleases } from "../../../../cli/up/releases";
import { unreachableServers } from "../../../../cli/up/unreachable";
import { FakeApiServer } from "../../support/fake-api-server";

const PROVIDER = "urn:pulumi:west::usmesh::pulumi:providers:kubernetes::west-provider";
const VALUES = { global: { meshID: "usmesh" } };

function stored(config: unknown): string {
  return Buffer.from(gzipSync(JSON.stringify({ info: {}, chart: { metadata: { name: "istiod" } }, config })).toString("base64")).toString("base64");
}

function release(extra: Partial<StateResource> = {}): StateResource {
  const inputs = { name: "istiod", namespace: "istio-system", chart: "/charts/istiod", values: VALUES };
  return { urn: "urn:istiod", type: "kubernetes:helm.sh/v3:Release", provider: `${PROVIDER}::1`, inputs, ...extra };
}

const MAP: StateResource = {
  urn: "urn:map",
  type: "kubernetes:core/v1:ConfigMap",
  provider: `${PROVIDER}::1`,
  inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map", namespace: "istio-system" } },
};

describe("the releases of a run that was killed", () => {
  let fake: FakeApiServer;
  beforeEach(async () => (fake = await FakeApiServer.start()));
  afterEach(() => fake.stop());

  /** A state whose provider has its kubeconfig as Pulumi exports a secret. */
  function state(resources: StateResource[], creating: StateResource[] = []): Deployment {
    const kubeconfig = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(fake.kubeconfig) };
    const provider: StateResource = { urn: PROVIDER, id: "1", type: "pulumi:providers:kubernetes", inputs: { kubeconfig } };
    return { resources: [provider, ...resources], pending_operations: creating.map((resource) => ({ type: "creating", resource })) };
  }
  const none = { unfinished: [], gone: [], forgotten: [] };

  for (const status of ["pending-upgrade", "pending-rollback", "uninstalling"]) {
    it(`are marked as failed when they are recorded and ${status}`, async () => {
      fake.putRevision("istiod", 2, status, { data: stored(VALUES) });
      expect(await repairReleases(state([release()]))).to.deep.equal({ ...none, unfinished: ["urn:istiod"] });
      expect([...fake.objects.values()][0]?.metadata.labels).to.include({ status: "failed" });
    });
  }

  it("are told to be gone when they are recorded and Helm has none", async () => {
    expect(await repairReleases(state([release()]))).to.deep.equal({ ...none, gone: ["urn:istiod"] });
  });

  it("are forgotten when they were being installed", async () => {
    fake.putRevision("istiod", 1, "pending-install", { data: stored(VALUES) });
    expect(await repairReleases(state([], [release()]))).to.deep.equal({ ...none, forgotten: ["istiod"] });
    expect(fake.objects.size).to.equal(0);
  });

  it("are left alone when Helm made them of something else than the state says", async () => {
    fake.putRevision("istiod", 1, "pending-install", { data: stored({ global: { meshID: "another" } }) });
    expect(await repairReleases(state([], [release()]))).to.deep.equal(none);
    expect(await unrecordedObjects(state([], [release()]))).to.deep.equal([]);
    expect(fake.objects.size).to.equal(1);
  });

  it("are left alone when they are in order, also when Pulumi still notes their creation", async () => {
    fake.putRevision("istiod", 1, "deployed", { data: stored(VALUES) });
    expect(await repairReleases(state([release()], [release()]))).to.deep.equal(none);
    expect(await unrecordedObjects(state([release()], [release()]))).to.deep.equal([]);
    expect(fake.objects.size).to.equal(1);
  });

  it("are left alone when nothing says that this stack was at work on them", async () => {
    fake.putRevision("istiod", 1, "pending-install", { data: stored(VALUES) });
    expect(await repairReleases(state([]))).to.deep.equal(none);
    expect(fake.objects.size).to.equal(1);
  });

  it("are left out when their cluster does not answer", async () => {
    const deployment = state([release()]);
    fake.stop();
    expect(await repairReleases(deployment)).to.deep.equal(none);
  });

  describe("in a cluster that does not answer", () => {
    it("are forgotten: the server is told, one that refuses is none, and kind clusters do not count", async () => {
      const deployment = state([]);
      expect(await unreachableServers(deployment)).to.deep.equal([]);
      fake.refusals.push({ status: 401, message: "Unauthorized" });
      expect(await unreachableServers(deployment)).to.deep.equal([]);
      fake.stop();
      expect(await unreachableServers(deployment)).to.have.length(1);
      const kind = { resources: (deployment.resources ?? []).map((resource) => ({ ...resource, deletedWith: "urn:kind" })) };
      expect(await unreachableServers(kind)).to.deep.equal([]);
    });
  });

  describe("before everything is taken away", () => {
    it("are found where they are there and not recorded, and so are objects", async () => {
      fake.putRevision("istiod", 1, "pending-install", { data: stored(VALUES) });
      fake.objects.set("/api/v1/namespaces/istio-system/configmaps/map", { metadata: { name: "map" } });
      expect(await unrecordedObjects(state([], [release(), MAP]))).to.deep.equal([
        { urn: "urn:istiod", id: "istio-system/istiod" },
        { urn: "urn:map", id: "istio-system/map" },
      ]);
    });

    it("are not looked for where they were never made, or go with their cluster", async () => {
      expect(await unrecordedObjects(state([], [release(), MAP]))).to.deep.equal([]);
      fake.objects.set("/api/v1/namespaces/istio-system/configmaps/map", { metadata: { name: "map" } });
      expect(await unrecordedObjects(state([], [{ ...MAP, deletedWith: "urn:kind" }]))).to.deep.equal([]);
    });

    it("are recorded last, with their id and what they were made of", () => {
      const text = JSON.stringify({ version: 3, deployment: { resources: [{ urn: "urn:first" }], pending_operations: [{ type: "creating", resource: MAP }] } });
      const { deployment } = JSON.parse(withResources(text, [{ urn: "urn:map", id: "istio-system/map" }])) as { deployment: { resources: unknown[] } };
      expect(deployment.resources).to.deep.equal([{ urn: "urn:first" }, { ...MAP, id: "istio-system/map", outputs: MAP.inputs }]);
    });
  });
});
