import { expect } from "chai";
import { identify, identityOf, recordedIdentity } from "../../../../components/kubernetes/cluster-identity";
import { clusterIdentity } from "../../../../lib/kubeconfig";
import { FakeApiServer } from "../../support/fake-api-server";

describe("the identity of a cluster", () => {
  const identifier = (now: { uid?: string; authority: string }, recorded?: { identifier?: string; uid?: string; authority?: string }) =>
    identify({ uid: now.uid, authority: now.authority }, recorded).identifier;

  it("is its UID when nothing is recorded, or its authority when it did not say", () => {
    expect(identifier({ uid: "u", authority: "a" })).to.equal("u");
    expect(identifier({ authority: "a" })).to.equal("a");
  });

  it("stays what an earlier version made of its authority, as long as that is the same", () => {
    expect(identifier({ uid: "u", authority: "a" }, { identifier: "a" })).to.equal("a");
    expect(identifier({ authority: "a" }, { identifier: "a" })).to.equal("a");
    expect(identifier({ uid: "u", authority: "b" }, { identifier: "a" })).to.equal("u");
  });

  it("does not depend on the authority any more once the UID is recorded", () => {
    for (const before of ["a", "u"]) expect(identifier({ uid: "u", authority: "b" }, { identifier: before, uid: "u", authority: "a" })).to.equal(before);
    expect(identifier({ uid: "v", authority: "a" }, { identifier: "a", uid: "u", authority: "a" })).to.equal("v");
  });

  it("is that of the recorded authority while the cluster does not answer", () => {
    expect(identifier({ authority: "a" }, { identifier: "u", uid: "u", authority: "a" })).to.equal("u");
    expect(identifier({ authority: "b" }, { identifier: "u", uid: "u", authority: "a" })).to.equal("b");
  });

  it("has what is known of the cluster, for the next time", () => {
    expect(identify({ uid: "u", authority: "a" })).to.deep.equal({ identifier: "u", uid: "u", authority: "a" });
    expect(identify({ uid: undefined, authority: "a" })).to.deep.equal({ identifier: "a", authority: "a" });
  });

  it("is recorded in the outputs of the cluster and of its provider, and not at all without a provider", () => {
    expect(recordedIdentity({ uid: "u", authority: "a" }, { clusterIdentifier: "i" })).to.deep.equal({ identifier: "i", uid: "u", authority: "a" });
    expect(recordedIdentity({ apiServer: "s" }, { clusterIdentifier: "i" })).to.deep.equal({ identifier: "i" });
    expect(recordedIdentity({ uid: "u" }, undefined)).to.equal(undefined);
  });

  it("is recorded only as far as the state has it: a provider without a component, or what is not text", () => {
    expect(recordedIdentity(undefined, { clusterIdentifier: "i" })).to.deep.equal({ identifier: "i" });
    expect(recordedIdentity({ uid: null, authority: 1 }, {})).to.deep.equal({});
  });

  it("is asked for at the API server of a kubeconfig, and is the authority in the kubeconfig when that does not answer", async () => {
    const api = await FakeApiServer.start();
    const { kubeconfig } = api;
    const authority = clusterIdentity(kubeconfig);
    try {
      api.objects.set("/api/v1/namespaces/kube-system", { metadata: { name: "kube-system", uid: "u" } as never });
      expect(await identityOf(kubeconfig, undefined)).to.deep.equal({ identifier: "u", uid: "u", authority });
      expect(await identityOf(kubeconfig, { identifier: authority })).to.deep.equal({ identifier: authority, uid: "u", authority });
    } finally {
      api.stop();
    }
    expect(await identityOf(kubeconfig, undefined)).to.deep.equal({ identifier: authority, authority });
  });
});
