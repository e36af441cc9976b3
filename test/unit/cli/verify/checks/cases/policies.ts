import { type Case, noAnswer } from "../../support/cases";

const of = (account: string, trustDomain = "cluster.local"): string => `${trustDomain}/ns/istio-system/sa/${account}`;

export const policiesCases: readonly Case[] = [
  { what: "a policy for a ServiceAccount that no cluster has", change: (m) => m.principals(of("istio-ingressgateway-service-account")), found: ["fail identity.principals west"] },
  { what: "a policy for a ServiceAccount of another namespace", change: (m) => m.principals("cluster.local/ns/shop/sa/istio-ingressgateway"), found: ["fail identity.principals west"] },
  {
    what: "each client that is wrong in a policy",
    change: (m) => m.principals(of("one"), of("istio-ingressgateway"), of("two")),
    found: ["fail identity.principals west", "fail identity.principals west"],
  },
  { what: "a policy for a workload that does not run", change: (m) => m.principals("cluster.local/ns/istioinaction/sa/webapp"), found: ["warn identity.principals west"] },
  {
    what: "a policy for a workload of the other cluster",
    change: (m) => (m.principals("cluster.local/ns/shop/sa/client"), (m.east.identities = ["shop/client"])),
    found: [],
  },
  { what: "a policy that names no identity", change: (m) => m.principals("spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway"), found: ["fail identity.principals west"] },
  { what: "a policy for another trust domain", change: (m) => m.principals(of("istio-ingressgateway", "other.example")), found: ["fail identity.principals west"] },
  {
    what: "a policy for an alias of the trust domain",
    change: (m) => (m.istiod({ trustDomainAliases: ["other.example"] }), m.principals(of("istio-ingressgateway", "other.example"))),
    found: [],
  },
  {
    what: "a policy for cluster.local where the trust domain has another name",
    change: (m) => [m.west, m.east].forEach((cluster) => (cluster.istiod = { ...cluster.istiod, trustDomain: "mesh.example" })),
    // The requests of the healthy mesh were seen with the name that it had.
    found: ["fail traffic.identity west→east", "fail traffic.identity east→west"],
  },
  { what: "policies that may not be read", change: (m) => (m.west.policies = noAnswer), found: ["unknown identity.principals west"] },
  {
    what: "a policy for a ServiceAccount that a cluster may have whose ServiceAccounts may not be read",
    change: (m) => (m.principals(of("unheard-of")), (m.east.accounts = noAnswer)),
    found: ["unknown identity.principals west"],
  },
  { what: "a policy for a workload that runs, where ServiceAccounts may not be read", change: (m) => (m.west.accounts = noAnswer), found: [] },
  { what: "no policy that names a client", change: (m) => (m.west.policies = { ok: true, value: [] }), found: [], skipped: ["identity.principals west"] },
];
