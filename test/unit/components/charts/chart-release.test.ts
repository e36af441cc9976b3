import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { chartRelease, recordedSource, type ChartReleaseArgs, type ChartSource } from "../../../../components/charts/chart-release";
import { FakeApiServer, storedRelease } from "../../support/fake-api-server";
import { CANARY } from "../support/answers";
import { CHARTS, KUBECONFIG, optionsIn } from "../support/pieces";
import { resource } from "../support/queries";
import { plain, redacted } from "../support/secrets";
import { runPiece, type World } from "../support/world";

const NAME = "west-istio-istiod";
const ARGS: ChartReleaseArgs = { chart: "istiod", release: "istiod", namespace: "istio-system", source: CHARTS, values: { global: { meshID: "usmesh" } }, kubeconfig: KUBECONFIG };
const register = (args: Partial<ChartReleaseArgs> = {}): Promise<World> => runPiece(() => void chartRelease(NAME, { ...ARGS, ...args }, optionsIn("west")));
const inputsFrom = async (source: ChartSource) => resource(await register({ source }), NAME).inputs;

const LOGIN = { username: "reader", password: pulumi.secret(`${CANARY} password`) };

describe("a release of a chart", () => {
  it("has a pinned version and a fixed name, is waited for, and keeps three revisions", async () => {
    expect(redacted(resource(await register(), NAME))).to.deep.include({
      type: "kubernetes:helm.sh/v3:Release",
      provider: "west-provider",
      deletedWith: "west-kind",
      inputs: {
        chart: "istiod",
        version: "1.31.4",
        repositoryOpts: { repo: "https://charts.example" },
        name: "istiod",
        namespace: "istio-system",
        values: { global: { meshID: "usmesh" } },
        timeout: 600,
        maxHistory: 3,
        compat: "true",
      },
    });
  });

  const version = "1.31.4";
  const oci = { chart: "oci://registry.example/charts/istiod", version, repositoryOpts: {} };
  for (const [where, source, expected] of [
    ["a folder, which has a version of its own", { ...CHARTS, folder: "/charts" }, { chart: "/charts/istiod" }],
    ["a repository, by its name", CHARTS, { chart: "istiod", version, repositoryOpts: { repo: "https://charts.example" } }],
    ["an OCI registry, by its whole address", { version, repository: "oci://registry.example/charts" }, oci],
    ["an OCI registry whose address ends in a slash", { version, repository: "oci://registry.example/charts/" }, oci],
    ["wherever Helm finds the name, when nothing says where", { version }, { chart: "istiod", version }],
  ] as const) {
    it(`comes from ${where}`, async () => {
      const { chart, version: pinned, repositoryOpts } = await inputsFrom(source);
      expect({ chart, ...(pinned === undefined ? {} : { version: pinned }), ...(repositoryOpts === undefined ? {} : { repositoryOpts }) }).to.deep.equal(expected);
    });
  }

  it("logs in to a repository, with a login that stays secret", async () => {
    const { repositoryOpts, chart } = await inputsFrom({ ...CHARTS, credentials: LOGIN });
    expect(chart).to.equal("istiod");
    expect(redacted(repositoryOpts)).to.equal("[secret]");
    expect(plain(repositoryOpts)).to.deep.equal({ repo: "https://charts.example", username: "reader", password: `${CANARY} password` });
    expect(recordedSource({ ...CHARTS, credentials: LOGIN }), "as components record where charts come from").to.deep.equal(CHARTS);
  });

  describe("in a cluster in which Helm has recorded one", () => {
    let cluster: FakeApiServer;
    beforeEach(async () => (cluster = await FakeApiServer.start()));
    afterEach(() => cluster.stop());
    const has = (values: object): void => cluster.putRevision("istiod", 1, "pending-install", { data: storedRelease({ chart: { metadata: { name: "istiod" } }, config: values }) });
    const registerThere = (): Promise<World> => register({ kubeconfig: pulumi.secret(cluster.kubeconfig), values: { global: { meshID: pulumi.output("usmesh") } } });

    it("is installed over what an interrupted run left", async () => {
      has({ global: { meshID: "usmesh" } });
      expect(resource(await registerThere(), NAME).inputs["namespace"], "not secret, as the kubeconfig is").to.equal("istio-system");
      expect([...cluster.objects.keys()]).to.deep.equal([]);
    });

    it("is not registered over one that the stack did not install", async () => {
      has({ global: { meshID: "another" } });
      const { resources } = await registerThere();
      expect(resources.map(({ name }) => name)).to.deep.equal(["west-kind", "west-provider"]);
      expect([...cluster.objects.keys()]).to.have.length(1);
    });
  });
});
