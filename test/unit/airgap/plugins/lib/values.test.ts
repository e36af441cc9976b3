import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { inspect } from "node:util";
import {
  Asset,
  hasSecret,
  hasUnknown,
  marshal,
  reveal,
  Secret,
  UNKNOWN,
  unmarshal,
  type Props,
} from "../../../../../airgap/plugins/lib/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

describe("values on the wire", () => {
  const props: Props = {
    nothing: null,
    yes: true,
    number: 1.5,
    text: "x",
    list: [1, [null], { a: "b" }],
    object: { "a.b/c": { deep: [] } },
    secret: new Secret({ inner: [new Secret("s"), UNKNOWN] }),
    unknown: UNKNOWN,
    file: new Asset("asset", { hash: "h", text: "t" }),
    files: new Asset("archive", { hash: "h", assets: {} }),
  };

  it("are read as they were written", () => {
    expect(unmarshal(marshal(props))).to.deep.equal(props);
    expect(unmarshal(undefined)).to.deep.equal({});
  });

  it("have the engine's signatures", () => {
    const wire = marshal({ secret: new Secret(1), unknown: UNKNOWN, file: new Asset("asset", { text: "t" }) }).toJavaScript();
    expect(wire).to.deep.equal({
      secret: { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: 1 },
      unknown: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      file: { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "t" },
    });
  });

  it("include every sentinel of the engine", () => {
    const wire = Struct.fromJavaScript({ a: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", b: ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"] });
    expect(unmarshal(wire)).to.deep.equal({ a: UNKNOWN, b: [UNKNOWN] });
  });

  it("refuse what the plugin does not accept", () => {
    const reference = Struct.fromJavaScript({ a: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "u" } });
    expect(() => unmarshal(reference)).to.throw("does not accept");
  });

  it("leave out what is undefined", () => {
    expect(unmarshal(marshal({ a: undefined } as unknown as Props))).to.deep.equal({});
  });
});

describe("secrets and unknowns", () => {
  it("are found at any depth", () => {
    const deep: Props = { a: [{ b: new Secret([UNKNOWN]) }] };
    expect([hasSecret(deep), hasUnknown(deep)]).to.deep.equal([true, true]);
    expect([hasSecret({ a: [1] }), hasUnknown(new Secret("x"))]).to.deep.equal([false, false]);
  });

  it("are removed in a copy, which leaves the original as it was", () => {
    const original: Props = { a: new Secret({ b: new Secret("x"), c: UNKNOWN }) };
    expect(reveal(original)).to.deep.equal({ a: { b: "x", c: UNKNOWN } });
    expect(original["a"]).to.be.instanceOf(Secret);
  });

  it("never show their content", () => {
    const secret = new Secret("hunter2");
    for (const shown of [String(secret), JSON.stringify({ secret }), inspect({ secret }), inspect(secret)]) {
      expect(shown).to.contain("[secret]").and.not.to.contain("hunter2");
    }
  });

  it("cannot be mistaken for data", () => {
    expect(() => String(UNKNOWN)).to.throw("unknown value");
    expect(() => JSON.stringify({ UNKNOWN })).to.throw("unknown value");
  });
});
