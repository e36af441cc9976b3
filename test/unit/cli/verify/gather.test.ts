import { expect } from "chai";
import { expiryOf, isLoopback } from "../../../../cli/verify/gather/access";
import { injectionOf } from "../../../../cli/verify/gather/cluster";
import { readyAddresses, remoteServices } from "../../../../cli/verify/gather/endpoints";
import { gatewayServices, passthroughOf } from "../../../../cli/verify/gather/gateways";
import { groupLog } from "../../../../cli/verify/gather/logs";
import { nameLookup } from "../../../../cli/verify/gather/names";
import { judgeConnection } from "../../../../cli/verify/gather/probes";
import { remoteEntry } from "../../../../cli/verify/gather/remote-secrets";
import type { Pod, Service } from "../../../../cli/verify/gather/resources";
import { cacertsOf } from "../../../../cli/verify/gather/trust";
import { proberConfig } from "../../../../cli/verify/traffic/envoy";
import { isRunNamespace, proberObjects, runNamespace } from "../../../../cli/verify/traffic/objects";
import { proxyImage } from "../../../../cli/verify/traffic/run";

function pod(name: string, change: Partial<Pod> & { labels?: Record<string, string>; containers?: string[]; ready?: boolean } = {}): Pod {
  const containers = (change.containers ?? ["app", "istio-proxy"]).map((c) => ({ name: c, image: `example/${c}:1` }));
  return {
    metadata: { name, namespace: "shop", labels: change.labels ?? {} },
    spec: { containers, ...change.spec },
    status: { phase: "Running", podIP: "10.10.0.5", conditions: [{ type: "Ready", status: change.ready === false ? "False" : "True" }] },
  };
}

function kubeconfig(change: { token?: string; server?: string; ca?: string } = {}): string {
  const cluster = { server: change.server ?? "https://172.18.0.3:6443", "certificate-authority-data": change.ca ?? Buffer.from("PEM").toString("base64") };
  return JSON.stringify({
    "current-context": "east-cluster",
    contexts: [{ name: "east-cluster", context: { cluster: "east-cluster", user: "east-cluster" } }],
    clusters: [{ name: "east-cluster", cluster }],
    users: [{ name: "east-cluster", user: { token: change.token ?? "abc" } }],
  });
}

describe("what verify reads", () => {
  describe("of the names of API servers", () => {
    const refusing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

    it("is asked for once, however many pairs of clusters want to know at the same time", async () => {
      const asked: string[] = [];
      const isKnown = nameLookup(1000, (host) => Promise.resolve(asked.push(host)));
      expect(await Promise.all(["west", "east", "west", "west"].map((host) => isKnown(host)))).to.deep.equal([true, true, true, true]);
      expect(asked).to.deep.equal(["west", "east"]);
    });

    it("tells names that only the clusters' own network knows, and those whose answer does not come", async () => {
      expect(await nameLookup(1000, refusing("ENOTFOUND"))("west")).to.equal(false);
      expect(await nameLookup(1000, refusing("EAI_AGAIN"))("west")).to.equal(false);
      expect(await nameLookup(10, () => new Promise(() => undefined))("west")).to.equal(false);
      expect(await nameLookup(1000, refusing("EMFILE"))("west")).to.equal(true);
      expect(await nameLookup(1000)("127.0.0.1")).to.equal(true);
    });
  });

  it("of a remote Secret: the server of the current context, and the token apart from the facts", () => {
    const entry = remoteEntry("istio-system/remote", "east-cluster", kubeconfig());
    expect(entry.facts).to.deep.equal({ secret: "istio-system/remote", key: "east-cluster", server: "https://172.18.0.3:6443", problem: undefined });
    expect(entry.token).to.equal("abc");
    expect(JSON.stringify(entry.facts)).not.to.contain("abc");
  });

  for (const [what, text, problem] of [
    ["no YAML", "{", "no YAML"],
    ["an empty kubeconfig", "", "names no server"],
    ["no token", kubeconfig({ token: "" }), "no token"],
  ] as const) {
    it(`of a remote Secret with ${what}: what is wrong with it`, () => {
      expect(remoteEntry("s", "k", text).facts.problem).to.contain(problem);
    });
  }

  it("of a token: when it ends, if it does", () => {
    const claims = (value: object): string => `x.${Buffer.from(JSON.stringify(value)).toString("base64url")}.y`;
    expect(expiryOf(claims({ exp: 1_800_000_000 }))).to.equal("2027-01-15T08:00:00.000Z");
    expect(expiryOf(claims({ sub: "x" }))).to.equal(undefined);
    expect(expiryOf("opaque")).to.equal(undefined);
    expect(expiryOf(undefined)).to.equal(undefined);
  });

  it("of a server: whether it means the caller's own machine", () => {
    for (const own of ["https://127.0.0.1:6443", "https://localhost:1", "https://[::1]:6443", "https://0.0.0.0:6443"]) expect(isLoopback(own), own).to.equal(true);
    for (const other of ["https://172.18.0.2:6443", "https://west-control-plane:6443", "not a url"]) expect(isLoopback(other), other).to.equal(false);
  });

  it("of Services: the gateways of a network, with addresses by IP or name and their ready pods", () => {
    const service: Service = {
      metadata: { name: "ew", namespace: "shop", labels: { "topology.istio.io/network": "west-network" } },
      spec: { type: "LoadBalancer", selector: { istio: "ew" }, ports: [{ port: 15443 }], externalIPs: ["192.0.2.9"] },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }, { hostname: "lb.example.org" }] } },
    };
    const pods = [pod("a", { labels: { istio: "ew" } }), pod("b", { labels: { istio: "ew" }, ready: false }), pod("c")];
    expect(gatewayServices([service, { metadata: { name: "plain" }, spec: {} }], pods)).to.deep.equal([
      {
        name: "shop/ew",
        network: "west-network",
        addresses: ["192.0.2.1", "lb.example.org", "192.0.2.9"],
        hasPort15443: true,
        selector: { istio: "ew" },
        readyPods: 1,
      },
    ]);
  });

  it("of Gateways: those alone that pass through by SNI on 15443", () => {
    const gateway = (name: string, number: number, mode: string): Parameters<typeof passthroughOf>[0][number] => ({
      metadata: { name, namespace: "istio-system" },
      spec: { selector: { istio: "ew" }, servers: [{ port: { number }, tls: { mode }, hosts: ["*.local"] }] },
    });
    const found = passthroughOf([gateway("right", 15443, "AUTO_PASSTHROUGH"), gateway("mode", 15443, "PASSTHROUGH"), gateway("port", 443, "AUTO_PASSTHROUGH")]);
    expect(found).to.deep.equal([{ name: "istio-system/right", selector: { istio: "ew" }, hosts: ["*.local"] }]);
  });

  it("of pods: which lack a sidecar in a namespace with injection, and which are exempt", () => {
    const namespaces = [{ metadata: { name: "shop", labels: { "istio-injection": "enabled" } } }, { metadata: { name: "other" } }];
    const pods = [pod("good"), pod("bare", { containers: ["app"] }), pod("exempt", { containers: ["app"], labels: { "sidecar.istio.io/inject": "false" } })];
    expect(injectionOf(namespaces, pods)).to.deep.equal([{ namespace: "shop", missing: ["bare"], injected: 1 }]);
    expect(injectionOf([{ metadata: { name: "shop", labels: { "istio.io/rev": "stable" } } }], pods)).to.have.length(1);
  });

  it("of EndpointSlices: the ready addresses of each service", () => {
    const slice = (name: string, addresses: string[], ready?: boolean): Parameters<typeof readyAddresses>[0][number] => ({
      metadata: { name: `${name}-1`, namespace: "shop", labels: { "kubernetes.io/service-name": name } },
      endpoints: [{ addresses, conditions: { ready } }],
    });
    const found = readyAddresses([slice("web", ["10.0.0.1"], true), slice("web", ["10.0.0.2"]), slice("down", ["10.0.0.3"], false)]);
    expect([...found]).to.deep.equal([["web.shop", ["10.0.0.1", "10.0.0.2"]]]);
  });

  it("of a proxy: where it sends requests for services of other clusters", () => {
    const status = (name: string, address: string, port: number): object => ({ name, host_statuses: [{ address: { socket_address: { address, port_value: port } } }] });
    const page = {
      cluster_statuses: [
        status("outbound|80||catalog.shop.svc.cluster.local", "192.0.2.1", 15443),
        status("outbound|80||local.shop.svc.cluster.local", "10.0.0.1", 8080),
        status("outbound|80|v1|catalog.shop.svc.cluster.local", "192.0.2.2", 15443),
        status("inbound|80||", "127.0.0.1", 80),
      ],
    } as Parameters<typeof remoteServices>[0];
    expect(remoteServices(page, new Map([["catalog.shop", ["east"]]]))).to.deep.equal([
      { service: "catalog.shop", clusters: ["east"], endpoints: [{ address: "192.0.2.1", port: 15443 }] },
    ]);
  });

  it("of curl: whether a connection stood, whatever came after", () => {
    expect(judgeConnection("0.000412 TLS connect error: unexpected eof").ok).to.equal(true);
    expect(judgeConnection("0.000000 Failed to connect to 192.0.2.1 port 15443")).to.deep.equal({ ok: false, error: "Failed to connect to 192.0.2.1 port 15443" });
    expect(judgeConnection("")).to.deep.equal({ ok: false, error: "no connection" });
  });

  it("of logs: errors, grouped without their variable parts, without tokens and without what is harmless", () => {
    const text = [
      "2026-01-01T00:00:00Z\terror\tkube\tfailed to list 10.0.0.1:6443 after 3s",
      "2026-01-01T00:00:01Z\terror\tkube\tfailed to list 10.0.0.2:6443 after 5s",
      "2026-01-01T00:00:02Z\tinfo\tall is well",
      "2026-01-01T00:00:03Z\terror\tads\tcontext canceled",
      "2026-01-01T00:00:03Z\terror\tcontrollers\terror handling v, retrying (retry count: 1): webhook is not ready, retry\tcontroller=validation",
      "E0101 00:00:00.000000       1 reflector.go:1] token eyJhbGciOiJ.eyJpc3MiOiJ.sig refused",
    ].join("\n");
    const groups = groupLog("istiod.istio-system", text);
    expect(groups.map((g) => [g.count, g.message])).to.deep.equal([
      [2, "failed to list <address> after <time>"],
      [1, "token <token> refused"],
    ]);
    expect(JSON.stringify(groups)).not.to.contain("eyJ");
  });

  it("of cacerts: its files and whether the key belongs, and never the key", () => {
    const facts = cacertsOf({ metadata: { name: "cacerts" }, data: { "ca-key.pem": Buffer.from("KEY").toString("base64") } });
    expect(facts).to.deep.equal({ keys: ["ca-key.pem"], caCert: undefined, certChain: undefined, rootCert: undefined, keyMatches: false });
  });
});

describe("verify's test workloads", () => {
  it("run the image of a proxy that is ready", () => {
    expect(proxyImage([pod("a", { ready: false }), pod("b")])).to.equal("example/istio-proxy:1");
    expect(proxyImage([pod("a", { containers: ["app"] })])).to.equal(undefined);
  });

  it("live in namespaces that are known as theirs, so that what comes and goes there is not taken for the mesh's", () => {
    expect(isRunNamespace(runNamespace("0a1b2c"))).to.equal(true);
    for (const other of ["istioinaction", "usmesh", undefined]) expect(isRunNamespace(other)).to.equal(false);
  });

  it("know a service for every cluster, run as no root, and carry the label by which they are found", () => {
    const objects = proberObjects("west", ["west", "east"], "usmesh-verify-0a1b2c", "example/proxy:1");
    expect(objects.map((o) => o.path.split("/").pop())).to.deep.equal(["serviceaccounts", "services", "services", "pods"]);
    const bodies = objects.map((o) => o.body as { metadata: { labels: Record<string, string> }; spec?: { containers?: { securityContext: { runAsNonRoot: boolean } }[] } });
    expect(bodies.every((b) => b.metadata.labels["app.kubernetes.io/managed-by"] === "usmesh-verify")).to.equal(true);
    expect(bodies[3]?.spec?.containers?.[0]?.securityContext.runAsNonRoot).to.equal(true);
  });

  it("listen for requests of others on the pod's address and for ours on loopback alone", () => {
    const config = proberConfig("west", "ns", ["east"]) as { static_resources: { listeners: { name: string; address: { socket_address: { address: string } } }[]; clusters: { name: string }[] } };
    const listeners = config.static_resources.listeners.map((l) => [l.name, l.address.socket_address.address]);
    expect(listeners).to.deep.equal([["server", "0.0.0.0"], ["client", "127.0.0.1"]]);
    expect(config.static_resources.clusters.map((c) => c.name)).to.deep.equal(["east"]);
  });
});
