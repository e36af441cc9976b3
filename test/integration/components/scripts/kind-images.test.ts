import { expect } from "chai";
import { FakeEngine } from "../support/fake-engine";

describe("the script that gives nodes images", function () {
  this.timeout(60_000);
  let engine: FakeEngine;
  beforeEach(() => {
    engine = new FakeEngine();
    engine.write("images", "prometheus:3\njaeger:2\n");
  });
  afterEach(() => engine.remove());

  const load = (images: string) => engine.run("kind-images.sh", { KIND_NAME: "fake", IMAGES: images });
  const loaded = (): string[] => (engine.read("log") ?? "").split("\n").filter((line) => line.startsWith("kind load"));

  it("gives them all images at once", () => {
    expect(load("prometheus:3 jaeger:2").status).to.equal(0);
    expect(loaded().map((line) => line.split(" KUBECONFIG")[0])).to.deep.equal(["kind load docker-image --name fake prometheus:3 jaeger:2"]);
  });

  it("gives them none when the engine lacks one, and says which and what to do", () => {
    const { status, stderr } = load("prometheus:3 other:1");
    expect(status).to.equal(1);
    expect(stderr).to.include("the Docker engine has no image other:1").and.to.include("docs/troubleshooting.md#image-not-in-engine");
    expect(loaded()).to.deep.equal([]);
  });
});
