import { expect } from "chai";
import { ApiServer, KubeError } from "../../../../../lib/api-server";
import type { Access } from "../../../../../lib/kubeconfig";
import { type AccessOptions, expiryOf, gatherAccess, isLoopback, withToken } from "../../../../../cli/verify/gather/access";
import { remoteEntry } from "../../../../../cli/verify/gather/remote-secrets";
import { FakeApiServer } from "../../../support/fake-api-server";
import { remoteKubeconfig } from "../support/fake-cluster";

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
const SERVER = "https://192.0.2.3:6443";

const serverOf = (api: FakeApiServer): string => (JSON.parse(api.kubeconfig) as { clusters: { cluster: { server: string } }[] }).clusters[0]!.cluster.server;

describe("what verify asks the API server of a remote Secret", () => {
  let api: FakeApiServer;
  let opened: Access[];
  beforeEach(async () => {
    api = await FakeApiServer.start();
    opened = [];
    api.objects.set(REVIEWS, { metadata: { name: "" }, status: { allowed: true } });
    api.objects.set(RULES, { metadata: { name: "" }, status: { resourceRules: [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }] } });
  });
  afterEach(() => api.stop());

  const options = (change: Partial<AccessOptions> = {}): AccessOptions => ({
    knownAs: "https://198.51.100.1:6443",
    isKnown: () => Promise.resolve(true),
    connect: (access) => {
      opened.push(access);
      return asked();
    },
    asHolderOf: () => asked(),
    ...change,
  });
  /** The API server itself, asked with the token alone. */
  const asked = (): ApiServer => new ApiServer({ server: serverOf(api), apply: () => undefined }, 5000);
  const entry = (change: Parameters<typeof remoteKubeconfig>[0] = {}) => remoteEntry("istio-system/remote", "east-cluster", remoteKubeconfig({ server: SERVER, ...change }));

  it("is whether the token may list and watch what istiod needs", async () => {
    expect(await gatherAccess(entry(), options())).to.deep.equal({ secret: "istio-system/remote", key: "east-cluster", server: SERVER, expires: undefined, denied: { ok: true, value: [] }, excess: { ok: true, value: ["get secrets"] } });
    expect(opened).to.deep.equal([{ server: SERVER, servername: undefined, ca: "PEM", cert: undefined, key: undefined, token: "abc" }]);
    expect(api.asked.filter(({ method, path }) => method === "POST" && path === REVIEWS)).to.have.length(12);
  });

  it("names each permission that is missing", async () => {
    api.objects.set(REVIEWS, { metadata: { name: "" }, status: { allowed: false } });
    const { denied } = await gatherAccess(entry(), options());
    expect(denied.ok && denied.value).to.include.members(["list services", "watch services", "list endpointslices", "watch workloadentries"]).and.to.have.length(12);
  });

  it("is asked where this machine knows the server, when it does not know the name in the Secret", async () => {
    const names: string[] = [];
    const found = await gatherAccess(entry({ server: "https://east-control-plane:6443" }), options({ isKnown: (host) => Promise.resolve(names.push(host) < 0) }));
    expect(names).to.deep.equal(["east-control-plane"]);
    expect(found).to.include({ server: "https://east-control-plane:6443", askedAt: "https://198.51.100.1:6443" });
    expect(opened[0]).to.include({ server: "https://198.51.100.1:6443", token: "abc" });
  });

  for (const status of [401, 403]) {
    it(`is refused with ${status} for a token that is not valid`, async () => {
      for (let i = 0; i < 12; i += 1) api.refusals.push({ status, message: "Unauthorized" });
      expect(await gatherAccess(entry(), options())).to.deep.include({ denied: { ok: false, error: "Unauthorized" }, failure: "unauthorized" });
    });
  }

  it("is unreachable where the server does not answer, or answers with an error of its own", async () => {
    const failing = (error: Error) => options({ connect: () => ({ request: () => Promise.reject(error) }) as unknown as ApiServer });
    expect(await gatherAccess(entry(), failing(new Error("connect ECONNREFUSED")))).to.deep.include({ denied: { ok: false, error: "connect ECONNREFUSED" }, failure: "unreachable" });
    expect(await gatherAccess(entry(), failing(new KubeError(500, "etcd is down")))).to.include({ failure: "unreachable" });
  });

  it("is not what the token may do besides, where the token is not accepted; and a failure to learn that is told", async () => {
    const failing = options({ asHolderOf: () => { throw new Error("no TLS that can be verified"); } });
    expect(await gatherAccess(entry(), failing)).to.deep.include({ excess: { ok: false, error: "no TLS that can be verified" } });
    for (let i = 0; i < 12; i += 1) api.refusals.push({ status: 401, message: "Unauthorized" });
    expect(await gatherAccess(entry(), options())).not.to.have.property("excess");
  });

  it("is not asked at a loopback address, which means another machine to istiod", async () => {
    expect(await gatherAccess(entry({ server: "https://127.0.0.1:6443" }), options())).to.include({ failure: "unreachable" });
    expect(opened).to.deep.equal([]);
  });

  it("is not asked with a Secret that cannot be used", async () => {
    const found = await gatherAccess(entry({ token: "" }), options());
    expect(found).to.deep.include({ denied: { ok: false, error: "its kubeconfig holds no token" }, failure: "unusable" });
    expect(opened).to.deep.equal([]);
  });
});

describe("a token of a remote Secret", () => {
  it("is sent to no server without TLS", () => {
    expect(() => withToken({ server: "http://192.0.2.1:6443", token: "abc" }, 1000)).to.throw("no TLS");
    expect(withToken({ server: SERVER, token: "abc" }, 1000).server).to.equal(SERVER);
  });

  it("tells when it expires, if it does", () => {
    const claims = (value: object): string => `x.${Buffer.from(JSON.stringify(value)).toString("base64url")}.y`;
    expect(expiryOf(claims({ exp: 1_800_000_000 }))).to.equal("2027-01-15T08:00:00.000Z");
    expect(expiryOf(claims({ sub: "x" }))).to.equal(undefined);
    expect(expiryOf("opaque")).to.equal(undefined);
    expect(expiryOf(undefined)).to.equal(undefined);
  });
});

describe("a server of a remote Secret", () => {
  for (const own of ["https://127.0.0.1:6443", "https://127.1.2.3", "https://localhost:1", "https://[::1]:6443", "https://0.0.0.0:6443"]) {
    it(`${own} is a loopback address`, () => expect(isLoopback(own)).to.equal(true));
  }
  for (const other of ["https://172.18.0.2:6443", "https://west-control-plane:6443", "not a url"]) {
    it(`${other} is not a loopback address`, () => expect(isLoopback(other)).to.equal(false));
  }
});
