import { expect } from "chai";
import { checkRecipes, recipeIn, recipesOf, type RootRecipe } from "../../../trust/root-recipe";
import { certificatePem, rootPem } from "./support/roots";

const MADE: RootRecipe = { mesh: "usmesh", keyAlgorithm: "ECDSA-P256", validityHours: 87_600 };
const P384: RootRecipe = { ...MADE, keyAlgorithm: "ECDSA-P384" };

describe("what a root is made from", () => {
  it("is in the settings for a new one, and stays as it is for one that exists", () => {
    expect(recipesOf(["1", "2"], { "1": MADE }, P384)).to.deep.equal({ "1": MADE, "2": P384 });
    expect(recipesOf(["1"], {}, P384)).to.deep.equal({ "1": P384 });
  });

  it("may be anything before the first `up`, and the same after it", () => {
    expect(checkRecipes(["1"], {}, P384)).to.equal(undefined);
    expect(checkRecipes(["1"], { "1": MADE }, { ...MADE })).to.equal(undefined);
  });

  const changes: [string, Partial<RootRecipe>, string][] = [
    ["the algorithm", { keyAlgorithm: "ECDSA-P384" }, "usmesh:trust.keyAlgorithm is ECDSA-P384 and was ECDSA-P256"],
    ["the lifetime", { validityHours: 43_800 }, "usmesh:trust.rootValidityHours is 43800 and was 87600"],
    ["the mesh", { mesh: "other" }, "usmesh:mesh is other and was usmesh"],
  ];
  for (const [what, change, seen] of changes) {
    it(`does not change under the root's name: ${what}`, () => {
      const refused = checkRecipes(["1"], { "1": MADE }, { ...MADE, ...change });
      expect(refused).to.match(/^usmesh:trust\.roots: root "1" would change under its name/).and.to.include(seen);
    });
  }

  it("changes with the name of a new root, and the message says how", () => {
    expect(checkRecipes(["1"], { "1": MADE }, P384)).to.include('set usmesh:trust.roots to [1, 2] and usmesh:trust.signer to "1"').and.to.include("docs/rotation.md#roots");
    for (const [root, next] of [["old", "old-2"], ["v1", "v1-2"], ["1st", "1st-2"], ["19", "20"]] as const) {
      expect(checkRecipes([root], { [root]: MADE }, P384)).to.include(`[${root}, ${next}]`);
    }
    const both = checkRecipes(["1"], { "1": MADE }, { ...P384, validityHours: 43_800 });
    expect(both).to.include("with usmesh:trust.keyAlgorithm ECDSA-P384, usmesh:trust.rootValidityHours 43800 from the first step on");
    expect(checkRecipes(["1", "2"], { "1": MADE }, P384)).to.equal(undefined);
    expect(checkRecipes(["1", "2"], { "1": MADE, "2": P384 }, P384)).to.equal(undefined);
    expect(checkRecipes(["2"], { "2": P384 }, P384)).to.equal(undefined);
  });

  it("does not change while a root is being replaced", () => {
    expect(checkRecipes(["1", "2"], { "1": MADE, "2": P384 }, MADE)).to.include('root "2" would change').and.to.include("first end the replacement that is under way");
  });
});

describe("what a root was made from, read from its certificate", function () {
  // Making a key of RSA takes time on a busy machine.
  this.timeout(60_000);

  for (const algorithm of ["ECDSA-P256", "ECDSA-P384", "RSA-2048"] as const) {
    it(`is its mesh, its lifetime and its key of ${algorithm}`, async () => {
      expect(recipeIn(await rootPem("mesh-1", "1", algorithm, 1_000))).to.deep.equal({ mesh: "mesh-1", keyAlgorithm: algorithm, validityHours: 1_000 });
    });
  }

  it("is not known of a certificate that names no mesh, or has a key that no setting asks for", async () => {
    expect(recipeIn(await certificatePem("ECDSA-P256", { commonName: "O=usmesh" }))).to.equal(undefined);
    expect(recipeIn(await certificatePem("RSA-1024", { organization: "usmesh", commonName: "usmesh root CA 1" }))).to.equal(undefined);
  });

  it("is not known of what is not a certificate", () => {
    expect(recipeIn("certificate trust-root-1")).to.equal(undefined);
    expect(recipeIn("")).to.equal(undefined);
  });
});
