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
    const paths = kindConfigClashes(WEST, { name: "east", nodes: [], networking: { podSubnet: "10.10.0.0/16" } }).map(({ path }) => path);
    expect(paths).to.have.members(["name", "nodes"]);
  });

  it("is the same as YAML", () => {
    expect(parse(kindConfigYaml(WEST))).to.deep.equal(kindConfig(WEST));
  });
});
