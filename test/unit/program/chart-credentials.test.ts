import { expect } from "chai";
import { MetalLB } from "../../../components";
import { CANARY } from "../components/support/answers";
import { CHARTS, KUBECONFIG, optionsIn } from "../components/support/pieces";
import { plain, redacted } from "../components/support/secrets";
import { run, runPiece, type World } from "../components/support/world";

const login = (username: string) => ({ username, password: `${CANARY} ${username}` });
const releases = (world: World) => world.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");

describe("logins for chart repositories", function () {
  // A whole program runs, which takes time on a busy machine.
  this.timeout(60_000);

  // The engine says in a variable which settings are secret.
  const former = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  before(() => (process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(["usmesh:chartCredentials"])));
  after(() => {
    if (former === undefined) delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
    else process.env["PULUMI_CONFIG_SECRET_KEYS"] = former;
  });

  it("go to the releases of their charts alone, as secrets", async () => {
    const world = await run("local", { settings: { chartCredentials: { istio: login("mesh"), metallb: login("balancer") } } });
    for (const { name, inputs } of releases(world)) {
      const expected = name.includes("metallb") ? login("balancer") : login("mesh");
      expect(plain(inputs["repositoryOpts"]), name).to.include(expected);
      expect(redacted(inputs["repositoryOpts"]), name).to.equal("[secret]");
    }
    expect(releases(world)).to.have.length(10);
    for (const { name, inputs, type } of world.resources.filter(({ custom }) => !custom)) expect(JSON.stringify(plain(inputs)), `${name} ${type}`).not.to.contain(login("mesh").password);
    expect(JSON.stringify([redacted(world.resources), redacted(world.outputs)])).not.to.contain(CANARY);
  });

  it("are none where none are set", async () => {
    for (const { name, inputs } of releases(await run("local"))) expect(Object.keys(plain(inputs["repositoryOpts"]) as object), name).to.deep.equal(["repo"]);
  });

  it("are arguments of the components, which do not record them", async () => {
    const charts = { version: CHARTS.version, repository: "https://charts.example", credentials: login("mesh") };
    const world = await runPiece(() => new MetalLB("lb", { addresses: ["172.18.255.1-172.18.255.9"], charts, kubeconfig: KUBECONFIG }, optionsIn("west")));
    const component = world.resources.find(({ type }) => type === "usmesh:index:MetalLB");
    expect(component?.inputs["charts"]).to.deep.equal({ version: CHARTS.version, repository: "https://charts.example" });
    expect(plain(releases(world)[0]?.inputs["repositoryOpts"])).to.deep.equal({ repo: "https://charts.example", ...login("mesh") });
  });
});
