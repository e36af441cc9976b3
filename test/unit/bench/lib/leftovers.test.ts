import { expect } from "chai";
import { allNames, ours, removals } from "../../../../bench/lib/leftovers";
import { SCRIPT } from "../../../../bench/lib/names";

describe("what is left in Docker", () => {
  it("is the benchmark's by its whole name or what follows a hyphen", () => {
    expect(ours(["usmesh-bench", "usmesh-bench-west-control-plane", "usmesh-benchmark", "my-usmesh-bench", "usmesh"])).to.deep.equal(["usmesh-bench", "usmesh-bench-west-control-plane"]);
    expect(ours(["usmesh-bench-west", "usmesh-bench-script", "usmesh-bench-script-east"], SCRIPT.network)).to.deep.equal(["usmesh-bench-script", "usmesh-bench-script-east"]);
    for (const name of [SCRIPT.client, ...Object.values(SCRIPT.kind)]) expect(ours([name], SCRIPT.network)).to.have.length(1);
  });

  it("is removed with what holds it first, and nothing where there is nothing", () => {
    const left = { containers: ["a", "b"], networks: ["n"], volumes: ["v"] };
    expect(allNames(left)).to.deep.equal(["a", "b", "n", "v"]);
    expect(removals(left)).to.deep.equal([["docker", "rm", "--force", "--volumes", "a", "b"], ["docker", "volume", "rm", "--force", "v"], ["docker", "network", "rm", "n"]]);
    expect(removals({ containers: [], networks: [], volumes: [] })).to.deep.equal([]);
  });
});
