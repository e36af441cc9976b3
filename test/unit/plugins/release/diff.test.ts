import { expect } from "chai";
import * as fc from "fast-check";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterAccess } from "../../../../airgap/plugins/kubernetes/access";
import { releaseKind } from "../../../../airgap/plugins/kubernetes/release";
import { releaseChanges } from "../../../../airgap/plugins/kubernetes/release/diff";
import { chartDigest } from "../../../../airgap/plugins/kubernetes/release/local-chart";
import { Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";

const changes = (before: Props, now: Props, live: Props = before) =>
  releaseChanges(before, now, live, ["name", "namespace"]);

describe("the diff of a release", () => {
  it("finds nothing when the program asks for what is there", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (json) => {
        const inputs = { name: "a", values: json as Props };
        expect(changes(inputs, structuredClone(inputs), structuredClone(inputs))).to.eql({});
      }),
    );
  });

  it("does not mind what Helm has beside what the program asks for", () => {
    const asked = { values: { a: 1 } };
    expect(changes(asked, asked, { values: { a: 1, reused: 2 }, status: { revision: 3 } })).to.eql({});
  });

  it("names each value that was added, changed or taken away", () => {
    const before = { values: { same: 1, changed: { deep: "x" }, gone: true, "dot.ted": 1 } };
    const now = { values: { same: 1, changed: { deep: "y" }, "new": 1, "dot.ted": 2 } };
    expect(changes(before, now)).to.eql({
      "values.changed.deep": "update",
      "values.gone": "delete",
      "values.new": "add",
      'values["dot.ted"]': "update",
    });
  });

  it("names the places of a list that differ", () => {
    const before = { values: { list: [1, { a: 1, b: 1 }, 3] } };
    expect(changes(before, { values: { list: [1, { a: 2 }] } })).to.eql({
      "values.list[1].a": "update",
      "values.list[1].b": "delete",
      "values.list[2]": "delete",
    });
    expect(changes(before, { values: { list: [1, { a: 1, b: 1 }, 3, 4] } })).to.eql({ "values.list[3]": "add" });
  });

  it("sees drift: what somebody else set in the cluster is set back", () => {
    const asked = { version: "1.0.0", values: { a: 1 } };
    expect(changes(asked, asked, { version: "1.1.0", values: { a: 2 } })).to.eql({
      version: "update",
      "values.a": "update",
    });
  });

  it("takes an unknown for a change, and a secret for its value", () => {
    expect(changes({ values: { a: 1 } }, { values: { a: UNKNOWN, b: UNKNOWN } })).to.eql({
      "values.a": "update",
      "values.b": "add",
    });
    expect(changes({ values: { a: new Secret("x") } }, { values: new Secret({ a: "x" }) })).to.eql({});
  });

  it("makes another release for another name or namespace only", () => {
    const before = { name: "a", namespace: "n", chart: "c" };
    expect(changes(before, { name: "b", namespace: UNKNOWN, chart: "d" })).to.eql({
      name: "update-replace",
      namespace: "update-replace",
      chart: "update",
    });
  });
});

describe("the diff of a release, as the engine asks for it", () => {
  const kind = releaseKind({ helmSettings: {} } as unknown as ClusterAccess);
  const subject = { urn: "u", name: "n", type: "t", id: "ns/n" };
  let chart: string;

  beforeEach(async () => {
    chart = await mkdtemp(join(tmpdir(), "usmesh-test-"));
    await writeFile(join(chart, "Chart.yaml"), "name: c\nversion: 1.0.0\n");
  });
  afterEach(() => rm(chart, { recursive: true }));

  const diff = async (change: Props = {}, own: Props = {}, ignoreChanges: string[] = []) => {
    const inputs = { chart, version: "1.0.0", name: "n", values: { a: 1 } };
    const state = { ...inputs, __inputs: new Secret(inputs), __airgap: own };
    return kind.diff({ ...subject, state, oldInputs: {}, news: { ...inputs, ...change }, ignoreChanges });
  };

  it("is empty for the same program and the same chart files", async () => {
    const own = { chartDigest: await chartDigest(chart) };
    expect(await diff({}, own)).to.eql({ changes: false, replaces: [], detailed: {} });
  });

  it("upgrades when a file of a local chart changed, unless the program ignores that", async () => {
    const own = { chartDigest: await chartDigest(chart) };
    await writeFile(join(chart, "values.yaml"), "a: 1\n");
    expect((await diff({}, own)).detailed).to.eql({ chart: "update" });
    expect((await diff({}, own, ["chart"])).changes).to.equal(false);
    expect((await diff({}, {})).changes, "a state without a fingerprint").to.equal(false);
  });

  it("upgrades for another version, unless the program ignores that", async () => {
    expect((await diff({ version: "2.0.0" })).detailed).to.eql({ version: "update" });
    expect((await diff({ version: "2.0.0" }, {}, ["version"])).changes).to.equal(false);
  });

  it("says which property makes a new release", async () => {
    expect(await diff({ name: "m" })).to.eql({ changes: true, replaces: ["name"], detailed: { name: "update-replace" } });
  });

  it("passes over inputs that only old versions of the official plugin kept", async () => {
    const inputs = { chart, name: "n" };
    const state = { ...inputs, __inputs: new Secret({ ...inputs, checksum: "abc", resourceNames: { a: ["b"] } }) };
    const result = await kind.diff({ ...subject, state, oldInputs: {}, news: inputs, ignoreChanges: [] });
    expect(result.changes).to.equal(false);
  });
});
