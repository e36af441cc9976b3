import { expect } from "chai";
import type { ClusterAccess } from "../../../../airgap/plugins/kubernetes/access";
import { releaseKind } from "../../../../airgap/plugins/kubernetes/release";
import { Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";

const subject = { urn: "urn", name: "n", type: "t", id: "ns/n" };

describe("releases in an unreachable cluster", () => {
  const said: string[] = [];
  const keep = (message: string) => void said.push(message);
  const running = {
    timeoutSeconds: 0,
    signal: new AbortController().signal,
    log: { info: keep, warn: keep, error: keep, status: keep },
  };
  const inputs: Props = { name: "n", namespace: "ns", chart: "c", values: { a: new Secret("s") } };
  const state: Props = { ...inputs, __inputs: new Secret(inputs) };
  const kind = (flags: Partial<ClusterAccess["flags"]> = {}, helmSettings = {}) =>
    releaseKind({ unreachable: "nobody home", flags, helmSettings, namespace: "default" } as unknown as ClusterAccess);
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail("went through"),
      (error: Error) => error.message,
    );
  const read = (flags?: Partial<ClusterAccess["flags"]>) =>
    kind(flags).read({ ...subject, ...running, state, inputs });
  const remove = (flags?: Partial<ClusterAccess["flags"]>) =>
    kind(flags).delete({ ...subject, ...running, state, oldInputs: inputs });

  it("are previewed all the same, with secrets as secrets and what Helm will say as unknown", async () => {
    const { state: preview } = await kind().create({ ...subject, ...running, inputs, preview: true });
    expect(preview).to.deep.include({ status: UNKNOWN, resourceNames: UNKNOWN, values: { a: new Secret("s") } });
    expect(preview["__inputs"]).to.be.instanceOf(Secret);
  });

  it("cannot be made, changed, looked at or deleted; the error says why", async () => {
    const update = { ...subject, ...running, state, oldInputs: inputs, inputs, preview: false, ignoreChanges: [] };
    expect(await failure(kind().create({ ...subject, ...running, inputs, preview: false }))).to.contain("nobody home");
    expect(await failure(kind().update(update))).to.contain("nobody home");
    expect(await failure(read())).to.contain("PULUMI_K8S_DELETE_UNREACHABLE");
    expect(await failure(remove())).to.contain("nobody home");
  });

  it("are forgotten where deleteUnreachable is set, and the user is told", async () => {
    said.length = 0;
    expect(await read({ deleteUnreachable: true })).to.equal(undefined);
    await remove({ deleteUnreachable: true });
    expect(said.join("\n")).to.contain("nobody home").and.contain("forgetting Helm release ns/n");
  });

  it("stay as they are where skipUpdateUnreachable is set", async () => {
    const flags = { skipUpdateUnreachable: true };
    expect(await read(flags)).to.eql({ id: "ns/n", state, inputs });
    const news = { chart: "./no/such/chart" };
    const checked = await kind(flags).check({ ...subject, olds: inputs, news, randomSeed: new Uint8Array(8) });
    expect(checked.inputs).to.eql(inputs);
  });
});

describe("Helm settings of the provider", () => {
  it("are refused by name where they are not done", async () => {
    const access = { helmSettings: { driver: "configmap", pluginsPath: "/p" }, flags: {} } as unknown as ClusterAccess;
    const check = releaseKind(access).check({ ...subject, olds: {}, news: {}, randomSeed: new Uint8Array(8) });
    expect(await check.catch((error: Error) => error.message)).to.contain("does not do helmReleaseSettings.pluginsPath;");
  });
});
