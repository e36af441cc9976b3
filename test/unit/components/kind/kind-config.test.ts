import { expect } from "chai";
import { parse } from "yaml";
import { kindConfig, kindConfigClashes, kindConfigYaml } from "../../../../components/kind/kind-config";

const WEST = { kindName: "west", podSubnet: "10.10.0.0/16", serviceSubnet: "10.100.0.0/16" };

describe("the kind configuration", () => {
  it("has one node and the cluster's own ranges, and not the node's region and zone, which may change", () => {
    expect(kindConfig(WEST)).to.deep.equal({
      kind: "Cluster",
      apiVersion: "kind.x-k8s.io/v1alpha4",
      name: "west",
      networking: { ipFamily: "ipv4", podSubnet: "10.10.0.0/16", serviceSubnet: "10.100.0.0/16" },
      nodes: [{ role: "control-plane" }],
    });
  });

  it("has as many nodes as are wanted: one control plane, and workers", () => {
    expect(kindConfig({ ...WEST, nodes: 3 })["nodes"]).to.deep.equal([{ role: "control-plane" }, { role: "worker" }, { role: "worker" }]);
  });

  it("takes an extra configuration, records by key and lists whole", () => {
    const extra = { networking: { disableDefaultCNI: true }, kubeadmConfigPatches: ["kind: KubeProxyConfiguration\nconntrack: { min: 0 }\n"] };
    const config = kindConfig(WEST, extra);
    expect(config).to.deep.include({ kubeadmConfigPatches: extra.kubeadmConfigPatches });
    expect(config["networking"]).to.include({ disableDefaultCNI: true, podSubnet: "10.10.0.0/16" });
  });

  it("clashes with an extra configuration that has other nodes or another name", () => {
    const clashes = (nodes: { nodes?: number }) => kindConfigClashes({ ...WEST, ...nodes }, { name: "east", nodes: [], networking: { podSubnet: "10.10.0.0/16" } });
    expect(clashes({})).to.have.deep.members([{ path: "name", kept: "west" }, { path: "nodes", kept: "1 of them" }]);
    expect(clashes({ nodes: 3 })).to.deep.include({ path: "nodes", kept: "3 of them" });
  });

  it("is the same as YAML", () => {
    expect(parse(kindConfigYaml(WEST))).to.deep.equal(kindConfig(WEST));
    // The text is recorded, and another one recreates the cluster.
    const long = "a long line ".repeat(20).trim();
    expect(kindConfigYaml(WEST, { featureGates: long })).to.include(`featureGates: ${long}\n`);
  });
});
