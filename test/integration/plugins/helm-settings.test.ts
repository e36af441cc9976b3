import { expect } from "chai";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterAccess, openAccess } from "../../../airgap/plugins/kubernetes/access";
import { releaseKind } from "../../../airgap/plugins/kubernetes/release";
import { parseSettings } from "../../../airgap/plugins/kubernetes/settings";
import { Asset, type Props } from "../../../airgap/plugins/lib/values";
import { GREETER, Greetings, NAMESPACE } from "../support/greetings";

/** The resource type itself, without an engine: what the single settings do on a real API server. */
describe("settings of a helm release", function () {
  this.timeout(60_000);
  let greetings: Greetings;
  let folder: string;
  const opened: ClusterAccess[] = [];
  const said: string[] = [];

  before(async () => {
    greetings = await Greetings.open();
    folder = await mkdtemp(join(tmpdir(), "usmesh-test-"));
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
    await greetings.server.api.create(namespace, { fieldManager: "test" });
  });
  beforeEach(() => said.splice(0));
  afterEach(() => greetings.end({ purge: true }));
  after(async () => {
    opened.forEach((access) => access.close());
    await rm(folder, { recursive: true });
    await greetings.server.stop();
  });

  const keep = (message: string) => void said.push(message);
  const running = {
    timeoutSeconds: 0,
    signal: new AbortController().signal,
    log: { info: keep, warn: keep, error: keep, status: keep },
  };
  /** One release as the engine would handle it, under a resource of its own. */
  const release = async (name: string, settings: Props = {}) => {
    const access = await openAccess(parseSettings({ kubeconfig: greetings.server.kubeconfig, ...settings }, {}));
    opened.push(access);
    const kind = releaseKind(access);
    const subject = { urn: `urn:pulumi:test::test::release::${name}`, name, type: "kubernetes:helm.sh/v3:Release" };
    let state: Props = {};
    let inputs: Props = {};
    const ask = async (given: Props) => {
      const news = { name, namespace: NAMESPACE, chart: GREETER, timeout: 20, ...given };
      const checked = await kind.check({ ...subject, olds: inputs, news, randomSeed: new Uint8Array(8) });
      if (checked.failures?.length) throw new Error(checked.failures.map(({ reason }) => reason).join());
      return checked.inputs;
    };
    return {
      create: async (given: Props = {}) => {
        inputs = await ask(given);
        ({ state } = await kind.create({ ...subject, ...running, inputs, preview: false }));
        return state;
      },
      update: async (given: Props) => {
        const news = await ask(given);
        const request = { ...subject, ...running, id: "", state, oldInputs: inputs, inputs: news };
        ({ state } = await kind.update({ ...request, preview: false, ignoreChanges: [] }));
        inputs = news;
        return state;
      },
      delete: () => kind.delete({ ...subject, ...running, id: "", state, oldInputs: inputs }),
    };
  };
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail("went through"),
      (error: Error) => error.message,
    );
  const objects = (kind: string) => greetings.server.api.list({ group: "", version: "v1", kind }, NAMESPACE);

  it("takeOwnership adopts what is there; without it that is an error", async () => {
    const metadata = { name: "owned", namespace: NAMESPACE };
    await greetings.server.api.create({ apiVersion: "v1", kind: "ConfigMap", metadata }, { fieldManager: "somebody" });
    const owned = await release("owned");
    expect(await failure(owned.create())).to.contain("exists and cannot be imported into the current release");
    await owned.create({ takeOwnership: true });
    expect(await greetings.greeting("owned")).to.equal("hello");
  });

  it("replace re-uses the name of a failed release, whoever made it", async () => {
    await greetings.helm("install", "again", GREETER, "--set", "failingHook=true").catch(() => "");
    expect(await greetings.history("again")).to.eql(["1 failed"]);
    const again = await release("again");
    expect(await failure(again.create())).to.contain("exists already");
    expect((await again.create({ replace: true }))["status"]).to.include({ revision: 2, status: "deployed" });
  });

  it("reuseValues keeps what was given before, resetValues forgets it", async () => {
    const values = await release("values");
    await values.create({ values: { greeting: "one", replicas: 2 } });
    await values.update({ values: { greeting: "two" }, reuseValues: true });
    expect(JSON.parse(await greetings.helm("get", "values", "values", "--output", "json"))).to.include({ replicas: 2 });
    await values.update({ values: {}, resetValues: true });
    expect(await greetings.greeting("values")).to.equal("hello");
  });

  it("valueYamlFiles are read, and the program's values win", async () => {
    const valueYamlFiles = [new Asset("asset", { text: "greeting: file\nreplicas: 2\n" })];
    const { values } = await (await release("files")).create({ valueYamlFiles, values: { greeting: "program" } });
    expect(values).to.eql({ greeting: "program", replicas: 2 });
    expect(await greetings.greeting("files")).to.equal("program");
  });

  it("lint stops an upgrade of a chart that is not well-formed", async () => {
    const chart = join(folder, "greeter");
    await cp(GREETER, chart, { recursive: true });
    const linted = await release("linted");
    await linted.create({ chart });
    // Helm installs such a chart all the same.
    const manifest = join(chart, "Chart.yaml");
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("apiVersion: v2", "apiVersion: v1"));
    expect(await failure(linted.update({ chart, lint: true })))
      .to.contain("malformed chart or values")
      .and.contain("chart type is not valid in apiVersion");
    expect(await greetings.history("linted")).to.eql(["1 deployed"]);
  });

  it("dependencyUpdate fetches what charts/ lacks; without it that is an error of the check", async () => {
    const chart = join(folder, "parent");
    await mkdir(join(chart, "templates"), { recursive: true });
    const dependency = { name: "greeter", version: "1.2.0", repository: `file://${GREETER}` };
    const manifest = { apiVersion: "v2", name: "parent", version: "1.0.0", dependencies: [dependency] };
    await writeFile(join(chart, "Chart.yaml"), JSON.stringify(manifest));
    const parent = await release("parent");
    expect(await failure(parent.create({ chart }))).to.contain("missing in charts/ directory: greeter");
    await parent.create({ chart, dependencyUpdate: true });
    expect(await greetings.greeting("parent")).to.equal("hello");
  });

  it("the provider's driver says where Helm keeps its releases", async () => {
    const elsewhere = await release("elsewhere", { helmReleaseSettings: JSON.stringify({ driver: "configmap" }) });
    await elsewhere.create();
    const names = (await objects("ConfigMap")).map((object) => (object["metadata"] as { name: string }).name);
    expect(names).to.include("sh.helm.release.v1.elsewhere.v1");
    await elsewhere.delete();
    expect((await objects("ConfigMap")).length).to.equal(1);
  });

  it("what a chart wants kept is kept, and the user is told", async () => {
    const chart = join(folder, "keeper");
    await mkdir(join(chart, "templates"), { recursive: true });
    await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: keeper\nversion: 1.0.0\n");
    const annotations = { "helm.sh/resource-policy": "keep" };
    const kept = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "kept", annotations } };
    await writeFile(join(chart, "templates/kept.yaml"), JSON.stringify(kept));
    const keeper = await release("keeper");
    await keeper.create({ chart });
    await keeper.delete();
    expect(said.join("\n")).to.contain("[ConfigMap] kept");
    await keeper.delete();
  });
});
