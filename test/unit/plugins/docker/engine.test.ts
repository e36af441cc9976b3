import { expect } from "chai";
import { join } from "node:path";
import { DockerEngine, EngineError } from "../../../../airgap/plugins/docker/engine";
import { ensureImage, repoDigest } from "../../../../airgap/plugins/docker/images";
import { startFakeEngine, type FakeEngine } from "./fake-engine";

const signal = new AbortController().signal;

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail("it did not fail"),
    (error: Error) => error,
  );
}

describe("the engine behind the docker plugin", () => {
  let fake: FakeEngine;
  before(async () => {
    fake = await startFakeEngine();
  });
  beforeEach(() => fake.reset());
  after(() => fake.stop());

  it("is asked in its own version, with JSON both ways", async () => {
    fake.on("POST /things", (_, body) => ({ got: body }));
    expect(await fake.engine.request("POST", "/things", { body: { a: ["ä"] } })).to.deep.equal({ got: { a: ["ä"] } });
    expect(fake.asked).to.deep.equal([{ call: "POST /things", body: { a: ["ä"] } }]);
  });

  it("tells what is wrong in its own words", async () => {
    fake.on("GET /things", { status: 409, message: "in use" });
    const error = await failure(fake.engine.request("GET", "/things"));
    expect(error).to.be.instanceOf(EngineError).and.to.include({ status: 409, message: "in use" });
    expect(await fake.engine.request("GET", "/things", { accept: [409] })).to.equal(undefined);
  });

  it("answers many at once", async () => {
    fake.on("GET /(\\d+)", (match) => ({ n: match[1] }));
    const { engine } = fake;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => engine.request<{ n: string }>("GET", `/${n}`)));
    expect(answers.map((answer) => answer?.n)).to.deep.equal(["0", "1", "2", "3", "4", "5", "6", "7"]);
  });

  it("is said not to answer when it does not", async () => {
    const dead = new DockerEngine({ FAKE_ENGINE: join(fake.folder, "nobody") });
    expect((await failure(dead.ping())).message).to.equal("Docker does not answer: cannot reach the fake: ENOENT");
    const none = new DockerEngine({ PATH: fake.folder + "/none" });
    expect((await failure(none.ping())).message).to.equal("Docker does not answer: there is no docker command on the PATH");
  });

  it("is asked again after it was away", async () => {
    const engine = new DockerEngine({ FAKE_ENGINE: join(fake.folder, "moved") });
    await failure(engine.ping());
    Object.assign((engine as unknown as { env: object }).env, { FAKE_ENGINE: join(fake.folder, "socket") });
    fake.on("GET /_ping", {});
    await engine.ping();
  });

  it("is not waited for when the run is cancelled", async () => {
    const cancellation = new AbortController();
    const { engine } = fake;
    fake.on("GET /_ping", {});
    await engine.ping();
    fake.on("GET /slow", () => {
      cancellation.abort(new Error("the run was cancelled"));
      return {};
    });
    const error = await failure(engine.request("GET", "/slow", { signal: cancellation.signal }));
    expect(error.message).to.equal("the run was cancelled");
  });

  it("pulls only what it has not", async () => {
    const image = { Id: "sha256:1", RepoTags: null, RepoDigests: null };
    fake.on("GET /images/a.b/c:1/json", image);
    expect(await ensureImage(fake.engine, "a.b/c:1", { signal })).to.deep.equal(image);
    expect(fake.calls()).to.deep.equal(["GET /images/a.b/c:1/json"]);

    fake.on("POST /pull/.*", () => {
      fake.on("GET /images/new:1/json", image);
      return {};
    });
    await ensureImage(fake.engine, "new:1", { platform: "linux/arm64", signal });
    expect(fake.calls()).to.deep.equal([
      "GET /images/new:1/json",
      "POST /pull/--quiet --platform linux/arm64 -- new:1",
      "GET /images/new:1/json",
    ]);
  });

  it("says why it cannot pull", async () => {
    fake.on("POST /pull/.*", 500);
    const error = await failure(ensureImage(fake.engine, "new:1", { signal }));
    expect(error.message).to.equal("unable to pull image new:1: no such registry");
  });
});

describe("an image's digest", () => {
  const image = (...RepoDigests: string[]) => ({ Id: "1", RepoTags: null, RepoDigests });

  it("is the only one, the one of the image's name, or the first", () => {
    expect(repoDigest("a:1", image())).to.equal("");
    expect(repoDigest("a:1", image("b@sha256:1"))).to.equal("b@sha256:1");
    expect(repoDigest("a:1", image("b@sha256:1", "a@sha256:2"))).to.equal("a@sha256:2");
    expect(repoDigest("c:1", image("b@sha256:1", "a@sha256:2"))).to.equal("b@sha256:1");
  });
});
