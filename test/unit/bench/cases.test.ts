import { expect } from "chai";
import { CommanderError } from "commander";
import { ABOUT, CASE_NAMES, needsOf, selectCases } from "../../../bench/cases/about";
import { loadCase } from "../../../bench/cases/load";
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
    expect(needsOf([])).to.equal("nothing");
    expect(needsOf(["unit"])).to.equal("nothing");
    expect(needsOf(["unit", "scale"])).to.equal("tools");
    expect(needsOf(["up", "scale"])).to.equal("cluster");
  });

  it("are what their files say, and run the standing mesh's last", async () => {
    for (const name of CASE_NAMES) {
      const { name: own, summary, needs } = await loadCase(name);
      expect({ own, summary, needs }).to.deep.equal({ own: name, ...ABOUT[name] });
    }
    expect(CASE_NAMES.indexOf("up")).to.be.lessThan(CASE_NAMES.indexOf("noop"));
  }).timeout(60_000);

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
    const help = program().commands.find((command) => command.name() === "bench")!.helpInformation();
    for (const name of CASE_NAMES) expect(help).to.contain(`  ${name.padEnd(12)} ${ABOUT[name].summary}`);
  });

  it("refuses a case that there is not, before anything runs", async () => {
    const failure = await run("up", "fast");
    expect(failure).to.include({ section: "wrong-usage", message: 'there is no case "fast"', exitCode: 2 });
  });

  for (const value of ["0", "1.5", "many", "101"]) {
    it(`refuses --runs ${value}`, async () => expect(await run("--runs", value)).to.be.instanceOf(CommanderError));
  }
});
