import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import type { UpReport } from "../../cli/up/report";
import { openTrap, type Trap } from "../integration/program/support/trap";
import { acceptance, leftovers, secrecy } from "./suites/acceptance";
import { access } from "./suites/access";
import { balancing } from "./suites/balancing";
import { discovery } from "./suites/discovery";
import { dockerPlugin } from "./suites/docker-plugin";
import { drill } from "./suites/drill";
import { failover } from "./suites/failover";
import { faults } from "./suites/faults";
import { observability } from "./suites/observability";
import { outsiders } from "./suites/outsiders";
import { pictures, traces } from "./suites/sight";
import { walkthrough, walkthroughTraces } from "./suites/walkthrough";
import { watches } from "./suites/watch";
import { onlySomeTests } from "./support/beside";
import { Firewall } from "./support/firewall";
import { stackFiles, TestMesh } from "./support/mesh";
import { watchProcesses } from "./support/process-list";
import { Watch } from "./support/watch";

const plugin = dockerPlugin();

// All end-to-end tests share one mesh, since it takes minutes to bring up.
describe("a mesh of two real clusters", () => {
  const mesh = new TestMesh();
  const firewall = new Firewall(mesh);
  const watch = new Watch(mesh);
  const tracked = stackFiles();
  let trap: Trap;
  let report: UpReport;
  let log = "";
  let processes: ReadonlySet<string> = new Set();

  before(async () => {
    trap = await openTrap();
    mesh.trap(trap.kubeconfig);
  });
  after(async () => {
    await mesh.remove();
    trap.close();
  });

  describe("on its way up", () => {
    it("is planned completely before any cluster exists", async () => {
      const { code, stdout, stderr } = await mesh.mesh("up", "--preview");
      expect(code, stderr).to.equal(0);
      expect(stdout).to.match(/\+ \d\d+ to create/);
      expect(await leftovers(mesh)).to.deep.equal([]);
    });

    it("comes up with one command, while a firewall between the clusters lets port 15443 through and nothing else", async () => {
      const [{ result, commandLines }] = await Promise.all([watchProcesses(mesh.mesh("up", "--json")), firewall.raise()]);
      const { code, stdout, stderr } = result;
      expect(code, stderr).to.equal(0);
      processes = commandLines;
      log = stdout + stderr;
      report = JSON.parse(stdout) as UpReport;
    });

    it("left nothing in the folder for temporary files but what ./mesh itself compiles", () => {
      expect(fs.readdirSync(mesh.temporary).filter((name) => !name.startsWith("tsx-"))).to.deep.equal([]);
    });
  });

  describe("once it is up", () => acceptance(mesh, () => report));
  describe("and its discovery", () => discovery(mesh, firewall));
  describe("and its secrets", () => secrecy(mesh, () => log, () => processes));
  describe("in a picture", () => pictures(mesh));
  describe("as docs/walkthrough.md shows it", () => walkthrough(mesh));
  describe("on a bad day of a service", () => failover(mesh));
  describe("and its drill", () => drill(mesh));
  describe("and what does not belong to it", () => outsiders(mesh));
  describe("with a policy", () => access(mesh));
  describe("with several replicas behind a gateway", () => balancing(mesh));
  describe("and a request in it", () => {
    // What is watched takes as long to get ready as these tests take.
    before(() => void (onlySomeTests() || watch.begin()));
    traces(mesh);
  });
  describe("and its pairs, when they are watched,", () => watches(mesh, watch));
  describe("with a fault", () => {
    // Faults are mostly waited for.
    before(() => void (onlySomeTests() || plugin.begin()));
    faults(mesh);
  });
  // Last, so that nothing has to be taken away again but by `down`.
  describe("as the end of docs/walkthrough.md shows it", () => walkthroughTraces(mesh));
  describe("and what observes it", () => observability(mesh, firewall));

  describe("on its way down", () => {
    it("is removed with one command, and leaves no container, network, volume or file", async () => {
      const { code, stderr } = await mesh.mesh("down", "--yes");
      expect(code, stderr).to.equal(0);
      expect(await leftovers(mesh)).to.deep.equal([]);
      const kubeconfigs = path.join(mesh.home, "mesh", "kubeconfig");
      expect(fs.existsSync(kubeconfigs) ? fs.readdirSync(kubeconfigs) : []).to.deep.equal([]);
    });

    it("left the tracked files as they were (./mesh, that is), and the user's own cluster alone", () => {
      expect(stackFiles()).to.deep.equal(tracked);
      expect(trap.requests()).to.equal(0);
    });
  });
});

describe("the docker plugin under the real engines", () => plugin.tests());
