import { expect } from "chai";
import { readPreview } from "../../../../cli/plan/preview";
import { previewJson, recorded, standingOf } from "./support/facts";

describe("a preview", () => {
  it("is read as the real engine prints it", () => {
    const { changes, standing, warnings, errors } = recorded("new-root-and-tokens");
    expect(changes.find(({ name }) => name === "trust-root-2")).to.deep.include({ operation: "create", type: "tls:index/selfSignedCert:SelfSignedCert", components: ["PluginCA"] });
    expect(changes.find(({ name }) => name === "demo-west-webapp-deployment")).to.deep.include({ operation: "delete", components: ["Demo", "Webapp"] });
    expect(changes.find(({ name }) => name === "west-istio-cacerts")?.before).to.deep.include({ data: "[secret]" });
    expect(Object.keys(standing?.clusters ?? {})).to.deep.equal(["east", "west"]);
    expect(standing?.trust).to.deep.include({ roots: ["1"], signer: "1" });
    expect(standing?.pairs).to.deep.equal(["east->west", "west->east"]);
    expect([warnings, errors]).to.deep.equal([[], []]);
  });

  it("that changes nothing has no changes: what is read or stays the same is none", () => expect(recorded("nothing").changes).to.deep.equal([]));

  it("shows a replacement once, whether whole or in halves", () => {
    const halves = readPreview(previewJson(["create-replacement", "replace", "delete-replaced"].map((op) => [op, "Cluster$command:local:Command", "west-kind"])));
    expect(halves?.changes.map(({ operation, name }) => [operation, name])).to.deep.equal([["replace", "west-kind"]]);
  });

  it("of a stack that was never up, or was destroyed, leaves nothing standing", () => {
    expect(readPreview(previewJson([]))?.standing).to.equal(undefined);
    expect(readPreview(previewJson([], {}))?.standing).to.equal(undefined);
  });

  it("of a stack with outputs of another shape keeps what can be read of them", () => {
    const { trust, ...others } = standingOf(["west"], ["west->east"]);
    const standing = readPreview(previewJson([], { ...others, trust: { roots: trust }, clusters: [] }))?.standing;
    expect(standing).to.deep.equal({ clusters: undefined, trust: undefined, pairs: ["west->east"] });
  });

  it("tells warnings and errors, each once and without what it is called", () => {
    const said = (severity: string, message: string): object => ({ severity, message });
    const diagnostics = [said("warning", "warning: east is not up\n"), said("warning", "warning: east is not up\n"), said("error", "error: wrong setting\n"), said("info", "hello")];
    expect(readPreview(previewJson([], {}, diagnostics))).to.deep.include({ warnings: ["east is not up"], errors: ["wrong setting"] });
  });

  it("that is none is undefined", () => {
    for (const text of ["", "error: no stack", "[]", '{"steps": 3}']) expect(readPreview(text), text).to.equal(undefined);
  });
});
