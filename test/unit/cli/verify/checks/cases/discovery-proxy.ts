import { issue, type Wanted } from "../../support/authority";
import { type Case, type Mesh, noAnswer } from "../../support/cases";
import { discoveryAuthority, HOST } from "../../support/healthy";

/** What the proxy of east presents. */
async function presents(m: Mesh, wanted: Partial<Wanted>, host?: string): Promise<void> {
  const leaf = await issue({ name: "proxy", issuer: await discoveryAuthority(), ca: false, hosts: [HOST("east")], ...wanted });
  m.through({ chain: { ok: true, value: leaf.pem }, ...(host === undefined ? {} : { host }) });
}

/** West reads east at its API server, with Istio's own account. */
function direct(m: Mesh): void {
  m.access({ through: undefined, excess: { ok: true, value: ["get, list, watch secrets"] } });
}

const proxy = (change: Partial<{ wanted: number; ready: number; hosts: string[] }>) => ({ ok: true, value: { wanted: 2, ready: 2, hosts: [HOST("east")], ...change } }) as const;

export const discoveryProxyCases: readonly Case[] = [
  { what: "a proxy scaled to zero", change: (m) => (m.east.discovery = proxy({ wanted: 0, ready: 0 })), found: ["fail discovery.proxy east"] },
  { what: "a proxy whose pods do not start", change: (m) => (m.east.discovery = proxy({ ready: 0 })), found: ["fail discovery.proxy east"] },
  { what: "a proxy with one of its replicas", change: (m) => (m.east.discovery = proxy({ ready: 1 })), found: ["warn discovery.proxy east"] },
  { what: "a proxy that is gone and that a peer asks for", change: (m) => (m.east.discovery = { ok: true, value: undefined }), found: ["fail discovery.proxy east"] },
  { what: "a proxy to which no gateway leads", change: (m) => (m.east.discovery = proxy({ hosts: [] })), found: ["fail discovery.proxy east"] },
  { what: "a gateway that leads to the proxy by another name", change: (m) => (m.east.discovery = proxy({ hosts: [HOST("west")] })), found: ["fail discovery.proxy east"] },
  { what: "a proxy that may not be read", change: (m) => (m.east.discovery = noAnswer), found: ["unknown discovery.proxy east"] },
  {
    what: "a cluster without a proxy that peers read at its API server, where the token may read Secrets",
    change: (m) => (direct(m), (m.east.discovery = { ok: true, value: undefined })),
    found: ["warn discovery.privileges west→east"],
    skipped: ["discovery.proxy east"],
  },
  { what: "a cluster with a proxy that one peer does not use yet", change: (m) => direct(m), found: ["warn discovery.privileges west→east"] },
  { what: "a proxy's certificate that has expired", change: (m) => presents(m, { since: 40, days: -1 }), found: ["fail discovery.certificate west→east"] },
  { what: "a proxy's certificate that ends in less than 14 days", change: (m) => presents(m, { days: 13.9 }), found: ["warn discovery.certificate west→east"] },
  { what: "a proxy's certificate that ends in 14 days", change: (m) => presents(m, { days: 14.1 }), found: [] },
  { what: "a proxy's certificate from another authority", change: async (m) => presents(m, { issuer: await issue({ name: "stranger" }) }), found: ["fail discovery.certificate west→east"] },
  { what: "a proxy's certificate for another cluster", change: (m) => presents(m, { hosts: [HOST("north")] }), found: ["fail discovery.certificate west→east"] },
  { what: "a proxy whose certificate nobody saw", change: (m) => m.through({ chain: noAnswer }), found: ["unknown discovery.certificate west→east"] },
  {
    what: "an API server that a peer reaches beside the proxy, which it says",
    change: (m) => m.through({ apiServer: { ok: true, value: { accepted: true } } }),
    says: [/^pass discovery\.server west→east: .* answers for east\.discovery\.usmesh\.internal, a list in 2 ms; the API server itself is reachable as well/m],
    found: [],
  },
  {
    what: "a proxy of which no time is known, and an API server that nobody could try",
    change: (m) => m.through({ latencyMs: undefined, apiServer: noAnswer }),
    says: [/^pass discovery\.server west→east: .* answers for east\.discovery\.usmesh\.internal$/m],
    found: [],
  },
  {
    what: "a proxy beside which nobody tried the API server",
    change: (m) => m.through({ apiServer: undefined }),
    says: [/^pass discovery\.server west→east: .*, a list in 2 ms$/m],
    found: [],
  },
  { what: "a Secret that the proxy lists", change: (m) => m.through({ secrets: { ok: true, value: 1 } }), found: ["fail discovery.privileges west→east"] },
  { what: "a peer's token that may do more than istiod needs", change: (m) => m.access({ excess: { ok: true, value: ["delete pods"] } }), found: ["fail discovery.privileges west→east"] },
  { what: "a token of which nobody knows what it may do", change: (m) => m.access({ excess: noAnswer }), found: ["unknown discovery.privileges west→east"] },
  {
    what: "a proxy that does not answer, once",
    change: (m) => (m.access({ denied: { ok: false, error: "socket hang up" }, failure: "unreachable", excess: undefined }), m.through({ chain: noAnswer, secrets: noAnswer })),
    found: ["fail discovery.server west→east"],
  },
];
