import { expect } from "chai";
import { parseSettings } from "../../../settings/config";
import { OUTPUTS_VERSION, type MeshOutputs } from "../../../outputs/contract";
import { authorityNotUp, meshMembers, notUpWarning, PeerError, peerProblems, readPeer, type OwnPart, type Peer } from "../../../outputs/peers";
import { issuedFor, trustOutputsOf } from "../cli/support/outputs";

const outputs = (change: Partial<MeshOutputs> = {}): MeshOutputs => ({
  version: OUTPUTS_VERSION,
  mesh: { name: "usmesh", trustDomain: "cluster.local" },
  clusters: {
    west: {
      clusterName: "west-cluster",
      network: "west-network",
      region: "westus",
      zone: "0",
      driver: "kind",
      apiServer: "https://172.18.0.2:6443",
      ingressAddress: "172.18.255.101",
      eastWestAddress: "172.18.255.102",
      versions: { kubernetes: "v1.34.0", istio: "1.31.4" },
    },
  },
  trust: trustOutputsOf("west", ["west", "east"]),
  pairs: [],
  credentials: { west: { caCertificate: "PEM", token: "the-token" } },
  requests: {},
  certificates: { east: issuedFor("east") },
  kubeconfigs: { west: "the-kubeconfig" },
  ...change,
});
const east = parseSettings({ clusters: { east: {} }, peers: ["west"], trust: { authority: "west" } }, { stack: "east" });
const west = (change: Partial<MeshOutputs> = {}): Peer => readPeer("west", outputs(change));

describe("a peer's outputs", () => {
  it("are read when the stack is up", () => expect(west()).to.deep.equal({ state: "up", stack: "west", outputs: outputs() }));

  it("may contain more than this program knows", () => {
    expect(readPeer("west", { ...outputs(), extra: 1 })).to.deep.equal({ state: "up", stack: "west", outputs: outputs() });
  });

  for (const [what, raw] of Object.entries({ "none at all": undefined, null: null, "an empty record": {}, "only nulls": { version: null }, "nothing that has a value": { version: undefined } })) {
    it(`mean a stack that is not up when they are ${what}`, () => expect(readPeer("west", raw)).to.deep.equal({ state: "not-up", stack: "west" }));
  }

  it("may lack the trust, while the authority is not up", () => {
    const { trust: _, ...rest } = outputs();
    expect(readPeer("west", { ...rest, trust: null })).to.deep.include({ state: "up" });
  });

  const wrong: [string, unknown, RegExp][] = [
    ["another program", { bucket: "b" }, /stack west: it is not a mesh stack: .*no `version`.*usmesh:peers/],
    ["another program, with no more than a name for the version", { bucket: "b", version: null }, /no `version`/],
    ["a version that is not a number", { ...outputs(), version: "3" }, /version "3".*Bring it up with this program's version/],
    ["a stack with a value that no version has", { ...outputs(), clusters: { west: { ...outputs().clusters["west"], driver: "gke" } } }, /\n {2}clusters\.west\.driver: has a wrong value \(invalid_value\)/],
    ["an older version", { ...outputs(), version: 0 }, /version 0 and this program reads version 2\. Bring it up with this program's version: `pulumi up -s west`/],
    ["a newer version", { ...outputs(), version: 3 }, /version 3 and this program reads version 2\. Update this program/],
    ["something that is not a record", "outputs", /its outputs are not a record/],
    ["a stack that lacks outputs", { ...outputs(), mesh: { name: "usmesh" } }, /incomplete\. Run `pulumi up -s west`.*\n {2}mesh\.trustDomain: must be string/],
  ];
  for (const [what, raw, message] of wrong) {
    it(`are refused from ${what}`, () => {
      expect(() => readPeer("west", raw)).to.throw(PeerError, message).and.include({ name: "PeerError", section: "outputs-version", peer: "west" });
    });
  }

  it("are never part of a message", () => {
    const broken = { ...outputs(), credentials: { west: { token: "the-token", caCertificate: 5 } }, kubeconfigs: "the-kubeconfig" };
    expect(() => readPeer("west", broken)).to.throw(/credentials\.west\.caCertificate: must be string\n {2}kubeconfigs: must be record/);
    expect(() => readPeer("west", broken)).not.to.throw(/the-token|the-kubeconfig/);
  });
});

describe("peers", () => {
  const problems = (peers: Peer[]): string[] => peerProblems(east, peers).map(({ section, message }) => `${section}: ${message}`);

  it("add their clusters after the stack's own", () => {
    expect(meshMembers(east, [west(), { state: "not-up", stack: "north" }])).to.deep.equal([
      { key: "east", clusterName: "east-cluster", network: "east-network" },
      { key: "west", clusterName: "west-cluster", network: "west-network", stack: "west" },
    ]);
  });

  it("can be one mesh with a stack that agrees with them", () => expect(peerProblems(east, [west()])).to.deep.equal([]));

  it("are left out while they are not up", () => expect(peerProblems(east, [{ state: "not-up", stack: "west" }])).to.deep.equal([]));

  it("must have the same mesh id and trust domain", () => {
    expect(problems([west({ mesh: { name: "other", trustDomain: "other.local" } })])).to.deep.equal([
      'mesh-mismatch: stack west has the mesh id "other" and this one "usmesh": make usmesh:mesh the same in both',
      'mesh-mismatch: stack west has the trust domain "other.local" and this one "cluster.local": make usmesh:trustDomain the same in both',
    ]);
  });

  it("must not have a cluster of the same name", () => {
    const { west: cluster } = outputs().clusters;
    expect(problems([west({ clusters: { east: cluster! } })]).join("\n")).to.match(/^member-conflict: cluster east of stack west has the key "east"/);
  });

  describe("with kind clusters", () => {
    const { west: cluster } = outputs().clusters;
    const at = (docker: { network: string; addressIndex: number }) => west({ clusters: { west: { ...cluster!, docker } } });

    it("must be on the same Docker network", () => {
      expect(problems([at({ network: "other", addressIndex: 1 })])).to.deep.equal([
        'docker-network-of-peers: stack west has its kind clusters on the Docker network "other" and this one on "usmesh", where they cannot reach each other: make usmesh:docker.network the same in both',
      ]);
    });

    it("must have another slice of the address plan", () => {
      expect(problems([at({ network: "usmesh", addressIndex: 2 })])).to.deep.equal([
        "address-index-conflict: cluster east of this stack has the address index 2, which cluster west of stack west has already: give one of them another in usmesh:clusters.east.addressIndex",
      ]);
      for (const addressIndex of [0, 1]) expect(peerProblems(east, [at({ network: "usmesh", addressIndex })])).to.deep.equal([]);
    });

    it("may have no slice of the address plan, as this stack's own may", () => {
      const own: OwnPart = {
        ...{ mesh: "usmesh", trustDomain: "cluster.local", docker: { network: "usmesh" } },
        clusters: [{ key: "east", clusterName: "east-cluster", network: "east-network", driver: { type: "kind" }, addressIndex: 0 }],
      };
      expect(peerProblems(own, [at({ network: "usmesh", addressIndex: 0 })])).to.deep.equal([]);
    });

    it("may be on any network when this stack says nothing of its own", () => {
      const own: OwnPart = { mesh: "usmesh", trustDomain: "cluster.local", clusters: [{ key: "east", clusterName: "east-cluster", network: "east-network" }] };
      expect(peerProblems(own, [at({ network: "other", addressIndex: 2 })])).to.deep.equal([]);
    });

    it("may be on any network when this stack has none", () => {
      const existing = parseSettings({ clusters: { east: { driver: "existing", kubeconfig: "k", context: "c" } }, peers: ["west"], trust: { authority: "west" } }, { stack: "east" });
      expect(peerProblems(existing, [at({ network: "other", addressIndex: 2 })])).to.deep.equal([]);
    });
  });
});

describe("a peer that is not up", () => {
  it("is left out with the commands that bring it in", () => {
    expect(notUpWarning("east", "west")).to.match(/^stack west is not up yet.*Next: pulumi up -s west, then again pulumi up -s east.*#peer-not-up$/);
  });

  it("has to be brought up first when it signs for this stack", () => {
    expect(authorityNotUp("east", "west")).to.match(/^stack west is the authority that signs for stack east.*First: pulumi up -s west$/);
  });
});
