import { expect } from "chai";
import { gunzipSync } from "node:zlib";
import { ApiServer } from "../../../lib/api-server";
import { HelmStorage, newestRevisions } from "../../../lib/helm-storage";
import { FakeApiServer, storedRelease } from "../support/fake-api-server";

describe("Helm's records in a cluster", () => {
  let fake: FakeApiServer;
  let storage: HelmStorage;

  beforeEach(async () => {
    fake = await FakeApiServer.start();
    storage = new HelmStorage(await ApiServer.of(fake.kubeconfig, 5000));
  });
  afterEach(() => fake.stop());

  it("are returned oldest first, for one release or for all", async () => {
    fake.putRevision("istiod", 10, "pending-upgrade");
    fake.putRevision("istiod", 9, "deployed");
    fake.putRevision("istio-base", 1, "deployed");
    const istiod = await storage.revisions("istio-system", "istiod");
    expect(istiod.map(({ release, revision, status }) => [release, revision, status])).to.deep.equal([
      ["istiod", 9, "deployed"],
      ["istiod", 10, "pending-upgrade"],
    ]);
    expect((await storage.revisions()).map(({ release }) => release).sort()).to.deep.equal(["istio-base", "istiod", "istiod"]);
  });

  it("show the status of a release in its newest revision", async () => {
    fake.putRevision("istiod", 2, "deployed");
    fake.putRevision("istiod", 10, "pending-upgrade");
    fake.putRevision("istio-base", 1, "deployed");
    const newest = newestRevisions(await storage.revisions());
    expect(newest.map(({ release, status }) => `${release} ${status}`).sort()).to.deep.equal(["istio-base deployed", "istiod pending-upgrade"]);
  });

  it("are marked as failed in the label and in the record itself, and keep everything else", async () => {
    const release = { name: "istiod", version: 2, config: { a: 1 }, info: { status: "pending-upgrade", first_deployed: "2026-01-01T00:00:00Z" } };
    fake.putRevision("istiod", 2, "pending-upgrade", { data: storedRelease(release) });
    const [revision] = await storage.revisions("istio-system", "istiod");
    await storage.markFailed(revision!, "interrupted");
    const [secret] = [...fake.objects.values()];
    expect(secret?.metadata.labels).to.include({ owner: "helm", name: "istiod", status: "failed" });
    const { release: text } = secret?.["data"] as { release: string };
    const stored: unknown = JSON.parse(gunzipSync(Buffer.from(Buffer.from(text, "base64").toString(), "base64")).toString());
    expect(stored).to.deep.equal({ ...release, info: { ...release.info, status: "failed", description: "interrupted" } });
  });

  it("are removed one by one, also when they do not exist any more", async () => {
    fake.putRevision("istiod", 1, "superseded");
    fake.putRevision("istiod", 2, "pending-upgrade");
    const [, second] = await storage.revisions("istio-system", "istiod");
    await storage.forget(second!);
    await storage.forget(second!);
    expect([...fake.objects.keys()]).to.deep.equal(["/api/v1/namespaces/istio-system/secrets/sh.helm.release.v1.istiod.v1"]);
  });
});
