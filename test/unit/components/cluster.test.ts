import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { clusterIdentity } from "../../../lib/kubeconfig";
import { FakeApiServer } from "../support/fake-api-server";
import { Cluster, type ClusterArgs } from "../../../components";
import { kubeconfigOf } from "./support/answers";
import { anything, expectOrdinary, itHonoursOptions, KIND, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
import { runPiece, type World } from "./support/world";

const create = (args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) => new Cluster("west", args, opts);
const register = (args: ClusterArgs): Promise<World> => runPiece(() => create(args));
const existing = { kubeconfig: kubeconfigOf("west") };

describe("Cluster", () => {
  describe("of kind", () => {
    it("is the cluster, the labels of its nodes, and a provider", async () => {
      expect(typesBelow(await register({ kind: KIND }), "west")).to.deep.equal({
        "west-kind": "command:local:Command",
        "west-labels": "command:local:Command",
        "west-provider": "pulumi:providers:kubernetes",
      });
    });

    it("records what it is made from", async () => {
      expect(resource(await register({ kind: KIND }), "west")).to.deep.include({ type: "usmesh:index:Cluster", inputs: { kind: KIND } });
    });

    it("deletes its provider and its labels with the cluster", async () => {
      const world = await register({ kind: KIND });
      for (const name of ["west-labels", "west-provider"]) expect(resource(world, name).deletedWith, name).to.equal("west-kind");
      expect(resource(world, "west-kind").deletedWith).to.equal(undefined);
    });

    it("is used only when its nodes have their region and zone", async () => {
      const world = await register({ kind: KIND });
      expect(resource(world, "west-provider").dependsOn).to.include("west-labels");
      expect(resource(world, "west-labels").inputs["environment"]).to.deep.equal({ KIND_NODE: "west-control-plane", REGION: "westus", ZONE: "0" });
    });

    it("has workers beside its control plane where there are several nodes, and is recreated for another number", async () => {
      const [one, three] = [await register({ kind: KIND }), await register({ kind: { ...KIND, nodes: 3 } })];
      expect(resource(one, "west-kind").inputs["environment"]).not.to.have.property("KIND_WORKERS");
      expect(resource(three, "west-kind").inputs["environment"]).to.include({ KIND_NODE: "west-control-plane", KIND_WORKERS: "west-worker west-worker2" });
      expect(resource(three, "west-kind").inputs["triggers"]).not.to.deep.equal(resource(one, "west-kind").inputs["triggers"]);
    });

    it("is recreated for another image, network or configuration, and not for another region or zone", async () => {
      const triggers = async (changes: Partial<typeof KIND>, incarnation = "1") =>
        resource(await runPiece(() => create({ kind: { ...KIND, ...changes } }), { incarnation }), "west-kind").inputs["triggers"];
      const first = await triggers({});
      expect(await triggers({ region: "eastus", zone: "1" })).to.deep.equal(first);
      for (const changes of [{ image: "kindest/node:2" }, { dockerNetwork: "other" }, { dockerSubnet: "172.19.0.0/16" }, { podSubnet: "10.11.0.0/16" }, { config: { a: 1 } }]) {
        expect(await triggers(changes), JSON.stringify(changes)).not.to.deep.equal(first);
      }
      expect(await triggers({}, "2"), "a cluster that was lost").not.to.deep.equal(first);
    });

    it("keeps its kubeconfig secret", async () => {
      const world = await register({ kind: KIND });
      expect(resource(world, "west-kind").secretOutputs).to.deep.equal(["stdout"]);
      expect(redacted(resource(world, "west-provider").inputs["kubeconfig"])).to.equal("[secret]");
    });

    it("is never deleted before it is replaced, and no change of it is ignored", async () => expectOrdinary(await register({ kind: KIND })));

    itHonoursOptions("west", (opts) => create({ kind: KIND }, opts));
  });

  describe("that exists", () => {
    it("is only a provider, which outlives it", async () => {
      const world = await register({ existing });
      expect(typesBelow(world, "west")).to.deep.equal({ "west-provider": "pulumi:providers:kubernetes" });
      expect(resource(world, "west-provider").deletedWith).to.equal(undefined);
    });

    it("is reached at its kubeconfig's server, or at the address in its arguments", async () => {
      const address = async (args: ClusterArgs) => ((await register(args)).componentOutputs as { apiServer?: string }[]).find(({ apiServer }) => apiServer)?.apiServer;
      expect(await address({ existing })).to.equal("http://127.0.0.1:1");
      expect(await address({ existing: { ...existing, apiServer: "https://west.example:6443" } })).to.equal("https://west.example:6443");
    });

    it("records the address in its arguments, and not the kubeconfig", async () => {
      const world = await register({ existing: { ...existing, apiServer: "https://west.example:6443" } });
      expect(resource(world, "west").inputs).to.deep.equal({ existing: { apiServer: "https://west.example:6443" } });
      expect(plain(resource(world, "west-provider").inputs["kubeconfig"])).to.equal(existing.kubeconfig);
    });

    it("takes its kubeconfig as an object, too, as other components give it, and keeps it secret", async () => {
      const kubeconfig = parse(existing.kubeconfig) as Readonly<Record<string, unknown>>;
      const { inputs } = resource(await register({ existing: { kubeconfig } }), "west-provider");
      expect(parse(plain(inputs["kubeconfig"]) as string)).to.deep.equal(kubeconfig);
      expect(redacted(inputs["kubeconfig"])).to.equal("[secret]");
    });
  });

  describe("is told from other clusters", () => {
    const COMPONENT = "urn:pulumi:test::usmesh::usmesh:index:Cluster::west";
    const PROVIDER = "urn:pulumi:test::usmesh::usmesh:index:Cluster$pulumi:providers:kubernetes::west-provider";
    let api: FakeApiServer;
    beforeEach(async () => (api = await FakeApiServer.start()));
    afterEach(() => api.stop());
    const hasUid = (uid: string): void => void api.objects.set("/api/v1/namespaces/kube-system", { metadata: { name: "kube-system", uid } as never });
    const registered = async (recorded: Record<string, object> = {}): Promise<{ identifier: unknown; uid: unknown; authority: unknown }> => {
      const world = await runPiece(() => create({ existing: { kubeconfig: api.kubeconfig } }), { recorded });
      const [outputs] = world.componentOutputs as { uid?: string; authority?: string }[];
      return { identifier: resource(world, "west-provider").inputs["clusterIdentifier"], uid: outputs?.uid, authority: outputs?.authority };
    };

    it("by the UID of its namespace kube-system, which it records", async () => {
      hasUid("uid-1");
      expect(await registered()).to.include({ identifier: "uid-1", uid: "uid-1" });
    });

    it("keeping the identifier of an earlier version, so that nothing is replaced", async () => {
      hasUid("uid-1");
      const authority = clusterIdentity(api.kubeconfig);
      expect(await registered({ [PROVIDER]: { clusterIdentifier: authority } })).to.deep.equal({ identifier: authority, uid: "uid-1", authority });
      const before = { [PROVIDER]: { clusterIdentifier: "other authority" }, [COMPONENT]: { uid: "uid-1", authority: "other authority" } };
      expect((await registered(before)).identifier, "with another authority since").to.equal("other authority");
    });

    it("as another one when its UID is another", async () => {
      hasUid("uid-2");
      const authority = clusterIdentity(api.kubeconfig);
      const before = { [PROVIDER]: { clusterIdentifier: authority }, [COMPONENT]: { uid: "uid-1", authority } };
      expect((await registered(before)).identifier, "behind the same authority").to.equal("uid-2");
    });

    it("by its authority while it does not answer", async () => {
      expect(await registered()).to.deep.equal({ identifier: clusterIdentity(api.kubeconfig), uid: undefined, authority: clusterIdentity(api.kubeconfig) });
    });
  });

  it("is forgotten when it does not answer only if kind made it", async () => {
    const shared = { enableServerSideApply: "true", enableSecretMutable: "true" };
    expect(resource(await register({ kind: KIND }), "west-provider").inputs).to.include({ ...shared, deleteUnreachable: "true" });
    expect(resource(await register({ existing }), "west-provider").inputs).to.include(shared).and.not.to.have.property("deleteUnreachable");
  });

  it("gives its provider, and its end, to what is in it", async () => {
    const world = await runPiece(() => {
      const kind = create({ kind: KIND });
      expect(kind.options.provider).to.equal(kind.provider);
      expect(Object.keys(kind.options)).to.have.members(["provider", "deletedWith"]);
    });
    expect(world.resources).not.to.be.empty;
    await runPiece(() => expect(Object.keys(create({ existing }).options)).to.deep.equal(["provider"]));
  });

  it("refuses to be both, or none", async () => {
    for (const args of [{}, { kind: KIND, existing }]) {
      const error = await register(args).catch((thrown: Error) => thrown);
      expect(error).to.be.an("error").with.property("message", "cluster west: set exactly one of kind and existing");
    }
  });

  it("can wait for another resource", async () => {
    const world = await runPiece(() => create({ existing }, { dependsOn: anything("earlier") }));
    expect(resource(world, "west").dependsOn).to.deep.equal(["earlier"]);
  });
});
