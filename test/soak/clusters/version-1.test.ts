import { expect } from "chai";
import { inSteps } from "../../support/steps";
import { checkOutFormer, type Former } from "../support/former";
import { Environments } from "./support/environments";
import { Traffic } from "./support/traffic";

describe("west and east on real clusters, brought up with outputs of version 1", function () {
  inSteps(this);
  let former: Former;
  let mesh: Environments;
  let traffic: Traffic;

  before(async () => {
    former = await checkOutFormer();
    mesh = new Environments(former.folder);
    traffic = new Traffic(mesh);
  });
  after(async () => {
    process.stdout.write(traffic.report().map((line) => `      ${line}\n`).join(""));
    await traffic.stop();
    await mesh.remove();
    former.remove();
  });

  const keyOf = async (stack: "west" | "east"): Promise<string> => mesh.kubectl(stack, "-n istio-system get secret cacerts -o jsonpath='{.data.ca-key\\.pem}'");

  /** What the workloads of a cluster have to accept, as its PeerAuthentications say: nothing where there is none. */
  const modes = async (stack: "west" | "east"): Promise<string> => mesh.kubectl(stack, "get peerauthentications -A -o jsonpath='{.items[*].spec.mtls.mode}'");

  it("came up with one command, wired both ways, and accept plain text", async () => {
    expect(await mesh.meshDoes("up", "west", "east")).to.contain("Wired: east->west, west->east");
    expect([await modes("west"), await modes("east")]).to.deep.equal(["", ""]);
  });

  it("move over to keys of their own and to strict mutual TLS while requests flow, and lose none", async () => {
    await traffic.start();
    const [west, east] = [await keyOf("west"), await keyOf("east")];
    mesh.useThisVersion();
    await traffic.during("from outputs of version 1 to version 2", async () => {
      await mesh.meshDoes("up", "west", "east");
      expect(await mesh.faults(["west", "east"])).to.deep.equal([]);
    });
    expect(await keyOf("west"), "the authority's own key stays").to.equal(west);
    expect(await keyOf("east"), "the other one's key was made by west").not.to.equal(east);
    expect([await modes("west"), await modes("east")]).to.deep.equal(["STRICT", "STRICT"]);
  });

  it("go from strict to permissive and back while requests flow, and lose none", async () => {
    for (const mode of ["permissive", "strict"]) {
      for (const stack of ["west", "east"] as const) mesh.set(stack, "mtls", mode);
      await traffic.during(`mutual TLS ${mode}`, () => mesh.meshDoes("up", "west", "east").then(() => undefined));
      expect([await modes("west"), await modes("east")]).to.deep.equal([mode.toUpperCase(), mode.toUpperCase()]);
    }
  });

  it("export no private key any more", async () => {
    for (const stack of ["west", "east"] as const) {
      const { kubeconfigs: _kubeconfigs, ...rest } = await mesh.outputs(stack);
      expect(rest.version).to.equal(2);
      expect(JSON.stringify(rest)).not.to.match(/PRIVATE KEY/);
    }
  });

  it("get new keys with the next generation, while requests flow", async () => {
    const before = [await keyOf("west"), await keyOf("east")];
    mesh.set("west", "trust", { generation: 2 });
    await traffic.during("new keys after the move", () => mesh.meshDoes("up", "west", "east").then(() => undefined));
    expect([await keyOf("west"), await keyOf("east")].filter((key) => before.includes(key))).to.deep.equal([]);
  });
});
