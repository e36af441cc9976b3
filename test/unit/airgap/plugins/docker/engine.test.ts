import { expect } from "chai";
import { DockerEngine, hostOf } from "../../../../../airgap/plugins/docker/engine";
import { remoteImageResource, REMOTE_IMAGE_TYPE } from "../../../../../airgap/plugins/docker/remote-image";
import type { ResourceType } from "../../../../../airgap/plugins/lib/plugin";
import { UNKNOWN, type Props } from "../../../../../airgap/plugins/lib/values";
import { startFakeEngine, type FakeEngine } from "./fake-engine";

const SUBJECT = { urn: `urn:pulumi:s::p::${REMOTE_IMAGE_TYPE}::thing`, name: "thing", type: REMOTE_IMAGE_TYPE };
const running = { timeoutSeconds: 0, signal: new AbortController().signal, log: { warn() {}, status() {} } };

const failure = (promise: Promise<unknown>): Promise<Error> => promise.then(() => expect.fail("it did not fail"), (error: Error) => error);

describe("the docker plugin's engine", () => {
  let fake: FakeEngine;
  before(async () => {
    fake = await startFakeEngine();
  });
  beforeEach(() => fake.reset());
  after(() => fake.stop());

  it("is the provider's, that of DOCKER_HOST, or the machine's own, whatever the docker command's context is", () => {
    expect(hostOf("unix:///a", { DOCKER_HOST: "unix:///b" })).to.equal("unix:///a");
    expect(hostOf(undefined, { DOCKER_HOST: "unix:///b" })).to.equal("unix:///b");
    expect(hostOf(null, {})).to.equal("unix:///var/run/docker.sock");
    expect(() => hostOf(undefined, { DOCKER_HOST: "tcp://a:1" })).to.throw("does not support DOCKER_HOST=tcp://a:1");
    expect(() => hostOf(undefined, { DOCKER_CONTEXT: "far" })).to.throw("does not support DOCKER_CONTEXT");
  });

  it("gets and sends JSON, and its own error messages are passed on", async () => {
    fake.on("POST /things", { got: "ä" });
    expect(await fake.engine.request("POST", "/things", { body: { a: ["ä"] } })).to.deep.equal({ got: "ä" });
    expect(fake.asked).to.deep.equal([{ call: "POST /things", body: { a: ["ä"] } }]);
    fake.on("GET /things", { status: 409, message: "in use" });
    expect((await failure(fake.engine.request("GET", "/things"))).message).to.equal("in use");
    expect(await fake.engine.request("GET", "/things", { accept: [409] })).to.equal(undefined);
  });

  it("is named in the error when it does not answer", async () => {
    const error = await failure(new DockerEngine("unix:///no/such.sock").request("GET", "/things"));
    expect(error.message).to.match(/^Docker does not answer at unix:\/\/\/no\/such\.sock: .*ENOENT/);
  });

  it("pulls only images that it does not have, and only one tag", async () => {
    fake.on("GET /images/a.b/c:1/json", { Id: "sha256:1" });
    expect(await fake.engine.ensureImage("a.b/c:1")).to.deep.equal({ Id: "sha256:1" });
    expect(fake.calls()).to.deep.equal(["GET /images/a.b/c:1/json"]);
    for (const [name, query] of [["new:1", "new:1"], ["a:5000/new", "a:5000/new&tag=latest"], ["new@sha256:1", "new@sha256:1"]] as const) {
      fake.on("POST /images/create.*", () => {
        fake.on("GET /images/.*", { Id: "sha256:2" });
        return '{"status":"Pulling"}\n{"status":"Done"}\n';
      });
      await fake.engine.ensureImage(name);
      expect(fake.calls()[1]).to.equal(`POST /images/create?fromImage=${query}`);
      fake.reset();
    }
  });

  it("reports why a pull failed, also when it fails late", async () => {
    for (const answer of ['{"status":"Pulling"}\n{"error":"no such host"}\n', { status: 500, message: "no such host" }]) {
      fake.on("POST /images/create.*", answer);
      expect((await failure(fake.engine.ensureImage("new:1"))).message).to.equal("unable to pull image new:1: no such host");
    }
  });

  describe("has images, which", () => {
    let resource: ResourceType;
    before(() => {
      resource = remoteImageResource(fake.engine);
    });
    const diff = (state: Props, news: Props) => resource.diff({ ...SUBJECT, id: "x", state, oldInputs: {}, news });
    const remove = (state: Props) => resource.delete({ ...SUBJECT, ...running, id: "x", state, oldInputs: {} });

    it("are those that exist", async () => {
      fake.on("GET /images/a:1/json", { Id: "sha256:ab" });
      const { inputs } = await resource.check({ ...SUBJECT, news: { name: "a:1", keepLocally: true } });
      expect(inputs).to.deep.equal({ __defaults: ["platform"], name: "a:1", keepLocally: true, platform: "" });
      const state = { name: "a:1", keepLocally: true, platform: "", id: "sha256:aba:1", imageId: "sha256:ab" };
      expect(await resource.create({ ...SUBJECT, ...running, inputs, preview: false })).to.deep.equal({ id: state.id, state });
      expect((await resource.create({ ...SUBJECT, ...running, inputs, preview: true })).state).to.include({ imageId: UNKNOWN });
      expect((await diff(state, inputs)).changes).to.equal(false);
    });

    it("are read as changed when their name means another image, and as gone when it means none", async () => {
      const state = { name: "a:1", imageId: "sha256:old" };
      fake.on("GET /images/a:1/json", { Id: "sha256:ab" });
      expect((await resource.read({ ...SUBJECT, ...running, id: "x", state, inputs: {} }))?.state).to.include({ imageId: "sha256:ab" });
      fake.reset();
      expect(await resource.read({ ...SUBJECT, ...running, id: "x", state, inputs: {} })).to.equal(undefined);
    });

    it("are replaced when the name changes, but not when keepLocally does", async () => {
      const state = { name: "a:1", platform: "", repoDigest: "of a state from before" };
      expect((await diff(state, { name: "a:2", platform: "" })).replaces).to.deep.equal(["name"]);
      expect(await diff(state, { name: "a:1", keepLocally: true })).to.deep.include({ changes: true, replaces: [] });
    });

    it("stay when they are to be kept, and are removed by name otherwise", async () => {
      await remove({ name: "a:1", keepLocally: true });
      expect(fake.calls()).to.deep.equal([]);
      fake.on("DELETE /images/a:1", { status: 409, message: "image is being used" });
      expect((await failure(remove({ name: "a:1" }))).message).to.equal("unable to remove the image a:1: image is being used");
    });
  });
});
