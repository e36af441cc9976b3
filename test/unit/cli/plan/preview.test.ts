import { expect } from "chai";
import { readPreview } from "../../../../cli/plan/preview";
import { changesIn } from "../../../../cli/plan/resources";
import { recorded } from "./support/recorded";
import { outputsWith, previewJson, urn } from "./support/steps";

describe("a preview", () => {
  it("is read as the real engine prints it", () => {
    const { resources, previous, warnings, errors } = recorded("new-root-and-tokens");
    const named = (name: string) => resources.find((resource) => resource.name === name);
    expect(named("trust-root-2")).to.deep.include({ operation: "create", type: "tls:index/selfSignedCert:SelfSignedCert", components: ["PluginCA"], before: undefined });
    expect(named("demo-west-webapp-deployment")).to.deep.include({ operation: "delete", components: ["Demo", "Webapp"], after: undefined });
    expect(named("west-istio-cacerts")?.before?.inputs).to.deep.include({ data: "[secret]" });
    expect(named("west")).to.deep.include({ operation: undefined, type: "usmesh:index:Cluster", components: ["Cluster"] });
    expect(Object.keys(previous?.clusters ?? {})).to.deep.equal(["east", "west"]);
    expect(previous?.trust).to.deep.include({ roots: ["1"], signer: "1" });
    expect(previous?.pairs).to.deep.equal(["east->west", "west->east"]);
    expect([warnings, errors]).to.deep.equal([[], []]);
  });

  it("tells what a resource belongs to, what it is created through, and where its inputs come from", () => {
    const { resources } = recorded("other-signer");
    const token = resources.find(({ name }) => name === "west-istio-reader-3");
    expect(token?.after).to.deep.include({
      parent: "urn:pulumi:local::usmesh::usmesh:index:IstioPrimary::west-istio",
      provider: "urn:pulumi:local::usmesh::usmesh:index:Cluster$pulumi:providers:kubernetes::west-provider",
    });
    const certificate = resources.find(({ name }) => name === "trust-west-certificate");
    const signers = [certificate?.before, certificate?.after].map((state) => state?.sources["caCertPem"]?.[0]?.split("::").at(-1));
    expect(signers).to.deep.equal(["trust-root-1", "trust-root-2"]);
  });

  it("has no changes when resources are only read or kept", () => expect(changesIn(recorded("nothing").resources)).to.deep.equal([]));

  it("shows a replacement once, whether whole or in halves, in either order", () => {
    for (const ops of [["create-replacement", "replace", "delete-replaced"], ["delete-replaced", "replace", "create-replacement"]]) {
      const halves = readPreview(previewJson(ops.map((op) => ({ op, types: "Cluster$command:local:Command", name: "a" }))));
      expect(halves?.resources.map(({ operation, name }) => [operation, name])).to.deep.equal([["replace", "a"]]);
    }
  });

  it("keeps what happens to a resource when the engine also deletes what an earlier run left of it", () => {
    for (const op of ["same", "update"]) {
      const steps = [{ op, types: "Cluster", name: "a" }, { op: "delete-replaced", types: "Cluster", name: "a" }];
      const [resource, ...others] = readPreview(previewJson(steps))?.resources ?? [];
      expect(others).to.deep.equal([]);
      expect(resource).to.deep.include({ operation: op === "same" ? undefined : op }).and.property("after").not.equal(undefined);
    }
  });

  it("has no previous outputs when the stack was never up, or was destroyed", () => {
    expect(readPreview(previewJson([]))?.previous).to.equal(undefined);
    expect(readPreview(previewJson([], {}))?.previous).to.equal(undefined);
  });

  it("keeps what can be read of outputs that have another shape", () => {
    const { trust, ...others } = outputsWith(["west"], ["west->east"]);
    const previous = readPreview(previewJson([], { ...others, trust: { roots: trust }, clusters: [] }))?.previous;
    expect(previous).to.deep.equal({ clusters: undefined, trust: undefined, pairs: ["west->east"] });
  });

  it("has warnings and errors, each once and without its prefix", () => {
    const said = (severity: string, message: string): object => ({ severity, message });
    const diagnostics = [said("warning", "warning: east is not up\n"), said("warning", "warning: east is not up\n"), said("error", "error: wrong setting\n"), said("info", "hello"), { severity: "warning" }];
    expect(readPreview(previewJson([], {}, diagnostics))).to.deep.include({ warnings: ["east is not up"], errors: ["wrong setting"] });
  });

  it("may lack everything that Pulumi leaves out", () => {
    expect(readPreview("{}")).to.deep.equal({ resources: [], previous: undefined, warnings: [], errors: [] });
    const steps = [{ op: "create", urn: urn("Cluster", "a"), newState: { provider: "" } }];
    expect(readPreview(JSON.stringify({ steps }))?.resources[0]).to.deep.include({ before: undefined, after: { inputs: {}, sources: {} }, reasons: [] });
  });

  it("is undefined when the text is not a preview", () => {
    for (const text of ["", "error: no stack", "[]", '{"steps": 3}']) expect(readPreview(text), text).to.equal(undefined);
  });
});
