import { expect } from "chai";
import { inSteps } from "../../support/steps";
import { Environments } from "./support/environments";
import { Traffic } from "./support/traffic";
import { badDays } from "./suites/bad-days";
import { closeBetween, moves, restarts } from "./suites/discovery";
import { membership } from "./suites/membership";
import { rotation } from "./suites/rotation";

describe("west and east on real clusters, a stack each", function () {
  inSteps(this);
  const mesh = new Environments();
  const traffic = new Traffic(mesh);

  after(async () => {
    process.stdout.write(traffic.report().map((line) => `      ${line}\n`).join(""));
    await traffic.stop();
    await mesh.remove();
  });

  describe("on their way up", () => {
    it("come up with one command, wired both ways", async () => {
      expect(await mesh.meshDoes("up", "west", "east")).to.contain("Wired: east->west, west->east");
    });

    it("are one mesh", async () => {
      expect(await mesh.faults(["west", "east"])).to.deep.equal([]);
    });

    it("stay as they are at the next up", async () => {
      for (const stack of ["west", "east"]) {
        const said = await mesh.sh(`pulumi up -s ${stack} --config-file "$MESH_HOME/config/Pulumi.${stack}.yaml" --yes --skip-preview --expect-no-changes --non-interactive`);
        expect(said).to.match(/\d+ unchanged/);
      }
    });
  });

  describe("under a steady stream of requests", () => {
    before(() => traffic.start());
    after(() => traffic.stop());

    describe("moved from one way of reading each other to the other", () => moves(mesh, traffic));
    describe("with a firewall that lets only port 15443 through", () => {
      before(() => closeBetween(mesh, ["west", "east"]));
      describe("renewed", () => rotation(mesh, traffic));
      describe("joined by a third", () => membership(mesh, traffic));
    });
    describe("with restarts", () => restarts(mesh, traffic));
  });

  describe("on bad days", () => badDays(mesh));

  describe("on their way down", () => {
    it("are removed with one command, which leaves nothing", async () => {
      await mesh.meshDoes("down", "--yes", "west", "east");
      expect(await mesh.known()).to.deep.equal([]);
      expect(await mesh.leftovers()).to.deep.equal([]);
    });
  });
});
