import { expect } from "chai";
import { secretSettings } from "../../../settings/secrets";

describe("the secrets in settings", () => {
  const read = (config: Record<string, unknown>) => secretSettings(Object.fromEntries(Object.entries(config).map(([key, value]) => [`usmesh:${key}`, JSON.stringify(value)])), []);
  const login = { username: "mesh", password: "canary" };

  it("are kubeconfigs and logins, from the configuration and the settings files over it", () => {
    const files = [{ name: "a.yaml", content: { chartCredentials: { istio: login } } }];
    expect(secretSettings({ "usmesh:kubeconfigs": '{"west":"kubeconfig"}', "usmesh:demo": "true" }, files)).to.deep.equal({ kubeconfigs: { west: "kubeconfig" }, chartCredentials: { istio: login } });
  });

  it("are none where nothing is set, or something that is refused", () => {
    for (const config of [{}, { kubeconfigs: ["canary"], chartCredentials: "canary" }, { chartCredentials: { istio: "canary" } }]) {
      expect(read(config)).to.deep.equal({ kubeconfigs: {}, chartCredentials: {} });
    }
  });
});
