import { expect } from "chai";
import * as fc from "fast-check";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergeValues, readValueFiles } from "../../../../airgap/plugins/kubernetes/release/values";
import { Asset, Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";

const text = (content: string) => new Asset("asset", { text: content });

describe("a release's values", () => {
  it("are merged key by key, the later over the earlier", () => {
    expect(mergeValues({ image: { name: "a", tag: "1" }, keep: 1 }, { image: { tag: "2" }, more: [1] })).to.eql({
      image: { name: "a", tag: "2" },
      keep: 1,
      more: [1],
    });
  });

  it("lose what a later null or list takes the place of", () => {
    expect(mergeValues({ a: { b: 1 }, list: [1, 2], n: 1 }, { a: null, list: [], n: { m: 1 } })).to.eql({
      a: null,
      list: [],
      n: { m: 1 },
    });
  });

  it("keep what is secret or unknown as it is", () => {
    const secret = new Secret("x");
    const merged = mergeValues({ a: { b: "plain" } }, { a: { b: secret }, c: UNKNOWN });
    expect(merged).to.eql({ a: { b: secret }, c: UNKNOWN });
  });

  it("may be called anything", () => {
    const odd = JSON.parse('{"__proto__": {"a": 1}, "toString": 2}') as Props;
    expect(JSON.stringify(mergeValues({}, odd))).to.equal(JSON.stringify(odd));
  });

  it("do not change when nothing, or the same, is laid over them", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (json) => {
        const values = json as Props;
        expect(mergeValues(values, {})).to.eql(values);
        expect(mergeValues({}, values)).to.eql(values);
        expect(mergeValues(values, values)).to.eql(values);
      }),
    );
  });

  it("come from files, read as Helm reads YAML", async () => {
    const files = [
      text("on: yes\nbase: &b {x: 1}\nderived: {<<: *b, w: 2}\noctal: 0644\nwhen: 2001-12-14\nat: 22:22\n"),
      text("base: {z: 3}\n# nothing else\n"),
      text(""),
    ];
    expect(await readValueFiles(files)).to.eql({
      true: true,
      base: { x: 1, z: 3 },
      derived: { x: 1, w: 2 },
      octal: 420,
      when: "2001-12-14",
      at: "22:22",
    });
  });

  it("come from paths and file URIs, also when the file is secret", async () => {
    const folder = await mkdtemp(join(tmpdir(), "usmesh-test-"));
    try {
      await writeFile(join(folder, "a.yaml"), "a: 1");
      await writeFile(join(folder, "b.yaml"), "b: 2");
      const files = [
        new Asset("asset", { path: join(folder, "a.yaml") }),
        new Secret(new Asset("asset", { uri: `file://${folder}/b.yaml` })),
      ];
      expect(await readValueFiles(files)).to.eql({ a: 1, b: 2 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("are none while the files are not known", async () => {
    expect(await readValueFiles(UNKNOWN)).to.eql({});
    expect(await readValueFiles([UNKNOWN, text("a: 1")])).to.eql({ a: 1 });
    expect(await readValueFiles(null)).to.eql({});
  });

  for (const [what, content, complaint] of [
    ["broken YAML", "password: hunter2\n  bad: [", /not valid YAML \(line \d+\)$/],
    ["a list", "- hunter2", /must hold an object/],
  ] as const) {
    it(`refuse ${what} without quoting it`, async () => {
      const error = await readValueFiles([text(content)]).then(
        () => expect.fail("was taken"),
        (e: Error) => e.message,
      );
      expect(error).to.match(complaint).and.not.contain("hunter2");
    });
  }

  it("refuse archives", async () => {
    const error = await readValueFiles([new Asset("archive", {})]).catch((e: Error) => e.message);
    expect(error).to.contain("not archives");
  });
});
