import { createHash } from "node:crypto";
import { expect } from "chai";
import { chartDigestProblems, type Fetch } from "../../../program/chart-digests";
import { parseSettings } from "../../../settings/config";
import { run } from "../components/support/world";

const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const OTHER = digestOf("something else");
const INDEX = `
entries:
  istiod:
  - { version: 1.31.3, urls: [istiod-1.31.3.tgz] }
  - { version: 1.31.4, urls: [istiod-1.31.4.tgz] }
  kiali-server:
  - { version: 2.29.0, urls: [kiali-server-2.29.0.tgz] }
  metallb:
  - { version: v0.15.2, urls: ["https://files.example/metallb-0.15.2.tgz"] }
`;

/** A web of these pages, and what was asked of it. */
function web(pages: Readonly<Record<string, string | Response>>): { readonly ask: Fetch; readonly asked: string[] } {
  const asked: string[] = [];
  const ask: Fetch = (url, { headers }) => {
    asked.push([url, headers["authorization"]].filter(Boolean).join(" as "));
    const page = pages[headers["authorization"] ? `${url} as ${headers["authorization"]}` : url];
    return Promise.resolve(page === undefined ? new Response("", { status: 404 }) : typeof page === "string" ? new Response(page) : page);
  };
  return { ask, asked };
}

const model = (settings: object) => parseSettings({ clusters: { west: {} }, ...settings }, { stack: "west" });
const messages = async (settings: object, ask: Fetch): Promise<string[]> => (await chartDigestProblems(model(settings), ask)).map(({ section, message }) => `${section}: ${message}`);

describe("the digest of a chart", () => {
  const repository = "https://charts.example/istio";
  const pages = { [`${repository}/index.yaml`]: INDEX, [`${repository}/istiod-1.31.4.tgz`]: "istiod", "https://files.example/metallb-0.15.2.tgz": "metallb", [`${repository}/kiali-server-2.29.0.tgz`]: "kiali" };
  const istiod = (digest: string, more: object = {}) => ({ istio: { repository, digests: { istiod: digest }, ...more } });

  it("is compared with that of the archive in a repository, at the version that is installed", async () => {
    expect(await messages(istiod(digestOf("istiod")), web(pages).ask)).to.deep.equal([]);
    expect(await messages({ metallb: { repository, digest: digestOf("metallb") } }, web(pages).ask)).to.deep.equal([]);
    const kiali = (text: string, enabled = true) => ({ observability: { enabled: true, kiali: { enabled, repository, digest: digestOf(text) } } });
    expect(await messages(kiali("kiali"), web(pages).ask)).to.deep.equal([]);
    expect(await messages(kiali("other"), web(pages).ask)).to.have.length(1);
    expect(await messages(kiali("other", false), web(pages).ask)).to.deep.equal([]);
  });

  it("that is another ends the run, with both and the setting", async () => {
    const [message = "", ...others] = await messages(istiod(OTHER), web(pages).ask);
    expect(others).to.deep.equal([]);
    expect(message).to.match(/^chart-digest-differs: usmesh:istio\.digests\.istiod: the chart istiod 1\.31\.4 of https:\/\/charts\.example\/istio has the digest/);
    expect(message).to.include(`has the digest ${digestOf("istiod")}, not ${OTHER}; nothing was changed`);
    expect(await messages({ metallb: { repository, digest: OTHER } }, web(pages).ask)).to.have.length(1);
  });

  it("that cannot be compared ends the run too", async () => {
    expect(await messages(istiod(OTHER), web({}).ask)).to.deep.equal([
      "chart-unreadable: usmesh:istio.digests.istiod: the chart istiod 1.31.4 of https://charts.example/istio cannot be compared with its digest (https://charts.example/istio/index.yaml answers 404); nothing was changed",
    ]);
    expect((await messages({ istio: { repository, digests: { base: OTHER } } }, web(pages).ask)).join()).to.include("its index does not have it");
    const down: Fetch = () => Promise.reject(new Error("fetch failed"));
    expect((await messages(istiod(OTHER), down)).join()).to.include("(fetch failed)");
  });

  it("is not looked at for charts in a folder, without one in the settings, or for a MetalLB that is not installed", async () => {
    const { ask, asked } = web({});
    const folder = { istio: { digests: { istiod: OTHER }, charts: "charts" } };
    expect(await chartDigestProblems(parseSettings({ clusters: { west: { metallb: false } }, ...folder, metallb: { digest: OTHER } }, { stack: "west", exists: () => true }), ask)).to.deep.equal([]);
    expect(await messages({}, ask)).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it("is looked at for the version that a cluster has or goes to, and for no other", async () => {
    const clusters = (istio: object) => ({ ...istiod(OTHER), clusters: { west: { istio }, east: { istio } } });
    expect(await messages(clusters({ version: "1.31.3" }), web({}).ask)).to.deep.equal([]);
    expect(await messages(clusters({ version: "1.31.3", upgrade: { version: "1.31.4" } }), web(pages).ask)).to.have.length(1);
    expect(await messages(clusters({ upgrade: { version: "1.31.5" } }), web(pages).ask)).to.have.length(1);
  });

  describe("in an OCI registry", () => {
    const settings = (digest: string) => ({ istio: { repository: "oci://registry.example/istio/charts", digests: { istiod: digest } } });
    const url = "https://registry.example/v2/istio/charts/istiod/manifests/1.31.4";

    it("is that of the manifest", async () => {
      expect(await messages(settings(digestOf("manifest")), web({ [url]: "manifest" }).ask)).to.deep.equal([]);
      expect(await messages(settings(OTHER), web({ [url]: "manifest" }).ask)).to.have.length(1);
    });

    it("is read with the token that a public registry gives to everybody", async () => {
      const challenge = 'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:istio/charts/istiod:pull"';
      const token = "https://auth.example/token?service=registry.example&scope=repository%3Aistio%2Fcharts%2Fistiod%3Apull";
      const refused = new Response("", { status: 401, headers: { "www-authenticate": challenge } });
      const { ask, asked } = web({ [url]: refused, [token]: '{"token":"t"}', [`${url} as Bearer t`]: "manifest" });
      expect(await messages(settings(digestOf("manifest")), ask)).to.deep.equal([]);
      expect(asked).to.deep.equal([url, token, `${url} as Bearer t`]);
    });

    it("cannot be compared where the registry wants a login", async () => {
      const refused = new Response("", { status: 401, headers: { "www-authenticate": "Basic" } });
      expect((await messages(settings(OTHER), web({ [url]: refused }).ask)).join()).to.include("the registry wants a login");
    });
  });

  it("is looked at before any resource", async function () {
    // It runs a whole program, which takes time on a busy machine.
    this.timeout(60_000);
    const repository = "https://127.0.0.1:1/charts";
    const refused = await run("local", { settings: { istio: { repository, digests: { base: OTHER } } } }).catch((thrown: Error & { resources: unknown[] }) => thrown);
    expect(refused).to.be.an("error").with.property("message").that.includes("usmesh:istio.digests.base: the chart base 1.31.4").and.includes("docs/troubleshooting.md#chart-unreadable");
    expect((refused as { resources: unknown[] }).resources).to.deep.equal([]);
  });
});
