import { expect } from "chai";
import { serverVersion } from "../../../../components/kubernetes/server-version";
import { FakeApiServer } from "../../support/fake-api-server";

describe("the Kubernetes version of a cluster", () => {
  let api: FakeApiServer;
  beforeEach(async () => (api = await FakeApiServer.start()));
  afterEach(() => api.stop());
  const answers = (version: object): void => void api.objects.set("/version", version as never);

  it("is what its API server says", async () => {
    answers({ gitVersion: "v1.34.4" });
    expect(await serverVersion(api.kubeconfig)).to.equal("v1.34.4");
  });

  it("is unknown when the answer has none, or without an answer, which does not stop a run", async () => {
    for (const answer of [{}, { gitVersion: 1 }]) {
      answers(answer);
      expect(await serverVersion(api.kubeconfig)).to.equal("unknown");
    }
    const { kubeconfig } = api;
    api.stop();
    expect(await serverVersion(kubeconfig)).to.equal("unknown");
  });
});
