import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { IstioPrimary, MetalLB, type IstioPrimaryArgs, type IstioUpgrade } from "../../../components";
import { anything, CACERTS, CHARTS, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-istio";
const ARGS: IstioPrimaryArgs = { meshId: "usmesh", clusterName: "west-cluster", network: "west-network", cacerts: CACERTS, charts: CHARTS, kubeconfig: KUBECONFIG };
const create = (args: Partial<IstioPrimaryArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new IstioPrimary(NAME, { ...ARGS, ...args }, opts);
const UPGRADE: IstioUpgrade = { revision: "blue", step: "beside", charts: { ...CHARTS, version: "1.31.5" } };
const register = sharedWorld((args?: Partial<IstioPrimaryArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));
const valuesOf = (world: World, release: string) => resource(world, `${NAME}-${release}`).inputs["values"] as Record<string, unknown>;

describe("IstioPrimary", () => {
  it("is a namespace, certificates, three releases, the ingress gateway's Service and a reader token", async () => {
    expect(typesBelow(await register(), NAME)).to.deep.equal({
      "west-istio-namespace": "kubernetes:core/v1:Namespace",
      "west-istio-cacerts": "kubernetes:core/v1:Secret",
      "west-istio-base": "kubernetes:helm.sh/v3:Release",
      "west-istio-istiod": "kubernetes:helm.sh/v3:Release",
      "west-istio-ingress": "kubernetes:helm.sh/v3:Release",
      "west-istio-ingress-service": "kubernetes:core/v1:Service",
      "west-istio-reader-1": "kubernetes:core/v1:Secret",
    });
  });

  it("records its place in the mesh and the reader tokens that exist, with every default", async () => {
    expect(resource(await register(), NAME)).to.deep.include({
      type: "usmesh:index:IstioPrimary",
      inputs: {
        meshId: "usmesh",
        clusterName: "west-cluster",
        network: "west-network",
        trustDomain: "cluster.local",
        profile: "demo",
        charts: CHARTS,
        readerGenerations: [1],
      },
    });
  });

  it("labels its namespace with the network", async () => {
    const world = await register();
    expect(resource(world, `${NAME}-namespace`).inputs["metadata"]).to.deep.equal({
      name: "istio-system",
      labels: { "topology.istio.io/network": "west-network" },
      annotations: { "usmesh.io/stack": "organization/usmesh/test" },
    });
  });

  it("keeps a namespace that was there before, and says that it did not create it", async () => {
    const created = resource(await register(), `${NAME}-namespace`);
    const adopted = resource(await register({ adopted: true }), `${NAME}-namespace`);
    expect(adopted.inputs["metadata"]).to.deep.include({ annotations: { "usmesh.io/adopted-by": "organization/usmesh/test" } });
    expect([created, adopted].map(({ retainOnDelete }) => retainOnDelete)).to.deep.equal([undefined, true]);
  });

  it("has no ingress gateway when none is wanted", async () => {
    const names = Object.keys(typesBelow(await register({ ingress: false, ingressAddress: "10.0.0.1" }), NAME));
    expect(names.filter((name) => name.includes("ingress"))).to.deep.equal([]);
    await runPiece(() => expect(create({ ingress: false }, optionsIn("west")).ingressAddress).to.equal(undefined));
  });

  it("tells istiod its mesh, its cluster, its network and its trust domain", async () => {
    expect(valuesOf(await register({ trustDomain: "example.org", hub: "registry.example", tag: "1" }), "istiod")).to.deep.nested.include({
      "global.meshID": "usmesh",
      "global.multiCluster": { clusterName: "west-cluster" },
      "global.network": "west-network",
      "global.hub": "registry.example",
      "global.tag": "1",
      "meshConfig.trustDomain": "example.org",
    });
  });

  it("passes the profile and extra values on to each chart", async () => {
    const world = await register({ profile: "production", values: { base: { a: 1 }, istiod: { b: 2 }, gateway: { c: 3 } } });
    expect(valuesOf(world, "base")).to.include({ a: 1 });
    expect(valuesOf(world, "istiod")).to.include({ b: 2, replicaCount: 2 });
    expect(valuesOf(world, "ingress")).to.include({ c: 3, replicaCount: 2 });
  });

  it("names its releases as Istio's documentation does", async () => {
    const world = await register();
    const names = ["base", "istiod", "ingress"].map((release) => resource(world, `${NAME}-${release}`).inputs["name"]);
    expect(names).to.deep.equal(["istio-base", "istiod", "istio-ingressgateway"]);
  });

  it("keeps the certificates in a Secret that istiod reads, and ignores no change of them", async () => {
    const secret = resource(await register(), `${NAME}-cacerts`);
    expect(secret.inputs).to.deep.include({ type: "Opaque", metadata: { name: "cacerts", namespace: "istio-system" } });
    expect(redacted(secret.inputs["data"])).to.equal("[secret]");
    const data = plain(secret.inputs["data"]) as Record<string, string>;
    const files = Object.fromEntries(Object.entries(data).map(([file, text]) => [file, Buffer.from(text, "base64").toString()]));
    expect(files).to.deep.equal({
      "ca-cert.pem": CACERTS.caCert,
      "ca-key.pem": CACERTS.caKey,
      "cert-chain.pem": CACERTS.certChain,
      "root-cert.pem": CACERTS.rootCert,
    });
    expect(secret.ignoreChanges).to.equal(undefined);
  });

  it("restarts istiod when its certificates change, and not when only the key does", async () => {
    const annotation = async (cacerts: IstioPrimaryArgs["cacerts"]) =>
      (valuesOf(await register({ cacerts }), "istiod")["podAnnotations"] as Record<string, string>)["usmesh.io/cacerts"];
    const first = await annotation(CACERTS);
    expect(first).to.match(/^[0-9a-f]{16}$/);
    expect(await annotation({ ...CACERTS, caKey: "other" })).to.equal(first);
    expect(await annotation({ ...CACERTS, certChain: "other" })).not.to.equal(first);
    expect(await annotation({ ...CACERTS, rootCert: "other" })).not.to.equal(first);
  });

  it("installs base, then istiod with its certificates, then the ingress gateway", async () => {
    const world = await register();
    expect(resource(world, `${NAME}-base`).dependsOn).to.include(`${NAME}-namespace`);
    expect(resource(world, `${NAME}-istiod`).dependsOn).to.include.members([`${NAME}-base`, `${NAME}-cacerts`]);
    expect(resource(world, `${NAME}-ingress`).dependsOn).to.include(`${NAME}-istiod`);
    expect(resource(world, `${NAME}-reader-1`).dependsOn).to.include(`${NAME}-base`);
  });

  describe("the ingress gateway's address", () => {
    const withMetalLB = (values: IstioPrimaryArgs["values"] = {}): Promise<World> =>
      runPiece(() => {
        const options = optionsIn("west");
        const { addresses } = new MetalLB("metallb", { addresses: ["10.0.0.1-10.0.0.9"], charts: CHARTS, kubeconfig: KUBECONFIG }, options);
        create({ ingressAddress: addresses.apply(() => "10.0.0.1"), values }, options);
      });

    it("is asked for where it is given, and left open where it is not", async () => {
      expect(valuesOf(await withMetalLB(), "ingress")["service"]).to.deep.equal({
        type: "LoadBalancer",
        annotations: { "metallb.io/loadBalancerIPs": "10.0.0.1" },
      });
      expect(valuesOf(await register(), "ingress")["service"]).to.deep.equal({ type: "LoadBalancer" });
    });

    it("makes the gateway alone wait for MetalLB, also where the values ask for another one", async () => {
      for (const values of [{}, { gateway: { service: { annotations: { "metallb.io/loadBalancerIPs": "10.0.0.5" } } } }]) {
        const world = await withMetalLB(values);
        const waiting = world.resources.filter(({ name, dependsOn }) => name.startsWith(NAME) && dependsOn.includes("metallb-pool"));
        expect(waiting.map(({ name }) => name)).to.deep.equal([`${NAME}-ingress`]);
        expect(resource(world, `${NAME}-ingress`).dependsOn).to.include("metallb-advertisement");
      }
    });

    for (const loadBalancer of [{ ip: "10.0.0.1" }, { hostname: "lb.example" }, { ip: "10.0.0.1", hostname: "lb.example" }]) {
      it(`is what the load balancer has: ${JSON.stringify(loadBalancer)}`, async () => {
        const { componentOutputs } = await runPiece(() => create({}, optionsIn("west")), { loadBalancer });
        const addresses = componentOutputs.map((outputs) => (outputs as { ingressAddress?: string }).ingressAddress);
        expect(addresses).to.include(loadBalancer.ip ?? "lb.example");
      });
    }
  });

  describe("the reader's tokens", () => {
    it("are Secrets that Kubernetes fills, with one per generation", async () => {
      const world = await register({ readerGenerations: [2, 3] });
      const names = Object.keys(typesBelow(world, NAME)).filter((name) => name.includes("-reader-"));
      expect(names).to.deep.equal([`${NAME}-reader-2`, `${NAME}-reader-3`]);
      expect(resource(world, NAME).inputs["readerGenerations"]).to.deep.equal([2, 3]);
      expect(resource(world, `${NAME}-reader-3`).inputs).to.deep.include({
        type: "kubernetes.io/service-account-token",
        metadata: {
          name: "istio-reader-service-account-3",
          namespace: "istio-system",
          annotations: {
            "kubernetes.io/service-account.name": "istio-reader-service-account",
            "pulumi.com/waitFor": "jsonpath={.data.token}",
          },
        },
      });
    });

    it("are none where no peer reads the API server", async () => {
      const world = await register({ readerGenerations: [] });
      expect(Object.keys(typesBelow(world, NAME)).filter((name) => name.includes("-reader-"))).to.deep.equal([]);
      expect(world.componentOutputs.filter((outputs) => (outputs as { credentials?: unknown }).credentials !== undefined)).to.deep.equal([]);
    });

    it("give peers the newest one, as a secret", async () => {
      const { componentOutputs } = await register({ readerGenerations: [2, 3, 4] });
      const credentials = componentOutputs.flatMap((outputs) => (outputs as { credentials?: unknown }).credentials ?? []);
      expect(credentials.map(redacted)).to.deep.equal(["[secret]"]);
      expect(plain(credentials[0])).to.deep.equal({ caCertificate: "authority of the API server", token: `canary token ${NAME}-reader-4` });
    });
  });

  describe("an istiod that takes over", () => {
    it("is recorded, and no login for its charts is", async () => {
      const charts = { ...UPGRADE.charts, credentials: { username: "reader", password: "canary" } };
      expect(resource(await register({ upgrade: { ...UPGRADE, charts } }), NAME).inputs["upgrade"]).to.deep.equal(UPGRADE);
    });

    it("is a release beside the first, with a tag in front of both, and nothing else", async () => {
      const [before, after] = [typesBelow(await register(), NAME), typesBelow(await register({ upgrade: UPGRADE }), NAME)];
      expect(after).to.deep.equal({
        ...before,
        "west-istio-istiod-blue": "kubernetes:helm.sh/v3:Release",
        "west-istio-tag": "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration",
      });
    });

    it("is all that is left at the end, with the name that it had, and the tag leads to it once it is ready", async () => {
      const world = await register({ revision: "blue" });
      expect(Object.keys(typesBelow(world, NAME)).filter((name) => name.includes("-istiod"))).to.deep.equal([`${NAME}-istiod-blue`]);
      expect(resource(world, `${NAME}-tag`).inputs["metadata"]).to.deep.nested.include({ "labels.istio\\.io/rev": "blue" });
      expect(resource(world, `${NAME}-tag`).dependsOn).to.include(`${NAME}-istiod-blue`);
      expect(valuesOf(world, "base")).to.include({ defaultRevision: "blue" });
      expect(valuesOf(world, "ingress")).to.include({ revision: "blue" });
    });

    it("is what the component gives to what needs an injector, once it has taken over", async () => {
      for (const [step, injects] of [["gateways", "default"], ["workloads", "blue"]] as const) {
        await runPiece(() => {
          const primary = create({ upgrade: { ...UPGRADE, step } }, optionsIn("west"));
          expect(primary.revision).to.equal(injects);
          expect(primary.istiod).to.equal(primary.istiodOf(injects));
          expect(() => primary.istiodOf("green")).to.throw("no istiod of revision green");
        });
      }
    });
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  it("waits for what is in the option dependsOn, with everything in it", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: anything("earlier") }));
    expect(resource(world, NAME).dependsOn).to.include("earlier");
  });

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
