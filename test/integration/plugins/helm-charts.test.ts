import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateChart } from "../../../airgap/plugins/kubernetes/release/chart";
import { complete, settingsOf } from "../../../airgap/plugins/kubernetes/release/fields";
import type { Props } from "../../../airgap/plugins/lib/values";
import { PASSWORD, startRegistry, startRepository, USER, type ChartServer } from "../support/chart-server";

const locate = (given: Props) => locateChart(settingsOf(complete(given)));
const failure = (given: Props) =>
  locate(given).then(
    () => expect.fail("was found"),
    (error: Error) => error.message,
  );

describe("charts from elsewhere", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "usmesh-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  describe("from a repository behind a password", () => {
    let server: ChartServer;
    before(async () => {
      server = await startRepository(folder, ["1.0.0", "1.1.0", "1.2.0-rc.1"]);
    });
    after(() => server.stop());
    const from = (more: Props = {}) => ({
      chart: "greeter",
      repositoryOpts: { repo: server.url, username: USER, password: PASSWORD },
      ...more,
    });

    it("are the newest release, what a constraint allows, or a version under development", async () => {
      expect(await locate(from())).to.include({ name: "greeter", version: "1.1.0", local: false });
      expect(await locate(from({ version: "~1.0.0" }))).to.include({ version: "1.0.0" });
      expect(await locate(from({ devel: true }))).to.include({ version: "1.2.0-rc.1" });
    });

    it("are fetched once", async () => {
      const { version, path } = await locate(from({ version: ">=1" }));
      const before = server.requests.length;
      expect(await locate(from({ version: ">=1" }))).to.include({ path });
      expect(await locate(from({ version })), "also under the version that was found").to.include({ path });
      expect(server.requests.length).to.equal(before);
    });

    it("are not there under another name or version, or with another password, which no message says", async () => {
      expect(await failure(from({ chart: "stranger" }))).to.match(/stranger/);
      expect(await failure(from({ version: "9.9.9" }))).to.match(/9\.9\.9/);
      const repositoryOpts = { repo: server.url, username: USER, password: "hunter3-is-wrong" };
      expect(await failure(from({ repositoryOpts }))).to.match(/401/).and.not.contain("hunter");
    });
  });

  describe("from a registry behind a password", () => {
    let server: ChartServer & { caFile: string };
    before(async () => {
      server = await startRegistry(folder, "2.0.0");
    });
    after(() => server.stop());

    it("are pulled with the given credentials and authority", async () => {
      const repositoryOpts = { caFile: server.caFile, username: USER, password: PASSWORD };
      expect(await locate({ chart: server.url, repositoryOpts })).to.include({ name: "greeter", version: "2.0.0" });
      expect(await locate({ chart: server.url, version: "^2", repositoryOpts })).to.include({ version: "2.0.0" });
    });

    it("are not pulled with other credentials, which no message says", async () => {
      const repositoryOpts = { caFile: server.caFile, username: USER, password: "hunter3-is-wrong" };
      expect(await failure({ chart: server.url, repositoryOpts })).to.match(/401|unauthorized/i).and.not.contain("hunter");
    });
  });
});
