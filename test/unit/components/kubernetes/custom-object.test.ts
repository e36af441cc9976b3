import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { customObject, waitUntilAdmitted } from "../../../../components/kubernetes/custom-object";
import type { ApiServer } from "../../../../lib/api-server";
import { until } from "../../../support/wait";
import { startFakeApiServer, type FakeApiServer } from "../../support/fake-api-server";
import { optionsIn } from "../support/pieces";
import { resource } from "../support/queries";
import { runPiece, type World } from "../support/world";

const POOL = { apiVersion: "metallb.io/v1beta1", kind: "IPAddressPool", metadata: { name: "usmesh", namespace: "metallb-system" }, spec: { addresses: [] } };
const PATH = "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/usmesh";
const serve = (fake: FakeApiServer): unknown => fake.kinds.set("/apis/metallb.io/v1beta1", [{ name: "ipaddresspools", kind: "IPAddressPool" }]);

describe("an object of a custom kind", () => {
  let fake: FakeApiServer;
  let server: ApiServer;
  beforeEach(async () => ({ fake, server } = await startFakeApiServer()));
  afterEach(() => fake.stop());
  const admitted = (timeoutMs?: number): Promise<void> => waitUntilAdmitted(server, POOL, timeoutMs, 5);
  const tries = (): string[] => fake.asked.filter(({ method }) => method === "PATCH").map(({ path, query }) => `${path}${query}`);

  it("waits until its webhook answers, and writes nothing meanwhile", async () => {
    serve(fake);
    const discovery = { status: 503, message: "no endpoints available for service metallb-webhook-service, which webhooks need" };
    fake.refusals.push(discovery, { status: 500, message: "failed calling webhook" });
    await admitted();
    expect(tries()).to.deep.equal([`${PATH}?fieldManager=usmesh&force=true&dryRun=All`]);
    expect(fake.asked.length).to.equal(4);
    expect(fake.objects.size).to.equal(0);
  });

  it("waits until its kind is served", async () => {
    const waiting = admitted();
    await until("it to look for its kind again", () => fake.asked.length > 1, { intervalMs: 1 });
    serve(fake);
    await waiting;
    expect(tries()).to.have.length(1);
  });

  it("does not wait for what another answer will not change: the write itself tells it", async () => {
    serve(fake);
    for (const refusal of [{ status: 403, message: "forbidden" }, { status: 400, message: "admission webhook denied the request" }, { status: 500, message: "out of memory" }]) {
      fake.refusals.push(refusal);
      const before = fake.asked.length;
      await admitted();
      expect(fake.asked.length - before, refusal.message).to.equal(1);
    }
    fake.stop();
    const began = Date.now();
    await admitted(5_000);
    expect(Date.now() - began, "a server that is not there").to.be.lessThan(5_000);
  });

  it("is written in the end although the webhook never answers, so that the failure is told", async () => {
    fake.refusals.push(...Array.from({ length: 20 }, () => ({ status: 500, message: "failed calling webhook" })));
    await admitted(1);
    expect(fake.objects.size).to.equal(0);
  });

  describe("of the program", () => {
    const URN = "urn:pulumi:test::usmesh::kubernetes:metallb.io/v1beta1:IPAddressPool::pool";
    const register = (opts: () => pulumi.CustomResourceOptions = () => ({}), recorded: readonly string[] = []): Promise<World> =>
      runPiece(() => customObject("pool", POOL, pulumi.secret(fake.kubeconfig), { provider: optionsIn("west").provider, ...opts() }), { recorded });
    beforeEach(() => serve(fake));

    it("is tried before it is written, and has no secret of the kubeconfig", async () => {
      const world = await register();
      expect(tries()).to.deep.equal([`${PATH}?fieldManager=usmesh&force=true&dryRun=All`]);
      expect(resource(world, "pool").inputs).to.deep.equal(POOL);
    });

    it("is not tried when the state has it: it was written before", async () => {
      await register(undefined, [URN]);
      expect(fake.asked).to.deep.equal([]);
    });

    it("is not tried before what it and its parent depend on is created", async () => {
      let early = 0;
      const istiod = (): local.Command => {
        const before = fake.asked.length;
        return new local.Command("istiod", { create: sleep(50).then(() => ((early += fake.asked.length - before), "")) });
      };
      await register(() => ({ dependsOn: [istiod()] }));
      await register(() => ({ parent: new pulumi.ComponentResource("usmesh:test:Outer", "outer", {}, { dependsOn: istiod() }) }));
      expect([early, tries().length]).to.deep.equal([0, 2]);
    });
  });
});
