import { expect } from "chai";
import { guardDown, type Ask, type DownConsent, type StackToRemove } from "../../../../cli/up/down-guard";
import { EXIT, MeshError } from "../../../../lib/errors";
import { FakeApiServer } from "../../support/fake-api-server";
import { outputsOf, trustOutputsOf } from "../support/outputs";
import { FakePulumi } from "./support/fake-pulumi";
import { MAP, ROOT, stateWith } from "./support/states";

describe("before stacks are removed", () => {
  let pulumi: FakePulumi;
  let asked: string[];
  beforeEach(() => {
    pulumi = new FakePulumi();
    asked = [];
  });
  const answering = (answer: boolean): Ask => async (question) => (asked.push(question), answer);
  const guard = (names: string[], consent: DownConsent = {}, ask: Ask = undefined): Promise<StackToRemove[]> => guardDown(pulumi, names, consent, ask);
  const refusal = async (removing: Promise<unknown>): Promise<MeshError> => {
    const failure = await removing.then(() => undefined, (error: unknown) => error);
    expect(failure).to.be.instanceOf(MeshError).with.property("exitCode", EXIT.unusable);
    expect(pulumi.calls.filter((call) => !call.startsWith("export")), "what was changed").to.deep.equal([]);
    return failure as MeshError;
  };
  const signedBy = (stack: string, authority: string): void => {
    pulumi.states.set(stack, { resources: [MAP] });
    pulumi.exported.set(stack, { ...outputsOf([stack], []), trust: trustOutputsOf(authority, [stack]) });
  };

  it("nothing is asked of stacks without roots, whose order is the reverse", async () => {
    for (const stack of ["west", "east"]) pulumi.states.set(stack, { resources: [MAP] });
    expect((await guard(["west", "east"])).map(({ stack }) => stack)).to.deep.equal(["east", "west"]);
  });

  describe("that hold roots", () => {
    beforeEach(() => pulumi.states.set("west", { resources: [ROOT] }));

    it("the user is asked, who is told what is lost", async () => {
      expect(await guard(["west"], {}, answering(true))).to.deep.equal([{ stack: "west", roots: ["trust-root-1"], unreachable: [] }]);
      expect(asked).to.deep.equal(["mesh: remove stack west? [y/N] "]);
    });

    it("nothing is removed when the answer is no", async () => {
      expect((await refusal(guard(["west"], {}, answering(false)))).message).to.equal("nothing was removed");
    });

    it("--yes is needed where nobody can be asked, and asks nobody", async () => {
      const { message, hint } = await refusal(guard(["west"]));
      expect(message).to.equal("stack west holds the private key of trust-root-1, which cannot be restored; nothing was removed");
      expect(hint).to.contain("--yes");
      expect(await guard(["west"], { yes: true }, answering(false))).to.have.length(1);
      expect(asked).to.deep.equal([]);
    });

    it("it is refused while another stack is up for which they sign", async () => {
      signedBy("east", "west");
      const { message, hint } = await refusal(guard(["west"], { yes: true }));
      expect(message).to.equal("stack west is the authority that signs for stack east, which is up, so nothing was removed");
      expect(hint).to.contain("./mesh down west east");
    });

    it("those for which they sign may go with them, and go first", async () => {
      signedBy("east", "west");
      for (const names of [["west", "east"], ["east", "west"]]) {
        expect((await guard(names, { yes: true })).map(({ stack }) => stack), names.join()).to.deep.equal(["east", "west"]);
      }
    });

    it("stacks of another authority, or that are not up, do not matter", async () => {
      signedBy("east", "hub");
      pulumi.states.set("north", {});
      expect(await guard(["west"], { yes: true })).to.have.length(1);
    });
  });

  describe("with a cluster that does not answer", () => {
    let cluster: FakeApiServer;
    beforeEach(async () => {
      cluster = await FakeApiServer.start();
      pulumi.states.set("west", stateWith(cluster, []));
    });
    afterEach(() => cluster.stop());

    it("it is refused, with the way to forget the cluster", async () => {
      cluster.stop();
      const { message, hint } = await refusal(guard(["west"]));
      expect(message).to.match(/^stack west: http:\S+ \(.+\) cannot be used, so nothing was removed$/);
      expect(hint).to.contain("./mesh down west --forget");
    });

    it("it is refused as well when the cluster refuses the login", async () => {
      cluster.objects.set("/version", { metadata: { name: "" } });
      cluster.refusals.push({ status: 401, message: "Unauthorized" });
      expect((await refusal(guard(["west"]))).message).to.contain("(401: Unauthorized) cannot be used");
    });

    it("no stack is removed when one of them is refused", async () => {
      cluster.stop();
      pulumi.states.set("east", { resources: [MAP] });
      await refusal(guard(["west", "east"]));
    });

    it("it is forgotten when that is wanted, and only if it does not answer", async () => {
      cluster.objects.set("/version", { metadata: { name: "" } });
      expect((await guard(["west"], { forget: true }))[0]?.unreachable).to.deep.equal([]);
      cluster.stop();
      expect((await guard(["west"], { forget: true }))[0]?.unreachable).to.have.length(1);
    });
  });
});
