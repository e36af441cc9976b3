import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadBalancerRanges } from "../../../topology/addresses";
import { parseSettings } from "../../../settings/config";
import type { MeshModel } from "../../../settings/model";

const root = join(__dirname, "../../..");
const text = (file: string): string => readFileSync(join(root, file), "utf8");
const stackFiles = readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file));

function model(stack: string): MeshModel {
  const { config } = parse(text(`Pulumi.${stack}.yaml`)) as { config: Record<string, unknown> };
  const settings = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^usmesh:/, ""), value]));
  return parseSettings(settings, { stack });
}

describe("the stack files", () => {
  it("are local, west and east", () => expect(stackFiles.sort()).to.deep.equal(["Pulumi.east.yaml", "Pulumi.local.yaml", "Pulumi.west.yaml"]));

  it("contain no salt, so that a fresh clone works with any passphrase", () => {
    for (const file of stackFiles) expect(Object.keys(parse(text(file)) as object), file).to.deep.equal(["config"]);
  });

  it("describe the same clusters in two stacks as in one", () => {
    expect([...model("west").clusters, ...model("east").clusters]).to.deep.equal(model("local").clusters);
    const ranges = (mesh: MeshModel) => mesh.clusters.flatMap((cluster) => loadBalancerRanges(cluster, "172.18.0.0/16"));
    expect(ranges(model("local"))).to.deep.equal(["172.18.255.101-172.18.255.120", "172.18.255.201-172.18.255.220"]);
    expect([...ranges(model("west")), ...ranges(model("east"))]).to.deep.equal(ranges(model("local")));
  });

  it("agree on mesh, trust and demo, and have one client between them", () => {
    const [west, east, local] = [model("west"), model("east"), model("local")];
    expect(west.trust).to.deep.equal(local.trust);
    expect(east.trust).to.deep.include({ authority: { stack: "west" }, members: [] });
    expect([west.peers, east.peers]).to.deep.equal([["east"], ["west"]]);
    for (const mesh of [west, east]) {
      expect(mesh.demo).to.deep.equal(local.demo);
      expect([mesh.mesh, mesh.trustDomain]).to.deep.equal([local.mesh, local.trustDomain]);
    }
    expect([local.client.enabled, west.client.enabled, east.client.enabled]).to.deep.equal([true, true, false]);
  });
});
