import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { airgapPaths } from "../../../../airgap/builder/paths";
import { meshEnvironment, shellExports } from "../../../../cli/lib/environment";
import { meshPaths } from "../../../../lib/paths";

describe("the environment", () => {
  const make = (airgap: boolean, env: NodeJS.ProcessEnv): Record<string, string> =>
    meshEnvironment({ airgap, mesh: meshPaths("/m"), airgapPaths: airgapPaths("/a"), stacks: ["east", "local"], env });

  it("names the project's own state, passphrase, settings and clusters", () => {
    expect(make(true, { PATH: "/usr/bin" })).to.deep.equal({
      PULUMI_BACKEND_URL: "file:///m/state?metadata=skip",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/m/passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      TS_NODE_CACHE_DIRECTORY: "/m/cache/ts-node",
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_HOME: "/a/pulumi",
      PATH: "/a/bin:/usr/bin",
      USMESH_SETTINGS: "/a/settings.yaml",
      KUBECONFIG: "/m/kubeconfig/east.yaml:/m/kubeconfig/local.yaml",
    });
  });

  it("does not change PATH, Pulumi's home and the settings without the air gap", () => {
    expect(make(false, { PATH: "/usr/bin" })).not.to.have.any.keys("PATH", "PULUMI_HOME", "USMESH_SETTINGS");
  });

  it("keeps the user's backend, passphrase and settings", () => {
    const kept = make(true, { PULUMI_BACKEND_URL: "s3://b", PULUMI_CONFIG_PASSPHRASE_FILE: "/p", USMESH_SETTINGS: "/mine.yaml" });
    expect(kept).to.include({ PULUMI_BACKEND_URL: "s3://b", PULUMI_CONFIG_PASSPHRASE_FILE: "/p", USMESH_SETTINGS: "/a/settings.yaml:/mine.yaml" });
    expect(make(true, { PULUMI_CONFIG_PASSPHRASE: "" })).not.to.have.property("PULUMI_CONFIG_PASSPHRASE_FILE");
  });

  it("is the same when it is applied twice", () => {
    const once = make(true, { PATH: "/usr/bin:/a/bin", USMESH_SETTINGS: "/mine.yaml" });
    expect(make(true, once)).to.deep.equal(once);
  });

  it("never refers to the user's own kubeconfig", () => {
    const none = meshEnvironment({ airgap: false, mesh: meshPaths("/m"), airgapPaths: airgapPaths("/a"), stacks: [], env: { KUBECONFIG: "/home/me/.kube/config" } });
    expect(none.KUBECONFIG).to.match(/^\/m\/kubeconfig\//);
  });

  it("passes through a shell unchanged, whatever is in the values", () => {
    const value = fc.string({ maxLength: 12 }).filter((text) => !text.includes("\0"));
    const nasty = ["a b", "it's", "$HOME `id` \\ \"", "two\nlines", "*", "'; exit 1; '"];
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const all = Object.fromEntries([...nasty, ...values].map((text, index) => [`V${index}`, text]));
        expect(throughShell(all)).to.deep.equal(all);
      }),
      { numRuns: 15 },
    );
  });
});

/** The variables as a program sees them that a shell starts which has evaluated the lines. */
function throughShell(variables: Record<string, string>): unknown {
  const text = execFileSync("sh", ["-eu", "-c", 'eval "$1"; exec env -0', "sh", shellExports(variables).join("\n")], { encoding: "utf8" });
  const entries = text.split("\0").map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)] as const);
  return Object.fromEntries(entries.filter(([name]) => /^V\d+$/.test(name)));
}
