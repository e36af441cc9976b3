import { expect } from "chai";
import { waitUntilAdmitted } from "../../../../components/kubernetes/custom-object";
import type { ApiServer } from "../../../../lib/api-server";
import { until } from "../../../support/wait";
import { startFakeApiServer, type FakeApiServer } from "../../support/fake-api-server";

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
    fake.refusals.push(discovery);
    await admitted();
    expect(tries()).to.deep.equal([`${PATH}?fieldManager=usmesh&force=true&dryRun=All`]);
    expect(fake.asked.length).to.equal(3);
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
    fake.refusals.push({ status: 403, message: "forbidden" });
    await admitted();
    expect(fake.asked).to.have.length(1);
  });

  it("is written in the end although the webhook never answers, so that the failure is told", async () => {
    fake.refusals.push(...Array.from({ length: 20 }, () => ({ status: 500, message: "failed calling webhook" })));
    await admitted(1);
    expect(fake.objects.size).to.equal(0);
  });
});
