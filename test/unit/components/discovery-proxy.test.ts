import { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { DiscoveryProxy, type DiscoveryProxyArgs } from "../../../components";
import type { DiscoveryPeer } from "../../../topology/discovery";
import { CANARY } from "./support/answers";
import { below, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { closure, namesOf, resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "east-discovery";
const PEERS: readonly DiscoveryPeer[] = [{ kind: "cluster", name: "west" }, { kind: "stack", name: "north" }];
const ca = { caCertificate: pulumi.output("authority"), certificate: pulumi.output("certificate"), key: pulumi.secret(`${CANARY} key`) };

const create = (args: Partial<DiscoveryProxyArgs> = {}, opts: pulumi.ComponentResourceOptions = {}) => {
  const istiod = new Release("east-istio-istiod", { chart: "istiod" }, optionsIn("east"));
  return new DiscoveryProxy(NAME, { clusterKey: "east", gatewayAddress: "172.18.255.202", namespace: "istio-system", istiod, ca, peers: PEERS, kubeconfig: KUBECONFIG, ...args }, opts);
};
const register = sharedWorld((args?: Partial<DiscoveryProxyArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));

describe("DiscoveryProxy", () => {
  it("is a proxy behind the gateway, an account for each peer, and a namespace without Secrets", async () => {
    const kinds = Object.fromEntries(Object.entries(typesBelow(await register(), NAME)).map(([name, type]) => [name.replace(`${NAME}-`, ""), type.split(":").at(-1)]));
    expect(kinds).to.deep.equal({
      namespace: "Namespace",
      "no-secrets": "Namespace",
      "no-secrets-quota": "ResourceQuota",
      "cluster-west": "ServiceAccount",
      "cluster-west-1": "Secret",
      "stack-north": "ServiceAccount",
      "stack-north-1": "Secret",
      role: "ClusterRole",
      binding: "ClusterRoleBinding",
      "mesh-config-role": "Role",
      "mesh-config-binding": "RoleBinding",
      "no-secrets-role": "Role",
      "no-secrets-binding": "RoleBinding",
      config: "ConfigMap",
      certificate: "Secret",
      injector: "ConfigMap",
      deployment: "Deployment",
      service: "Service",
      gateway: "Gateway",
      virtualservice: "VirtualService",
      destinationrule: "DestinationRule",
    });
  });

  it("records who reads the cluster, with every default, and nothing that is secret", async () => {
    expect(resource(await register(), NAME).inputs).to.deep.equal({ clusterKey: "east", namespace: "istio-system", profile: "demo", peers: PEERS, generations: [1] });
  });

  it("gives peers the gateway's port between networks, the proxy's name and authority, and each its own token, as a secret", async () => {
    const { componentOutputs } = await register({ generations: [2, 3] });
    const [access] = componentOutputs.flatMap((outputs) => (outputs as { access?: unknown }).access ?? []);
    expect(redacted(access)).to.equal("[secret]");
    expect(plain(access)).to.deep.equal({
      server: "https://172.18.255.202:15443",
      serverName: "east.discovery.usmesh.internal",
      caCertificate: "authority",
      tokens: { "cluster-west": `${CANARY} token ${NAME}-cluster-west-3`, "stack-north": `${CANARY} token ${NAME}-stack-north-3` },
    });
  });

  it("gives a peer its own access, and others none", async () => {
    const seen: unknown[] = [];
    await runPiece(() => {
      const proxy = create({}, optionsIn("west"));
      proxy.accessFor({ kind: "cluster", name: "west" }).apply((access) => seen.push(access));
    });
    expect(seen).to.deep.equal([{ apiServer: "https://172.18.255.202:15443", serverName: "east.discovery.usmesh.internal", caCertificate: "authority", token: `${CANARY} token ${NAME}-cluster-west-1` }]);
    const error = await runPiece(() => create({}, optionsIn("west")).accessFor({ kind: "stack", name: "west" })).catch((thrown: Error) => thrown);
    expect(error).to.be.an("error").with.property("message").that.includes("no account for stack west");
  });

  it("forbids Secrets and pods in the namespace that holds none", async () => {
    const { inputs } = resource(await register(), `${NAME}-no-secrets-quota`);
    expect(inputs).to.deep.include({ metadata: { name: "no-secrets", namespace: "usmesh-no-secrets" }, spec: { hard: { secrets: "0", pods: "0" } } });
  });

  it("has the gateway pass the proxy's name on without terminating TLS, from other networks alone", async () => {
    const world = await register();
    expect(resource(world, `${NAME}-gateway`).inputs).to.deep.include({
      metadata: { name: "discovery-proxy", namespace: "istio-system" },
      spec: {
        selector: { istio: "eastwestgateway" },
        servers: [{ port: { number: 15443, name: "tls-discovery", protocol: "TLS" }, tls: { mode: "PASSTHROUGH" }, hosts: ["usmesh-discovery/east.discovery.usmesh.internal"] }],
      },
    });
    const host = "discovery-proxy.usmesh-discovery.svc.cluster.local";
    expect(resource(world, `${NAME}-virtualservice`).inputs["spec"]).to.deep.equal({
      hosts: ["east.discovery.usmesh.internal"],
      gateways: ["istio-system/discovery-proxy"],
      exportTo: ["istio-system"],
      tls: [{ match: [{ port: 15443, sniHosts: ["east.discovery.usmesh.internal"] }], route: [{ destination: { host, port: { number: 443 } } }] }],
    });
    expect(resource(world, `${NAME}-destinationrule`).inputs["spec"]).to.deep.equal({ host, exportTo: ["istio-system"], trafficPolicy: { tls: { mode: "DISABLE" } } });
  });

  it("writes its routes once istiod serves, whose webhook checks them", async () => {
    const world = await register();
    for (const kind of ["gateway", "virtualservice", "destinationrule"]) expect(resource(world, `${NAME}-${kind}`).dependsOn, kind).to.include("east-istio-istiod");
  });

  it("runs the image that istiod injects, of the profile's size, in a namespace that lets no pod do more than it needs", async () => {
    const [demo, production] = [await register(), await register({ profile: "production" })];
    const { replicas, template } = plain(resource(production, `${NAME}-deployment`).inputs["spec"]) as { replicas: number; template: { spec: { containers: { image: string }[] } } };
    expect(template.spec.containers.map(({ image }) => image)).to.deep.equal(["docker.example/istio/proxyv2:1.31.4"]);
    expect([replicas, namesOf(production, "PodDisruptionBudget"), namesOf(demo, "PodDisruptionBudget")]).to.deep.equal([2, [`${NAME}-budget`], []]);
    expect((resource(demo, `${NAME}-namespace`).inputs["metadata"] as { labels: object }).labels).to.include({ "pod-security.kubernetes.io/enforce": "restricted" });
  });

  it("keeps the certificate's key secret", async () => {
    expect(redacted(resource(await register(), `${NAME}-certificate`).inputs["data"])).to.equal("[secret]");
  });

  it("gives the access away only when everything that leads to the API server is there", async () => {
    const world = await runPiece(() => {
      const proxy = create({}, optionsIn("west"));
      new pulumi.ComponentResource("usmesh:test:After", "after", {}, { dependsOn: proxy.access.apply(() => []) as never });
    });
    const needed = ["deployment", "service", "gateway", "virtualservice", "destinationrule", "binding", "mesh-config-binding", "no-secrets-binding", "cluster-west-1", "stack-north-1"];
    expect([...closure(world, "after")]).to.include.members(needed.map((name) => `${NAME}-${name}`));
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  it("has nothing that is named after another cluster's peers", async () => {
    expect(Object.keys(below(await register({ peers: [] }), NAME)).filter((name) => /-(cluster|stack)-/.test(name))).to.deep.equal([]);
  });

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
