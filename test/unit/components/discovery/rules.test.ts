import { expect } from "chai";
import { meshConfigRules, noSecretsRules, passedPaths, peerRules } from "../../../../components/discovery/rules";

/** The path of a list in all namespaces, for each kind that a peer's account may read. */
const permitted = (): string[] => peerRules().flatMap(({ apiGroups: [group], resources }) => resources.map((resource) => `${group} ${resource}`));

describe("what a peer may read of a cluster", () => {
  it("is what its istiod lists and watches, in all namespaces", () => {
    expect(permitted()).to.deep.equal([
      " namespaces",
      " nodes",
      " pods",
      " services",
      "discovery.k8s.io endpointslices",
      "apiextensions.k8s.io customresourcedefinitions",
      "networking.istio.io workloadentries",
      "gateway.networking.k8s.io gateways",
    ]);
  });

  it("is of the ConfigMaps only the mesh's configuration", () => {
    expect(meshConfigRules()).to.deep.equal([{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["istio", "istio-blue", "istio-green"], verbs: ["list", "watch"] }]);
  });

  it("is of the Secrets only those of a namespace, which is the one that holds none", () => {
    expect(noSecretsRules()).to.deep.equal([{ apiGroups: [""], resources: ["secrets"], verbs: ["list", "watch"] }]);
  });

  it("is never more than a list or a watch", () => {
    for (const { verbs } of [...peerRules(), ...meshConfigRules(), ...noSecretsRules()]) expect(verbs).to.deep.equal(["list", "watch"]);
  });

  it("is passed on by the proxy, and nothing else is, but the server's version and the mesh's configuration", () => {
    const kinds = passedPaths("istio-system").flatMap((path) => {
      const [, group = "", , resource] = /^\/api(?:s\/([^/]+))?\/(v[^/]+)\/([a-z]+)$/.exec(path) ?? [];
      return resource === undefined ? [] : [`${group} ${resource}`];
    });
    expect([...new Set(kinds)]).to.deep.equal(permitted());
    expect(passedPaths("istio-system").filter((path) => !/^\/apis?\/.*v[^/]+\/[a-z]+$/.test(path))).to.deep.equal(["/version", "/api/v1/namespaces/istio-system/configmaps"]);
  });
});
