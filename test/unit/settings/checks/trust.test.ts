import { expect } from "chai";
import { parseSettings } from "../../../../settings/config";
import { itLimits, itRefuses, problemsOf, two } from "../support/refusals";

const withTrust = (trust: object) => ({ clusters: two, trust });
const underHub = (trust: object) => ({ clusters: two, peers: ["hub"], trust: { authority: "hub", ...trust } });

describe("the check of the trust", () => {
  describe("for peers", () => {
    itRefuses([
      ["this stack", { clusters: two, peers: ["local"] }, "usmesh:peers[0]", /this stack itself/],
      ["this stack by its full name", { clusters: two, peers: ["organization/usmesh/local"] }, "usmesh:peers[0]", /this stack itself/],
      ["one twice", { clusters: two, peers: ["north", "organization/usmesh/north"] }, "usmesh:peers[1]", /already a peer/],
    ]);

    it("accepts stacks of the same name in two projects", () => {
      expect(problemsOf({ clusters: two, peers: ["north", "organization/other/north", "organization/other/local"] })).to.deep.equal([]);
    });
  });

  describe("for another authority", () => {
    itRefuses([
      ["one that is not a peer", { clusters: two, peers: ["north"], trust: { authority: "nort" } }, "usmesh:trust.authority", /not one of the peers.*Did you mean "north"\?/],
      ["one without peers", { clusters: two, trust: { authority: "hub" } }, "usmesh:trust.authority", /not one of the peers.*Add it to usmesh:peers/],
      ["members", underHub({ members: ["west"] }), "usmesh:trust.members", /decided by stack hub/],
      ["roots", underHub({ roots: ["2"] }), "usmesh:trust.roots", /decided by stack hub/],
      ["a signer", underHub({ signer: "1" }), "usmesh:trust.signer", /decided by stack hub/],
      ["a key algorithm", underHub({ keyAlgorithm: "RSA-4096" }), "usmesh:trust.keyAlgorithm", /decided by stack hub/],
      ["the root's validity", underHub({ rootValidityHours: 9 }), "usmesh:trust.rootValidityHours", /decided by stack hub/],
      ["the intermediates' validity", underHub({ intermediateValidityHours: 9 }), "usmesh:trust.intermediateValidityHours", /decided by stack hub/],
      ["their renewal", underHub({ earlyRenewalHours: 9 }), "usmesh:trust.earlyRenewalHours", /decided by stack hub/],
      ["their generation", underHub({ generation: 2 }), "usmesh:trust.generation", /decided by stack hub/],
    ]);

    it("accepts nothing but the authority, and a stack that names itself", () => {
      expect(problemsOf(underHub({}))).to.deep.equal([]);
      expect(problemsOf(withTrust({ authority: "local", roots: ["2"] }))).to.deep.equal([]);
    });
  });

  describe("for members", () => {
    itRefuses([
      ["a cluster without an authority", withTrust({ members: ["west"] }), "usmesh:trust.members", /cluster east has no authority: .*add "east"/],
      ["one that no stack owns", withTrust({ members: ["west", "east", "esat"] }), "usmesh:trust.members[2]", /cluster "esat" is not in this stack.*no peers.*Did you mean "east"\?/],
      ["one that no stack owns and that resembles none", withTrust({ members: ["west", "east", "tokyo"] }), "usmesh:trust.members[2]", /The clusters are: west, east\.$/],
      ["one twice", withTrust({ members: ["west", "east", "west"] }), "usmesh:trust.members[2]", /already a member/],
    ]);

    it("accepts clusters that peers may own", () => {
      expect(problemsOf({ clusters: two, peers: ["north"], trust: { members: ["west", "east", "n1"] } })).to.deep.equal([]);
    });

    it("compares them with the clusters of peers whose settings are here", () => {
      const settings = (...members: string[]) => ({ clusters: two, peers: ["north", "organization/usmesh/south"], trust: { members: ["west", "east", ...members] } });
      const files: Record<string, string[]> = { north: ["n1"], south: ["s1"] };
      const found = (members: string[], clustersOf = (stack: string): string[] | undefined => files[stack]) => {
        try {
          return parseSettings(settings(...members), { stack: "local", clustersOf }) && "";
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(found(["n1", "s1"])).to.equal("");
      expect(found(["n1", "s2"])).to.match(/usmesh:trust\.members\[3\]: cluster "s2" is neither in this stack nor in a peer; remove it, or correct it\. Did you mean "s1"\?/);
      expect(found(["n1", "s2"], (stack) => (stack === "north" ? files["north"] : undefined)), "a peer whose settings are elsewhere").to.equal("");
    });
  });

  describe("for roots", () => {
    itRefuses([
      ["one twice", withTrust({ roots: ["1", "1"] }), "usmesh:trust.roots[1]", /already a root/],
      ["a signer that is not one of them", withTrust({ signer: "2" }), "usmesh:trust.signer", /not one of the roots.*choose one of 1/],
    ]);
  });

  describe("for lifetimes", () => {
    itRefuses([
      ["an intermediate that outlives its root", withTrust({ rootValidityHours: 1000 }), "usmesh:trust.intermediateValidityHours", /8760 hours are more than the 1000 of the root; the maximum is 1000/],
      ["a renewal at every run", withTrust({ earlyRenewalHours: 8760 }), "usmesh:trust.earlyRenewalHours", /valid for 8760 hours.*the maximum is 8759/],
    ]);

    itLimits([
      ["that of a root to at least a month", (hours) => withTrust({ rootValidityHours: hours, intermediateValidityHours: 168, earlyRenewalHours: 24 }), 720, 719, "usmesh:trust.rootValidityHours"],
      ["that of a root to 30 years", (hours) => withTrust({ rootValidityHours: hours }), 262_800, 262_801, "usmesh:trust.rootValidityHours"],
      ["that of an intermediate to at least a week", (hours) => withTrust({ intermediateValidityHours: hours, earlyRenewalHours: 24 }), 168, 167, "usmesh:trust.intermediateValidityHours"],
      ["that of an intermediate to 5 years", (hours) => withTrust({ intermediateValidityHours: hours }), 43_800, 43_801, "usmesh:trust.intermediateValidityHours"],
      ["renewal to at least a day", (hours) => withTrust({ earlyRenewalHours: hours }), 24, 23, "usmesh:trust.earlyRenewalHours"],
      ["that of an intermediate to the root's", (hours) => withTrust({ rootValidityHours: 1000, intermediateValidityHours: hours }), 1000, 1001, "usmesh:trust.intermediateValidityHours"],
      ["renewal to less than an intermediate's", (hours) => withTrust({ intermediateValidityHours: 1000, earlyRenewalHours: hours }), 999, 1000, "usmesh:trust.earlyRenewalHours"],
    ]);
  });
});
