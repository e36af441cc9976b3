import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../../../lib/paths";
import { apiMarkdown } from "../../../../tools/api/markdown";
import { Api } from "../../../../tools/api/read";
import { packageSchema, PROVIDED } from "../../../../tools/api/schema";

describe("what is generated from the components' docstrings", function () {
  // The compiler reads Pulumi's types.
  this.timeout(600_000);

  let api: Api;
  before(() => (api = new Api()));

  const isCurrent = (file: string, text: string): void => {
    const path = join(repositoryRoot, file);
    if (process.env["UPDATE_README"]) writeFileSync(path, text);
    expect(readFileSync(path, "utf8")).to.equal(text);
  };

  it("documents each argument, each output and each type", () => {
    const shapes = [...api.components().flatMap((component) => [component, component.args]), ...api.interfaces()];
    const undocumented = shapes.flatMap(({ name, members }) => members.filter(({ doc }) => doc === "").map((member) => `${name}.${member.name}`));
    expect(undocumented).to.deep.equal([]);
    expect(shapes.length).to.be.greaterThan(20);
  });

  it("has each type of the package that an argument, an output or a field names", () => {
    const text = apiMarkdown(api);
    const types = [...text.matchAll(/^\| `\w+\??` \| `(.+?)` \| /gm)].map(([, type = ""]) => type.replace(/"[^"]*"/g, ""));
    const named = new Set(types.flatMap((type) => [...type.matchAll(/\b[A-Z]\w+/g)].map(([name]) => name)));
    const has = new Set([...text.matchAll(/^##+ (\w+)$/gm)].map(([, name]) => name));
    // TypeScript's, Pulumi's, and those of Pulumi's provider for Kubernetes. A component's arguments are with the component.
    const others = ["Readonly", "Record", "Omit", "Pick", "Input", "Output", "Provider", "Release", "Resource", "ComponentResourceOptions"];
    const args = api.components().map((component) => component.args.name);
    expect([...named].filter((name) => !has.has(name) && ![...others, ...args].includes(name))).to.deep.equal([]);
  });

  it("is docs/api.md", () => isCurrent("docs/api.md", apiMarkdown(api)));

  it("is the schema of the components for other languages", () => isCurrent("provider/schema.json", `${JSON.stringify(packageSchema(api), null, 2)}\n`));

  it("has types that are there, and marks what is secret", () => {
    const schema = packageSchema(api) as { resources: Record<string, { inputProperties: Record<string, Record<string, unknown>>; properties: Record<string, Record<string, unknown>> }>; types: Record<string, { properties: Record<string, Record<string, unknown>> }> };
    expect(Object.keys(schema.resources)).to.have.members(PROVIDED.map((name) => `usmesh:index:${name}`));
    const named = [...JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)].map(([, token]) => token!);
    expect(named.filter((token) => schema.types[token] === undefined)).to.deep.equal([]);
    expect(schema.types["usmesh:index:MeshClusterArgs"]?.properties["kubeconfig"]).to.include({ secret: true, $ref: "pulumi.json#/Any" }).and.not.to.have.property("plain");
    expect(schema.resources["usmesh:index:IstioPrimary"]?.properties["credentials"]).to.include({ secret: true, $ref: "#/types/usmesh:index:ReaderCredentials" });
    const { through, mutualTls, failover, eastWestHosts } = schema.resources["usmesh:index:Mesh"]?.inputProperties ?? {};
    for (const argument of [through, mutualTls]) expect(argument).to.include({ type: "string", plain: true }).and.not.to.have.property("secret");
    expect(failover).to.deep.include({ oneOf: [{ $ref: "#/types/usmesh:index:FailoverOptions" }, { type: "boolean" }] });
    expect(eastWestHosts).to.include({ type: "array" });
    expect(schema.types["usmesh:index:RemotePeerArgs"]?.properties["serverName"]).to.include({ type: "string" });
    expect(named.filter((token) => /pulumi/.test(token)), "types of Pulumi's own").to.deep.equal([]);
    expect(schema.types["usmesh:index:MeshClusterArgs"]?.properties["network"]).to.include({ type: "string", plain: true });
    expect(schema.resources["usmesh:index:Mesh"]?.inputProperties["clusters"]).to.deep.include({ plain: true, type: "object" });
    expect(schema.resources["usmesh:index:PluginCA"]?.properties["intermediates"]).to.include({ secret: true });
    expect(Object.keys(schema.types["usmesh:index:MeshClusterOutputs"]?.properties ?? {})).to.have.members(["ingressAddress", "eastWestAddress"]);
  });
});
