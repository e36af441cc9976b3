import { expect } from "chai";
import { decodeConfig, overlay, refuseSecrets } from "../../../settings/raw";

describe("a stack's configuration", () => {
  it("is decoded by each setting's type, without other namespaces", () => {
    const config = { "usmesh:mesh": "123", "usmesh:demo": "true", "usmesh:clusters": '{"west":{}}', "usmesh:peers": '["east"]', "pulumi:tags": "{}" };
    expect(decodeConfig(config)).to.deep.equal({ mesh: "123", demo: true, clusters: { west: {} }, peers: ["east"] });
  });

  it("keeps what cannot be decoded and unknown settings, so that they can be refused", () => {
    expect(decodeConfig({ "usmesh:clusters": "west", "usmesh:bla": "1" })).to.deep.equal({ clusters: "west", bla: "1" });
  });

  it("may contain secrets only in other namespaces, and in the settings that are secret", () => {
    const refuse = (secret: string[], plain: string[] = []) => refuseSecrets([...secret, ...plain], secret, "local");
    expect(() => refuse(["usmesh:mesh", "other:token"])).to.throw(/^1 setting is wrong in stack local.*\n.*usmesh:mesh: is encrypted/);
    expect(() => refuse(["other:token", "usmesh:kubeconfigs", "usmesh:chartCredentials"], ["usmesh:mesh"])).not.to.throw();
    expect(() => refuse([], ["usmesh:kubeconfigs", "usmesh:chartCredentials"])).to.throw(/^2 settings.*\n.*usmesh:kubeconfigs: is in plain text; set it again with --secret.*\n.*chartCredentials: is in plain text/);
  });
});

describe("settings files over a stack's settings", () => {
  it("win in their order, records key by key", () => {
    const files = [
      { name: "a.yaml", content: { istio: { hub: "a", tag: "1" }, peers: ["a"] } },
      { name: "b.yaml", content: { istio: { tag: "2" }, peers: ["b"] } },
    ];
    const merged = overlay({ demo: true, istio: { hub: "x", version: "1.31.4" } }, files);
    expect(merged).to.deep.equal({ demo: true, istio: { hub: "a", tag: "2", version: "1.31.4" }, peers: ["b"] });
  });

  it("may be empty, and must otherwise be records", () => {
    expect(overlay({ demo: true }, [{ name: "empty.yaml", content: null }])).to.deep.equal({ demo: true });
    expect(() => overlay({}, [{ name: "list.yaml", content: ["a"] }])).to.throw(/USMESH_SETTINGS: list\.yaml does not contain settings/);
  });
});
