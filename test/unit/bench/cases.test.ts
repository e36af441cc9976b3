import { expect } from "chai";
import { CommanderError } from "commander";
import { ABOUT, CASE_NAMES, needsOf, selectCases } from "../../../bench/cases/about";
import { change } from "../../../bench/cases/change";
import { dataplane } from "../../../bench/cases/dataplane";
import { discovery } from "../../../bench/cases/discovery";
import { failover } from "../../../bench/cases/failover";
import { join } from "../../../bench/cases/join";
import { noop } from "../../../bench/cases/noop";
import { propagation } from "../../../bench/cases/propagation";
import { scale } from "../../../bench/cases/scale";
import { furtherClusters, scaleKind, verifyGoals } from "../../../bench/cases/scale-kind";
import { unit } from "../../../bench/cases/unit";
import { up } from "../../../bench/cases/up";
import { verify } from "../../../bench/cases/verify";
import { program } from "../../../cli/main";
import { readText } from "../docs/support/documents";
import { blocksIn } from "../../../bench/report/markdown";

describe("the cases of the benchmark", () => {
  it("are selected by name and run in their own order, all of them without a name", () => {
    expect(selectCases([])).to.deep.equal({ cases: CASE_NAMES, unknown: [] });
    expect(selectCases(["verify", "up"])).to.deep.equal({ cases: ["up", "verify"], unknown: [] });
    expect(selectCases(["up", "fast", "slow"]).unknown).to.deep.equal(["fast", "slow"]);
  });

  it("have their needs met together", () => {
    expect(needsOf([])).to.deep.equal([]);
    expect(needsOf(["unit"])).to.deep.equal(["nothing"]);
    expect(needsOf(["up", "scale", "discovery", "noop"])).to.deep.equal(["tools", "cluster"]);
  });

  it("are what the help says of them", () => {
    const cases = { unit, discovery, scale, up, "scale-kind": scaleKind, noop, change, verify, propagation, failover, dataplane, join };
    expect(Object.keys(cases)).to.deep.equal(CASE_NAMES);
    for (const name of CASE_NAMES) expect(cases[name]).to.deep.include({ name, ...ABOUT[name] });
  });

  it("that share a mesh run after those that it would slow", () => {
    for (const before of ["unit", "discovery", "scale", "up", "scale-kind"] as const) {
      for (const after of ["noop", "change", "verify", "propagation", "failover", "dataplane", "join"] as const) expect(CASE_NAMES.indexOf(before)).to.be.lessThan(CASE_NAMES.indexOf(after));
    }
  });

  it("are each loaded from the file of its name", () => {
    const loaders = [...readText("bench/cases/load.ts").matchAll(/^ {2}"?([\w-]+)"?: async \(\) => \(await import\("\.\/([\w-]+)\.js"\)\)\.\w+,$/gm)];
    expect(loaders.map(([, name]) => name)).to.deep.equal(CASE_NAMES);
    for (const [, name, file] of loaders) expect(file).to.equal(name);
  });

  it("of several kind clusters have names of the benchmark's for each further one", () => {
    expect(furtherClusters(2)).to.deep.equal({ clusters: {} });
    expect(furtherClusters(4)).to.deep.equal({
      clusters: { c3: { region: "c3us", addressIndex: 3, kindName: "usmesh-bench-c3" }, c4: { region: "c4us", addressIndex: 4, kindName: "usmesh-bench-c4" } },
    });
  });

  it("of several kind clusters have a goal: less for a pair of the largest than for one of two clusters", () => {
    const [goal] = verifyGoals([{ clusters: 2, verify: [8, 10, 9] }, { clusters: 3, verify: [20] }, { clusters: 4, verify: [27] }]);
    expect(goal).to.deep.equal({ name: "./mesh verify: each of 12 pairs, beside each of 2", actual: 27 / 12 / 4.5, atMost: 1, unit: "×" });
    expect(verifyGoals([{ clusters: 2, verify: [8] }])).to.deep.equal([]);
  });

  it("have a block each in docs/performance.md, which names no others", () => {
    expect([...blocksIn(readText("docs/performance.md"))].sort()).to.deep.equal([...CASE_NAMES].sort());
    expect(blocksIn(readText("README.md"))).to.deep.equal(["summary"]);
  });
});

describe("./mesh bench", () => {
  const run = async (...words: string[]): Promise<unknown> => {
    const mesh = program();
    mesh.commands.find((command) => command.name() === "bench")?.configureOutput({ writeErr: () => undefined });
    return mesh.parseAsync(["bench", ...words], { from: "user" }).then(
      () => undefined,
      (failure: unknown) => failure,
    );
  };

  it("lists the cases in its help", () => {
    const help = program().commands.find((command) => command.name() === "bench")!.helpInformation().replace(/\s+/g, " ");
    for (const name of CASE_NAMES) expect(help).to.contain(` ${name} ${ABOUT[name].summary} `);
  });

  it("refuses a case that there is not, before anything runs", async () => {
    const failure = await run("up", "fast");
    expect(failure).to.include({ section: "wrong-usage", message: 'there is no case "fast"', exitCode: 2 });
  });

  it("refuses cases beside --report", async () => {
    expect(await run("up", "--report", "package.json")).to.include({ section: "wrong-usage", message: "cases and --report were both given" });
  });

  for (const value of ["0", "1.5", "many", "101"]) {
    it(`refuses --runs ${value}`, async () => expect(await run("--runs", value)).to.be.instanceOf(CommanderError));
  }
});
