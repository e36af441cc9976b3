import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { recover, recoverRelease } from "../../../../components/charts/release-recovery";
import type { ApiServer } from "../../../../lib/api-server";
import { startFakeApiServer, storedRelease, type FakeApiServer } from "../../support/fake-api-server";
import { kubeconfigOf } from "../support/answers";
import { runPiece } from "../support/world";

const VALUES = { global: { meshID: "usmesh", network: "west-network" }, meshConfig: { metrics: [] } };
const WANTED = { resource: "west-istio-istiod", release: "istiod", namespace: "istio-system", chart: "/charts/istiod", values: VALUES };

const stored = (chart: string, config: unknown): string => storedRelease({ chart: { metadata: { name: chart } }, config });
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

  it("is not taken for a first install when it is to replace an earlier one of the state", async () => {
    fake.putRevision("istiod", 2, "pending-install", { data: OURS });
    expect(await failure(true)).to.include("istiod in namespace istio-system is pending-install");
    expect(revisions()).to.have.length(1);
  });

  for (const [count, older] of [["one revision", []], ["two revisions", [1]]] as const) {
    it(`is only looked at, and not read, when all is in order, with ${count}`, async () => {
      for (const revision of older) fake.putRevision("istiod", revision, "superseded");
      fake.putRevision("istiod", older.length + 1, "deployed");
      await recover(server, WANTED, true);
      expect(fake.asked.map(({ method, path }) => `${method} ${path}`)).to.deep.equal(["GET /api/v1/namespaces/istio-system/secrets"]);
    });
  }

  it("is no matter when there is none", async () => {
    await recover(server, WANTED, false);
    expect(fake.asked).to.have.length(1);
  });

  describe("in a run of the program", () => {
    const RECORDED = [`urn:pulumi:test::usmesh::usmesh:index:IstioPrimary$kubernetes:helm.sh/v3:Release::${WANTED.resource}`];
    const run = (kubeconfig: string, recorded: readonly string[] = []): Promise<unknown> =>
      runPiece(() => recoverRelease(kubeconfig, WANTED), { recorded }).then(() => undefined, (thrown: unknown) => thrown);

    it("is forgotten when the state does not have it", async () => {
      fake.putRevision("istiod", 1, "failed", { data: OURS });
      expect(await run(fake.kubeconfig)).to.equal(undefined);
      expect(revisions()).to.deep.equal([]);
    });

    it("is left to Helm when the state has it", async () => {
      fake.putRevision("istiod", 1, "failed", { data: OURS });
      expect(await run(fake.kubeconfig, RECORDED)).to.equal(undefined);
      expect(revisions()).to.have.length(1);
    });

    it("ends the run with what to do, and without a stack trace", async () => {
      fake.putRevision("istiod", 1, "pending-upgrade", { data: OURS });
      const error = await run(fake.kubeconfig, RECORDED);
      expect(error).to.be.instanceOf(pulumi.RunError).with.property("message").that.includes("Continue with: ./mesh up test");
      expect(error).to.have.property("stack", undefined);
    });

    it("ends the run with what the API server says when it refuses to tell", async () => {
      fake.refusals.push({ status: 403, message: "secrets is forbidden" });
      expect(await run(fake.kubeconfig)).to.be.instanceOf(pulumi.RunError).with.property("message").that.includes("secrets is forbidden");
    });

    it("does not fail while the API server does not answer: every resource tells that", async () => {
      expect(await run(kubeconfigOf("west"))).to.equal(undefined);
    });
  });
});
