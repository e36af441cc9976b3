import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { newest, plotsOf, readReports, writeDocuments, writeFolder } from "../../../../bench/report/files";
import { blocksIn, caseBlock, marks, origin, summaryBlock, withBlock } from "../../../../bench/report/markdown";
import { number, quantity } from "../../../../bench/report/numbers";
import type { BenchReport, MeasuredCase } from "../../../../bench/report/schema";
import { textReport } from "../../../../bench/report/text";

const UP: MeasuredCase = {
  name: "up",
  seconds: 300,
  series: [
    { name: "from nothing", side: "usmesh", unit: "s", values: [48, 50, 51] },
    { name: "from nothing", side: "script", unit: "s", values: [98, 100, 99] },
    { name: "resources", side: "usmesh", unit: "count", values: [147] },
  ],
  goals: [
    { name: "beside the script", actual: 50 / 99, atMost: 0.45, unit: "×", met: false },
    { name: "in all", actual: 50, atMost: 60, unit: "s", met: true },
  ],
  notes: ["Both have the same images."],
  pictures: { "up-gantt.svg": "<svg/>" },
};

const run = (more: Partial<BenchReport> = {}): BenchReport => ({
  version: 1,
  date: "2026-11-27T10:00:00.000Z",
  runs: 3,
  machine: { cores: 2, processor: "some processor", memoryMiB: 24_064, kernel: "Linux 6.1", load: 0.12 },
  versions: { usmesh: "0123456789ab", node: "20.19.0", pulumi: "v3.259.0", kubernetes: "node:v1.34.4", downloads: "air gap" },
  cases: [UP, { name: "noop", seconds: 4, error: "no mesh" }],
  ...more,
});

describe("a figure in a report", () => {
  it("has three digits that mean something, and its unit", () => {
    expect([0, 0.0123, 0.5, 3.14159, 51.26, 98.6, 512.4, 4000].map(number)).to.deep.equal(["0", "0.012", "0.500", "3.14", "51.3", "98.6", "512", "4000"]);
    expect([quantity(3.6, "s"), quantity(512, "MiB"), quantity(147, "count"), quantity(12, "%"), quantity(0.45, "×")]).to.deep.equal(["3.60 s", "512 MiB", "147", "12.0 %", "0.450 ×"]);
  });
});

describe("a run for a person", () => {
  it("has median, minimum, maximum, ratio, goals met and missed, notes, and what was not measured", () => {
    const lines = textReport(run()).split("\n");
    expect(lines).to.include("  from nothing  usmesh  50.0 s  48.0  51.0  3");
    expect(lines).to.include("  from nothing: usmesh takes 0.51 × of script");
    expect(lines).to.include("  ✗ missed: beside the script: 0.505 ×, at most 0.450 ×");
    expect(lines).to.include("  ✓ met: in all: 50.0 s, at most 60.0 s");
    expect(lines).to.include("  Both have the same images.");
    expect(lines).to.include("noop: not measured: no mesh");
    expect(lines.at(-1)).to.equal("1 measured, 1 not measured; goals: 1 met, 1 missed");
  });
});

describe("a run in a document", () => {
  const block = caseBlock({ run: run(), measured: UP }, ["images/bench-up-s.svg"]);

  it("has a table of all series, the ratios, the goals, the plots and what it was measured on", () => {
    expect(block.split("\n\n")).to.deep.equal([
      "|  | side | median | min | max | runs |\n| --- | --- | ---: | ---: | ---: | ---: |\n| from nothing | usmesh | 50.0 s | 48.0 | 51.0 | 3 |\n| from nothing | script | 99.0 s | 98.0 | 100 | 3 |\n| resources | usmesh | 147 | 147 | 147 | 1 |",
      "- from nothing: usmesh takes 0.51 × of script.",
      "| goal | measured | at most |  |\n| --- | ---: | ---: | --- |\n| beside the script | 0.505 × | 0.450 × | **missed** |\n| in all | 50.0 s | 60.0 s | met |",
      "![Plot of the case up: the figures of the table](images/bench-up-s.svg)",
      "- Both have the same images.",
      "Measured 2026-11-27 on 2 cores (some processor), 24 GiB, Linux 6.1, load before 0.1; usmesh 0123456789ab, Node.js 20.19.0, Pulumi v3.259.0, nodes of node:v1.34.4, air gap.",
    ]);
  });

  it("has one table for all cases in the README", () => {
    const summary = summaryBlock([{ run: run(), measured: UP }]);
    expect(summary).to.contain("| up: from nothing | 50.0 s | script: 99.0 s | 0.51 × |");
    expect(summary).to.contain("| up: in all | 50.0 s | goal: 60.0 s |  |");
    expect(summary).not.to.contain("resources");
    expect(summary).to.contain(origin(run()));
    expect(summaryBlock([])).to.equal("");
  });

  it("keeps in the README the rows of cases that were not measured now, and the order of cases", () => {
    const noop: MeasuredCase = { ...UP, name: "noop" };
    const before = summaryBlock([UP, noop].map((measured) => ({ run: run(), measured })));
    const slower = { ...UP, series: UP.series.map((one) => ({ ...one, values: one.values.map((value) => value * 2) })) };
    const after = summaryBlock([{ run: run({ date: "2026-11-28T10:00:00.000Z" }), measured: slower }], before);
    expect(after.split("\n").map((line) => /^\| (\w+: from nothing \| [\d.]+ s)/.exec(line)?.[1]).filter(Boolean)).to.deep.equal(["up: from nothing | 100 s", "noop: from nothing | 50.0 s"]);
    expect(after).to.contain("The newest figures: Measured 2026-11-28");
    expect(summaryBlock([], before)).to.equal(before);
  });

  it("has in the README the first series of a case that is measured beside nothing", () => {
    const scale: MeasuredCase = { ...UP, name: "scale", goals: [], series: [{ name: "2 clusters", side: "through gateways", unit: "s", values: [13] }, { name: "2 clusters", side: "at API servers", unit: "s", values: [12] }] };
    expect(summaryBlock([{ run: run(), measured: scale }]).split("\n").slice(2, 4)).to.deep.equal(["| scale: 2 clusters | 13.0 s |  |  |", ""]);
  });

  it("replaces nothing but what is between the marks of its name", () => {
    const { begin, end } = marks("up");
    const document = `# A\n\n${begin}\nold\n${end}\n\n<!-- bench noop: generated -->\n<!-- /bench noop -->\n`;
    expect(withBlock(document, "up", "new")).to.equal(document.replace("old", "new"));
    expect(withBlock(document, "verify", "new")).to.equal(document);
    expect(blocksIn(document)).to.deep.equal(["up", "noop"]);
  });
});

describe("the files of a run", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-bench-test-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const read = (file: string): string => fs.readFileSync(path.join(folder, file), "utf8");

  it("are its JSON and its plots: one for each unit but counts, and the case's own", () => {
    expect(Object.keys(plotsOf(UP))).to.deep.equal(["bench-up-s.svg", "bench-up-gantt.svg"]);
    const many = Array.from({ length: 25 }, (_, index) => ({ ...UP.series[0]!, name: `up ${index}` }));
    expect(Object.keys(plotsOf({ ...UP, series: many }))).to.deep.equal(["bench-up-gantt.svg"]);
    writeFolder(run(), path.join(folder, "out"));
    expect(fs.readdirSync(path.join(folder, "out")).sort()).to.deep.equal(["bench-up-gantt.svg", "bench-up-s.svg", "bench.json"]);
    expect(readReports([path.join(folder, "out", "bench.json")])).to.deep.equal([run()]);
  });

  it("are refused when they are something else", () => {
    fs.writeFileSync(path.join(folder, "other.json"), '{"version":2}');
    expect(() => readReports([path.join(folder, "other.json")])).to.throw(/is not the JSON of a run/).with.property("section", "bench-report-unreadable");
    expect(() => readReports([path.join(folder, "none.json")])).to.throw(/is not the JSON of a run/);
  });

  it("write the newest of each case into the documents, and leave a block that no run has", () => {
    fs.mkdirSync(path.join(folder, "docs", "images"), { recursive: true });
    const block = (name: string): string => `<!-- bench ${name}: generated -->\nbefore\n<!-- /bench ${name} -->\n`;
    fs.writeFileSync(path.join(folder, "docs", "performance.md"), block("up") + block("verify"));
    fs.writeFileSync(path.join(folder, "README.md"), block("summary"));
    const older = run({ date: "2026-11-26T10:00:00.000Z", cases: [{ ...UP, notes: ["Older."] }] });
    expect(newest([run(), older]).map(({ run: { date } }) => date)).to.deep.equal(["2026-11-27T10:00:00.000Z"]);
    expect(writeDocuments([older, run()], folder)).to.have.members(["docs/images/bench-up-s.svg", "docs/images/bench-up-gantt.svg", "docs/performance.md", "README.md"]);
    expect(read("docs/performance.md")).to.contain("Both have the same images.").and.contain("(images/bench-up-gantt.svg)").and.contain(block("verify")).and.not.contain("Older.");
    expect(read("README.md")).to.contain("| up: from nothing | 50.0 s |").and.not.contain("before\n");
  });
});
