import { expect } from "chai";
import { complete, settingsOf, type ReleaseSettings } from "../../../../airgap/plugins/kubernetes/release/fields";
import { installArgs, uninstallArgs, upgradeArgs } from "../../../../airgap/plugins/kubernetes/release/flags";

const settings = (given: Partial<ReleaseSettings> = {}): ReleaseSettings =>
  settingsOf(complete({ name: "r", namespace: "n", ...(given as object) }));
const labels = { "usmesh.io/resource": "abc" };
const install = (given?: Partial<ReleaseSettings>) => installArgs(settings(given), "/chart", labels).join(" ");
const upgrade = (given?: Partial<ReleaseSettings>) => upgradeArgs(settings(given), "/chart", labels).join(" ");
const uninstall = (given?: Partial<ReleaseSettings>) => uninstallArgs(settings(given)).join(" ");

describe("helm's command line", () => {
  it("waits by default, takes values on stdin and keeps the whole history", () => {
    const common = "--namespace n --values - --timeout 300s --labels usmesh.io/resource=abc --wait";
    expect(install()).to.equal(`install r /chart ${common}`);
    expect(upgrade()).to.equal(`upgrade r /chart ${common} --history-max 0`);
    expect(uninstall()).to.equal("uninstall r --namespace n --ignore-not-found --timeout 300s --wait");
  });

  it("waits for nothing with skipAwait, not for jobs either; atomic waits all the same", () => {
    const given = { skipAwait: true, waitForJobs: true };
    expect(install(given)).not.to.contain("--wait");
    expect(upgrade(given)).not.to.contain("--wait");
    expect(uninstall(given)).not.to.contain("--wait");
    expect(install({ waitForJobs: true })).to.contain("--wait --wait-for-jobs");
    expect(uninstall({ skipAwait: true, atomic: true })).to.contain("--wait");
  });

  it("never has the values in it", () => {
    const given = { values: { password: "hunter2" } };
    for (const line of [install(given), upgrade(given), uninstall(given)]) expect(line).not.to.contain("hunter2");
  });

  for (const [given, flag, where] of [
    [{ atomic: true }, "--atomic", "both"],
    [{ dependencyUpdate: true }, "--dependency-update", "both"],
    [{ renderSubchartNotes: true }, "--render-subchart-notes", "both"],
    [{ takeOwnership: true }, "--take-ownership", "both"],
    [{ description: "two words" }, "--description two words", "both"],
    [{ timeout: 7 }, "--timeout 7s", "both"],
    [{ disableWebhooks: true }, "--no-hooks", "install"],
    [{ skipCrds: true }, "--skip-crds", "install"],
    [{ createNamespace: true }, "--create-namespace", "install"],
    [{ replace: true }, "--replace", "install"],
    [{ disableOpenapiValidation: true }, "--disable-openapi-validation", "install"],
    [{ disableCRDHooks: true }, "--no-hooks", "upgrade"],
    [{ maxHistory: 3 }, "--history-max 3", "upgrade"],
    [{ forceUpdate: true }, "--force", "upgrade"],
    [{ resetValues: true }, "--reset-values", "upgrade"],
    [{ reuseValues: true }, "--reuse-values", "upgrade"],
    [{ recreatePods: true }, "--recreate-pods", "upgrade"],
    [{ cleanupOnFail: true }, "--cleanup-on-fail", "upgrade"],
  ] as [Partial<ReleaseSettings>, string, "both" | "install" | "upgrade"][]) {
    it(`has ${flag} for ${Object.keys(given).join()} in ${where}`, () => {
      expect(install(given).includes(flag), "install").to.equal(where !== "upgrade");
      expect(upgrade(given).includes(flag), "upgrade").to.equal(where !== "install");
    });
  }
});
