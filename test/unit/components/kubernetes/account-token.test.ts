import { expect } from "chai";
import { accountToken, issued } from "../../../../components/kubernetes/account-token";
import { optionsIn } from "../support/pieces";
import { resource } from "../support/queries";
import { runPiece } from "../support/world";

describe("a token of a ServiceAccount", () => {
  it("is a Secret that is waited for until Kubernetes has written the token", async () => {
    const world = await runPiece(() => accountToken("token", { secret: "reader-1", namespace: "istio-system", account: "reader" }, optionsIn("west")));
    const { inputs, provider, deletedWith } = resource(world, "token");
    expect({ provider, deletedWith }).to.deep.equal({ provider: "west-provider", deletedWith: "west-kind" });
    expect(inputs).to.deep.include({
      metadata: {
        name: "reader-1",
        namespace: "istio-system",
        annotations: { "kubernetes.io/service-account.name": "reader", "pulumi.com/waitFor": "jsonpath={.data.token}" },
      },
      type: "kubernetes.io/service-account-token",
    });
  });

  it("is read from base64, and said to be missing where Kubernetes has not written it", () => {
    expect(issued(Buffer.from("a token").toString("base64"), "the reader's token")).to.equal("a token");
    expect(() => issued(undefined, "the reader's token")).to.throw("Kubernetes has not issued the reader's token");
  });
});
