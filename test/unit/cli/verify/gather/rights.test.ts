import { expect } from "chai";
import { ApiServer } from "../../../../../lib/api-server";
import { excessOf, gatherExcess, type Rule } from "../../../../../cli/verify/gather/rights";
import { meshConfigRules, noSecretsRules, peerRules } from "../../../../../components/discovery/rules";
import { FakeApiServer } from "../../../support/fake-api-server";

/** What everybody who is logged in may do. */
const BASIC: Rule[] = [
  { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"] },
  { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
];

/** The parts of Istio's own reader role that matter. */
const ISTIO: Rule[] = [
  { verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["endpoints", "pods", "services", "secrets", "configmaps"] },
  { verbs: ["get", "list", "watch", "create", "delete"], apiGroups: ["multicluster.x-k8s.io"], resources: ["serviceexports"] },
];

describe("what a token may do beyond what istiod needs", () => {
  it("is nothing with the roles of the discovery proxy's accounts", () => {
    expect(excessOf([...BASIC, ...peerRules(), ...meshConfigRules()], "istio-system")).to.deep.equal([]);
    expect(excessOf([...BASIC, ...peerRules()], "default")).to.deep.equal([]);
  });

  it("is every Secret and ConfigMap, and writing, with Istio's own role", () => {
    expect(excessOf([...BASIC, ...ISTIO], "default")).to.deep.equal(["get, list, watch secrets, configmaps", "create, delete serviceexports"]);
  });

  for (const [what, rule, found] of [
    ["all resources", { verbs: ["get"], apiGroups: ["*"], resources: ["*"] }, ["get *"]],
    ["everything", { verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, ["* *", "* *"]],
    ["logs", { verbs: ["get"], apiGroups: [""], resources: ["pods/log"] }, ["get pods/log"]],
    ["a proxy to nodes", { verbs: ["get"], apiGroups: [""], resources: ["nodes/proxy"] }, ["get nodes/proxy"]],
    ["commands in pods", { verbs: ["create"], apiGroups: [""], resources: ["pods/exec"] }, ["create pods/exec"]],
    ["a ConfigMap of another namespace", { verbs: ["get"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["istio"] }, ["get configmaps"]],
    ["reviews beside others", { verbs: ["create"], apiGroups: ["authorization.k8s.io", "apps"], resources: ["*"] }, ["create *"]],
  ] as const) {
    it(`is ${what}, where a rule allows that`, () => expect(excessOf([rule], "default")).to.deep.equal(found));
  }

  it("is the Secrets of the one namespace that holds none, were it asked about", () => {
    expect(excessOf(noSecretsRules(), "usmesh-no-secrets")).to.deep.equal(["list, watch secrets"]);
  });

  it("is asked of the API server in several namespaces, and told once", async () => {
    const api = await FakeApiServer.start();
    try {
      api.objects.set("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", { metadata: { name: "" }, status: { resourceRules: ISTIO } });
      const server = (JSON.parse(api.kubeconfig) as { clusters: { cluster: { server: string } }[] }).clusters[0]!.cluster.server;
      const found = await gatherExcess(new ApiServer({ server, apply: () => undefined }, 5000));
      expect(found).to.deep.equal(["get, list, watch secrets, configmaps", "create, delete serviceexports"]);
      expect(api.asked.map(({ path }) => path)).to.have.length(3);
    } finally {
      api.stop();
    }
  });
});
