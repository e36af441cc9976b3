import { expect } from "chai";
import { join } from "node:path";
import { checkRelease } from "../../../../airgap/plugins/kubernetes/release/check";
import { Asset, Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";

const CHART = join(__dirname, "../../../integration/fixtures/charts/greeter");

const check = (news: Props, olds: Props = {}) =>
  checkRelease(
    {
      urn: "urn:pulumi:s::p::kubernetes:helm.sh/v3:Release::greeter",
      name: "greeter",
      type: "kubernetes:helm.sh/v3:Release",
      olds,
      news,
      randomSeed: Uint8Array.from([0xab, 0xcd, 0xef, 0x01, 0x23]),
    },
    "apps",
  );

describe("the check of a release", () => {
  it("fills in what the official plugin fills in", async () => {
    const { inputs, failures } = await check({ chart: CHART, compat: "true" });
    expect(failures).to.eql([]);
    expect(inputs).to.eql({
      allowNullValues: false,
      atomic: false,
      chart: CHART,
      cleanupOnFail: false,
      createNamespace: false,
      dependencyUpdate: false,
      description: "",
      devel: false,
      disableCRDHooks: false,
      disableOpenapiValidation: false,
      disableWebhooks: false,
      forceUpdate: false,
      keyring: "",
      lint: false,
      name: "greeter-abcdef0",
      namespace: "apps",
      postrender: "",
      recreatePods: false,
      renderSubchartNotes: false,
      replace: false,
      resetValues: false,
      reuseValues: false,
      skipAwait: false,
      skipCrds: false,
      takeOwnership: false,
      timeout: 300,
      values: {},
      verify: false,
      version: "1.2.0",
      waitForJobs: false,
    });
  });

  it("keeps the name it gave before, and takes the one the program gives", async () => {
    expect((await check({ chart: CHART }, { name: "greeter-1111111" })).inputs["name"]).to.equal("greeter-1111111");
    expect((await check({ chart: CHART, name: "mine" }, { name: "greeter-1" })).inputs["name"]).to.equal("mine");
  });

  it("leaves the timeout open where nothing is awaited, and takes the one given", async () => {
    expect((await check({ chart: CHART, skipAwait: true })).inputs["timeout"]).to.equal(0);
    expect((await check({ chart: CHART, timeout: 20 })).inputs["timeout"]).to.equal(20);
  });

  it("pins the chart's own version, whatever version of a local chart was asked for", async () => {
    expect((await check({ chart: CHART, version: "9.9.9" })).inputs["version"]).to.equal("1.2.0");
  });

  it("names the chart when it is not there", async () => {
    const { failures } = await check({ chart: "./no/such/chart" });
    expect(failures).to.have.length(1);
    expect(failures?.[0]).to.include({ property: "chart" });
    expect(failures?.[0]?.reason).to.contain('"./no/such/chart" was not found').and.contain("check the chart name");
  });

  it("looks for no chart and pins no version while anything is unknown", async () => {
    const { inputs, failures } = await check({ chart: "./no/such/chart", values: { a: { b: UNKNOWN, c: 1 } } });
    expect(failures).to.eql([]);
    expect(inputs["version"]).to.equal("");
    expect(inputs["values"]).to.eql({ a: { b: UNKNOWN, c: 1 } });
    expect((await check({ chart: CHART, values: UNKNOWN })).inputs["values"]).to.equal(UNKNOWN);
    expect((await check({ chart: CHART, name: UNKNOWN })).inputs["name"]).to.equal(UNKNOWN);
  });

  it("makes one of values and files, the program over the files", async () => {
    const valueYamlFiles = [new Asset("asset", { text: "a: {v: 1, w: 1}" })];
    const { inputs } = await check({ chart: CHART, valueYamlFiles, values: { a: { w: 2 } } });
    expect(inputs["values"]).to.eql({ a: { v: 1, w: 2 } });
    expect(inputs).not.to.have.property("valueYamlFiles");
  });

  it("keeps secret what came in secret: a value, all values, a list, the content of a file", async () => {
    const one = (await check({ chart: CHART, values: { open: 1, key: new Secret("k"), list: [1, new Secret("l")] } })).inputs;
    expect(one["values"]).to.eql({ open: 1, key: new Secret("k"), list: new Secret([1, "l"]) });
    const all = (await check({ chart: CHART, values: new Secret({ a: "k" }) })).inputs;
    expect(all["values"]).to.eql(new Secret({ a: "k" }));
    const file = new Secret(new Asset("asset", { text: "a: k" }));
    expect((await check({ chart: CHART, valueYamlFiles: [file] })).inputs["values"]).to.eql(new Secret({ a: "k" }));
    const password = new Secret("p");
    const { inputs } = await check({ chart: CHART, repositoryOpts: { username: "u", password } });
    expect(inputs["repositoryOpts"]).to.deep.include({ username: "u", password, repo: "", caFile: "" });
  });

  for (const [what, news, property, reason] of [
    ["an input that no release has", { wat: 1 }, "wat", "does not do the input wat"],
    ["a post-renderer", { postrender: "sed" }, "postrender", "does not do postrender"],
    ["the verification of signatures", { verify: true }, "verify", "does not do verify"],
    ["a text for a number", { timeout: "soon" }, "timeout", "must be an integer"],
    ["a number for a text", { name: 3 }, "name", "must be a string"],
    ["a list for values", { values: [1] }, "values", "must be an object"],
    ["a file among the values", { values: { a: [new Asset("asset", {})] } }, "values", "must hold plain values"],
    ["a secret description", { description: new Secret("x") }, "description", "is secret"],
    ["broken value files", { valueYamlFiles: [new Asset("asset", { text: "a: [" })] }, "valueYamlFiles", "not valid YAML"],
  ] as [string, Props, string, string][]) {
    it(`refuses ${what}`, async () => {
      const { failures } = await check({ chart: CHART, ...news });
      expect(failures?.map((f) => f.property)).to.eql([property]);
      expect(failures?.[0]?.reason).to.contain(reason);
    });
  }
});
