import { expect } from "chai";
import type { Kind } from "../../../../airgap/plugins/lib/kind";
import { UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";
import { networkKind } from "../../../../airgap/plugins/docker/network";
import { remoteImageKind } from "../../../../airgap/plugins/docker/remote-image";
import { startFakeEngine, type FakeEngine } from "./fake-engine";

const SUBJECT = { urn: "urn:pulumi:s::p::docker:index/x:X::thing", name: "thing", type: "docker:index/x:X" };
const log = { info() {}, warn() {}, error() {}, status() {} };
const running = { timeoutSeconds: 0, signal: new AbortController().signal, log };

const check = (kind: Kind, news: Props, olds: Props = {}) =>
  kind.check({ ...SUBJECT, news, olds, randomSeed: Uint8Array.from([1, 2, 3, 4]) });
const create = (kind: Kind, inputs: Props, preview = false) => kind.create({ ...SUBJECT, ...running, inputs, preview });
const read = (kind: Kind, id: string, state: Props = {}, inputs: Props = {}) => kind.read({ ...SUBJECT, ...running, id, state, inputs });
const remove = (kind: Kind, id: string, state: Props) => kind.delete({ ...SUBJECT, ...running, id, state, oldInputs: {} });

const INSPECT = {
  Id: "n1",
  Name: "mesh",
  Driver: "bridge",
  Scope: "local",
  Internal: false,
  Attachable: true,
  Ingress: false,
  EnableIPv6: false,
  Options: { "com.docker.network.bridge.name": "br" },
  Labels: { b: "2", a: "1" },
  IPAM: { Driver: "default", Options: null, Config: [{ Subnet: "10.1.0.0/16", Gateway: "10.1.0.1" }] },
};

describe("docker resources on a fake engine", () => {
  let fake: FakeEngine;
  before(async () => {
    fake = await startFakeEngine();
  });
  beforeEach(() => fake.reset());
  after(() => fake.stop());

  describe("Network", () => {
    it("is made as asked, and kept as the engine has it", async () => {
      fake.on("POST /networks/create", { Id: "n1" });
      fake.on("GET /networks/n1", INSPECT);
      const kind = networkKind(fake.engine);
      const { inputs, failures } = await check(kind, {
        name: "mesh",
        ipamConfigs: [{ subnet: "10.1.0.0/16" }],
        labels: [{ label: "a", value: "1" }],
        attachable: true,
      });
      expect([inputs["__defaults"], inputs["ipamDriver"], failures]).to.deep.equal([["ipamDriver"], "default", []]);
      const { id, state } = await create(kind, inputs);
      expect(fake.asked[0]?.body).to.deep.include({
        Name: "mesh",
        CheckDuplicate: true,
        Attachable: true,
        Labels: { a: "1" },
        IPAM: { Driver: "default", Config: [{ Subnet: "10.1.0.0/16" }] },
      });
      expect(id).to.equal("n1");
      expect(state).to.deep.include({
        __meta: '{"schema_version":"1"}',
        id: "n1",
        scope: "local",
        labels: [{ label: "a", value: "1" }, { label: "b", value: "2" }],
        ipamConfigs: [{ subnet: "10.1.0.0/16", gateway: "10.1.0.1", ipRange: "", auxAddress: {} }],
        ipamOptions: {},
      });
    });

    it("does not change because the engine filled in what was left open", async () => {
      fake.on("GET /networks/n1", INSPECT);
      const kind = networkKind(fake.engine);
      const found = await read(kind, "n1");
      const labels = [{ label: "b", value: "2" }, { label: "a", value: "1" }];
      const diff = (news: Props) => kind.diff({ ...SUBJECT, id: "n1", state: found?.state ?? {}, oldInputs: {}, news, ignoreChanges: [] });
      const options = { "com.docker.network.bridge.name": "br" };
      const ipamConfigs = [{ subnet: "10.1.0.0/16" }];
      const asked = { name: "mesh", labels, attachable: true, ipamDriver: "default", ipamConfigs, options };
      found!.state["options"] = { ...options, "by.the.engine": "true" };
      expect(await diff(asked)).to.include({ changes: false });
      expect((await diff({ ...asked, internal: true, labels: [] })).replaces).to.deep.equal(["internal", "labels"]);
      expect((await diff({ ...asked, ipamConfigs: [{ subnet: "10.2.0.0/16" }] })).replaces).to.deep.equal(["ipamConfigs"]);
      expect((await diff({ ...asked, options: { other: "x" } })).replaces).to.deep.equal(["options"]);
    });

    it("is previewed without being made", async () => {
      const { id, state } = await create(networkKind(fake.engine), { name: "mesh", driver: "macvlan" }, true);
      expect([id, fake.asked.length]).to.deep.equal(["", 0]);
      expect(state).to.deep.include({ name: "mesh", driver: "macvlan", scope: UNKNOWN, ipamConfigs: UNKNOWN });
    });

    it("gets an automatic name and keeps it", async () => {
      const kind = networkKind(fake.engine);
      const { inputs } = await check(kind, {});
      expect(inputs).to.include({ name: "thing-0102030" });
      expect((await check(kind, {}, inputs)).inputs["name"]).to.equal("thing-0102030");
    });

    it("is imported with the inputs that would make it, and told when it is gone", async () => {
      fake.on("GET /networks/n1", INSPECT);
      const kind = networkKind(fake.engine);
      expect((await read(kind, "n1"))?.inputs).to.deep.include({ name: "mesh", driver: "bridge", attachable: true });
      expect((await read(kind, "n1", { name: "mesh" }, { name: "mesh" }))?.inputs).to.deep.equal({ name: "mesh" });
      expect(await read(kind, "n2")).to.equal(undefined);
    });

    it("waits for its containers when it is to go", async () => {
      let users = 2;
      const busy = { status: 403, message: "error while removing network: network mesh id n1 has active endpoints" };
      fake.on("DELETE /networks/n1", () => (users-- > 0 ? busy : 204));
      await remove(networkKind(fake.engine), "n1", {});
      expect(fake.calls()).to.have.length(3);
      await remove(networkKind(fake.engine), "gone", {});
      fake.on("DELETE /networks/n1", { status: 403, message: "predefined" });
      expect(await remove(networkKind(fake.engine), "n1", {}).catch((e: Error) => e.message)).to.equal("predefined");
    }).timeout(15_000);
  });

  describe("RemoteImage", () => {
    const image = { Id: "sha256:ab", RepoTags: ["a:1"], RepoDigests: ["a@sha256:cd"] };

    it("is the image that is there", async () => {
      fake.on("GET /images/a:1/json", image);
      const kind = remoteImageKind(fake.engine);
      const { inputs } = await check(kind, { name: "a:1" });
      expect(inputs).to.deep.equal({ __defaults: ["platform"], name: "a:1", platform: "" });
      expect(await create(kind, inputs)).to.deep.equal({
        id: "sha256:aba:1",
        state: { name: "a:1", platform: "", id: "sha256:aba:1", imageId: "sha256:ab", repoDigest: "a@sha256:cd" },
      });
      expect(fake.calls()).to.deep.equal(["GET /images/a:1/json"]);
      expect((await create(kind, inputs, true)).state).to.include({ imageId: UNKNOWN, repoDigest: UNKNOWN });
    });

    it("is another one when its name means another image, and gone when it means none", async () => {
      const kind = remoteImageKind(fake.engine);
      const state = { name: "a:1", imageId: "sha256:old" };
      fake.on("GET /images/a:1/json", image);
      expect((await read(kind, "x", state))?.state).to.include({ imageId: "sha256:ab" });
      fake.reset();
      expect(await read(kind, "x", state)).to.equal(undefined);
      expect(await read(kind, "x").catch((e: Error) => e.message)).to.contain("cannot be imported");
    });

    it("is replaced by triggers and not by how it is removed", async () => {
      const kind = remoteImageKind(fake.engine);
      const state = { name: "a:1", platform: "", pullTriggers: ["1"], imageId: "sha256:ab" };
      const diff = (news: Props) => kind.diff({ ...SUBJECT, id: "x", state, oldInputs: {}, news, ignoreChanges: [] });
      expect(await diff({ name: "a:1", pullTriggers: ["1"] })).to.include({ changes: false });
      expect((await diff({ name: "a:1", pullTriggers: ["2"] })).replaces).to.deep.equal(["pullTriggers"]);
      expect(await diff({ name: "a:1", pullTriggers: ["1"], keepLocally: true })).to.deep.include({
        changes: true,
        replaces: [],
      });
    });

    it("stays when it is to be kept, and says why it cannot go", async () => {
      const kind = remoteImageKind(fake.engine);
      await remove(kind, "x", { name: "a:1", keepLocally: true });
      expect(fake.calls()).to.deep.equal([]);
      fake.on("DELETE /images/a:1.*", [{ Untagged: "a:1" }]);
      await remove(kind, "x", { name: "a:1", forceRemove: true });
      expect(fake.calls()).to.deep.equal(["DELETE /images/a:1?force=true"]);
      fake.on("DELETE /images/a:1.*", { status: 409, message: "image is being used" });
      const message = await remove(kind, "x", { name: "a:1" }).catch((e: Error) => e.message);
      expect(message).to.equal("unable to remove the image a:1: image is being used (keepLocally leaves it where it is)");
    });
  });
});
