import { expect } from "chai";
import { gzipSync } from "node:zlib";
import { recover } from "../../../../components/charts/release-recovery";
import type { ApiServer } from "../../../../lib/api-server";
import { startFakeApiServer, type FakeApiServer } from "../../support/fake-api-server";

const VALUES = { global: { meshID: "usmesh", network: "west-network" }, meshConfig: { metrics: [] } };
const WANTED = { resource: "west-istio-istiod", release: "istiod", namespace: "istio-system", chart: "/charts/istiod", values: VALUES };

function stored(chart: string, config: unknown): string {
  return Buffer.from(gzipSync(JSON.stringify({ chart: { metadata: { name: chart } }, config })).toString("base64")).toString("base64");
}
/** As the provider hands values on: what is empty is dropped. */
const OURS = stored("istiod", { global: VALUES.global });

describe("a Helm release that a killed run left", () => {
  let fake: FakeApiServer;
  let server: ApiServer;
  beforeEach(async () => ({ fake, server } = await startFakeApiServer()));
  afterEach(() => fake.stop());
  const revisions = (): string[] => [...fake.objects.keys()];
  const failure = (recorded: boolean): Promise<unknown> => recover(server, WANTED, recorded).then(() => undefined, (error: Error) => error.message);

  for (const status of ["pending-install", "failed", "deployed"]) {
    it(`is forgotten when it is ${status}, made of what is wanted, and not in the state`, async () => {
      fake.putRevision("istiod", 1, status, { data: OURS });
      await recover(server, WANTED, false);
      expect(revisions()).to.deep.equal([]);
    });
  }

  for (const [what, data] of [
    ["other values", stored("istiod", { global: { meshID: "another" } })],
    ["another chart", stored("istiod-remote", { global: VALUES.global })],
  ] as const) {
    it(`is left alone when it is made of ${what}, and the message says what to do`, async () => {
      fake.putRevision("istiod", 1, "pending-install", { data });
      expect(await failure(false)).to.include("helm uninstall istiod --namespace istio-system").and.to.include("./mesh up");
      expect(revisions()).to.have.length(1);
    });
  }

  it("is forgotten, too, when the state has one of that name in the cluster that this one replaces", async () => {
    fake.putRevision("istiod", 1, "pending-install", { data: OURS });
    await recover(server, WANTED, true);
    expect(revisions()).to.deep.equal([]);
  });

  for (const status of ["pending-upgrade", "pending-rollback", "uninstalling"]) {
    it(`ends the run with the command that continues when the state has it and it is ${status}`, async () => {
      fake.putRevision("istiod", 1, "superseded", { data: OURS });
      fake.putRevision("istiod", 2, status, { data: OURS });
      expect(await failure(true)).to.include(`istiod in namespace istio-system is ${status}`).and.to.include("./mesh up");
      expect(revisions()).to.have.length(2);
    });
  }

  it("is only looked at, and not read, when all is in order", async () => {
    fake.putRevision("istiod", 1, "superseded");
    fake.putRevision("istiod", 2, "deployed");
    await recover(server, WANTED, true);
    expect(fake.asked.map(({ method, path }) => `${method} ${path}`)).to.deep.equal(["GET /api/v1/namespaces/istio-system/secrets"]);
  });

  it("is no matter when there is none", async () => {
    await recover(server, WANTED, false);
    expect(fake.asked).to.have.length(1);
  });
});
