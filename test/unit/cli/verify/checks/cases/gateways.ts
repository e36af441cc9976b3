import { issue } from "../../support/authority";
import { type Case, type Mesh, noAnswer } from "../../support/cases";

export const gatewaysCases: readonly Case[] = [
  { what: "no gateway", change: (m) => (m.west.gateways = { services: [], passthrough: [] }), found: ["fail gateways.present west"] },
  { what: "a gateway without an address", change: (m) => m.service({ addresses: [] }), says: [/has no address \| .*MetalLB.* -n istio-system describe service istio-eastwestgateway$/m], found: ["fail gateways.address west"] },
  { what: "a gateway without port 15443", change: (m) => m.service({ hasPort15443: false }), says: [/has no port 15443 \| .*networkGateway \| \.\/mesh up$/m], found: ["fail gateways.address west"] },
  { what: "a gateway scaled to zero", change: (m) => m.service({ readyPods: 0 }), found: ["fail gateways.ready west"] },
  {
    what: "a gateway scaled to zero, and not the connections that it refuses therefore",
    change: (m: Mesh): void => {
      m.service({ readyPods: 0 });
      const connection = { ok: true, value: { accepted: false, error: "connection refused" } } as const;
      m.facts.pairs = m.facts.pairs.map((pair) => (pair.to === "west" ? { ...pair, probes: pair.probes.map((probe) => ({ ...probe, connection })) } : pair));
    },
    found: ["fail gateways.ready west"],
  },
  { what: "no Gateway resource", change: (m) => (m.west.gateways = { ...m.west.gateways, passthrough: [] }), found: ["fail gateways.passthrough west"] },
  {
    what: "a Gateway resource for other pods",
    change: (m) => (m.west.gateways = { ...m.west.gateways, passthrough: [{ name: "n", selector: { istio: "ingress" }, hosts: ["*.local"] }] }),
    found: ["fail gateways.passthrough west"],
  },
  {
    what: "a second Gateway that leads to more",
    change: (m) => m.passthrough({ name: "shop/wide", selector: m.west.gateways.services[0]!.selector, hosts: ["shop/*"] }),
    says: [/^fail gateways\.exposed west: other networks also reach shop\/\* \(shop\/wide\) .* -n shop edit \S+ wide,/m, /^pass gateways\.exposed east: other networks reach \*\.local, and nothing else$/m],
    found: ["fail gateways.exposed west"],
  },
  {
    what: "a Gateway that leads to more than it was created for",
    change: (m) => (m.west.gateways = { ...m.west.gateways, passthrough: m.west.gateways.passthrough.map((own) => ({ ...own, intended: ["*.shop.svc.cluster.local"] })) }),
    found: ["fail gateways.exposed west"],
  },
  {
    what: "a Gateway that leads to one of the hosts that it was made for",
    change: (m) => (m.west.gateways = { ...m.west.gateways, passthrough: m.west.gateways.passthrough.map((own) => ({ ...own, intended: ["*.shop.svc.cluster.local", "*.local"] })) }),
    found: [],
  },
  {
    what: "a gateway without an address or a pod, and not what cannot be tried therefore",
    change: (m: Mesh): void => {
      m.service({ addresses: [], readyPods: 0 });
      const broken = { connection: { ok: true, value: { accepted: false, error: "connection refused" } }, chain: noAnswer, foreign: noAnswer } as const;
      m.facts.pairs = m.facts.pairs.map((pair) => (pair.to === "west" ? { ...pair, probes: pair.probes.map((probe) => ({ ...probe, ...broken })) } : pair));
    },
    found: ["fail gateways.address west", "fail gateways.ready west"],
  },
  {
    what: "a second Gateway that leads to a part of the same, and one for other pods",
    change: (m: Mesh): void => {
      m.passthrough({ name: "shop/part", selector: m.west.gateways.services[0]!.selector, hosts: ["shop/*.shop.svc.cluster.local", "*.local"] });
      m.passthrough({ name: "shop/other", selector: { istio: "ingress" }, hosts: ["*"] });
    },
    found: [],
  },
  {
    what: "gateways of another mesh, which do not say what they were made for",
    change: (m) => (m.west.gateways = { ...m.west.gateways, passthrough: m.west.gateways.passthrough.map((own) => ({ ...own, name: "istio-system/expose" })) }),
    found: [],
    skipped: ["gateways.exposed west"],
  },
  {
    what: "a firewall between the clusters",
    change: (m) => m.probe({ connection: { ok: true, value: { accepted: false, error: "no answer within 3 s" } } }),
    says: [/^fail gateways\.open west→east: .*no answer within 3 s/m], found: ["fail gateways.open west→east"],
  },
  {
    what: "a gateway that no proxy could try, where no request was sent",
    change: (m) => (m.noTraffic(), m.probe({ connection: noAnswer })),
    found: ["unknown gateways.open west→east"],
  },
  { what: "a gateway that no proxy could try, where a request passed it", change: (m) => m.probe({ connection: noAnswer }), found: [], skipped: ["gateways.open west→east"] },
  {
    what: "a gateway that no proxy could try, where the request failed",
    change: (m) => (m.probe({ connection: noAnswer }), m.traffic({ status: 503 })),
    found: ["unknown gateways.open west→east", "fail traffic.request west→east"],
  },
  {
    what: "a gateway behind which another authority's certificate is presented",
    change: async (m) => m.probe({ chain: { ok: true, value: (await issue({ name: "stranger" })).pem } }),
    found: ["fail gateways.chain east"],
  },
  {
    what: "a gateway that this machine does not reach, where no request was sent",
    change: (m) => (m.noTraffic(), m.probe({ chain: noAnswer })),
    found: ["unknown gateways.chain east"],
  },
  { what: "a gateway that this machine does not reach, where a request passed it", change: (m) => m.probe({ chain: noAnswer }), found: [], skipped: ["gateways.chain east"] },
  {
    what: "a gateway that this machine does not reach, where another cluster answered the request",
    change: (m) => (m.probe({ chain: noAnswer }), m.traffic({ servedBy: "west" })),
    found: ["unknown gateways.chain east", "fail traffic.request west→east"],
  },
  { what: "a gateway without a workload behind it", change: (m) => m.probe({ chain: { ok: true, value: undefined }, foreign: { ok: true, value: undefined } }), found: [], skipped: ["gateways.chain east", "gateways.foreign-root east"] },
  {
    what: "a gateway behind which a client of another root is accepted",
    change: (m) => m.probe({ foreign: { ok: true, value: { accepted: true } } }),
    found: ["fail gateways.foreign-root east"],
  },
  {
    what: "a gateway that ends the connection of a client of another root without a reason",
    change: (m) => m.probe({ foreign: noAnswer }),
    found: ["unknown gateways.foreign-root east"],
  },
  {
    what: "a client of another root from a machine that does not reach the gateway",
    change: (m) => m.probe({ chain: noAnswer, foreign: noAnswer }),
    found: [],
    skipped: ["gateways.foreign-root east"],
  },
  {
    what: "no root that can be read",
    change: (m) => [m.west, m.east].forEach((c) => (c.cacerts = { ok: false, error: "secrets is forbidden" })),
    found: [
      ...["trust.cacerts west", "trust.cacerts east", "trust.roots mesh"].map((name) => `unknown ${name}`),
      ...["gateways.chain west", "gateways.chain east", "proxies.roots west", "proxies.roots east"].map((name) => `unknown ${name}`),
    ],
  },
];
