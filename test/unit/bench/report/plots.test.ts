import { expect } from "chai";
import { overlaps } from "../../../../cli/topology/picture/shapes";
import type { Series } from "../../../../bench/case";
import { isWellFormed } from "../../support/xml";
import { barPlot } from "../../../../bench/report/bars";
import { gantt, type GanttRow } from "../../../../bench/report/gantt";
import { linePlot } from "../../../../bench/report/lines";
import { ticks, type Drawing } from "../../../../bench/report/svg";

const series = (name: string, side: string, values: number[]): Series => ({ name, side, unit: "s", values });

/** Two texts that overlap, or one that is outside of its picture. */
function problems({ labels, width, height }: Drawing): string[] {
  const outside = labels.filter((label) => label.x < 0 || label.y < 0 || label.x + label.width > width || label.y + label.height > height);
  const clashing = labels.flatMap((label, index) => labels.slice(index + 1).filter((other) => overlaps(label, other, -0.01)).map((other) => `${label.text} / ${other.text}`));
  return [...outside.map(({ text }) => `outside: ${text}`), ...clashing];
}

/** How many elements of a name a picture has. */
function count(drawing: Drawing, name: string): number {
  return [...drawing.svg().matchAll(new RegExp(`<${name}[ >]`, "g"))].length;
}

describe("a plot of bars", () => {
  const plot = barPlot("up <of> west & east", [series("up", "usmesh", [48, 50, 51]), series("up", "script", [98, 100, 120]), series("a quantity with a name that is longer than most of the others, by far", "usmesh", [0.2])])!;

  it("is SVG, whatever names have in them", () => {
    expect(isWellFormed(plot.svg())).to.equal(true);
    expect(plot.svg()).to.contain("up &lt;of&gt; west &amp; east");
  });

  it("has all its texts inside, and none over another", () => expect(problems(plot)).to.deep.equal([]));

  it("has a bar as long as the median, for each side in its colour", () => {
    const bars = [...plot.svg().matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="12" fill="(#\w+)"/g)].map(([, width, fill]) => ({ width: Number(width), fill }));
    expect(bars).to.have.length(3);
    expect(bars[1]!.width / bars[0]!.width).to.be.closeTo(2, 0.01);
    expect(bars[0]!.fill).to.equal(bars[2]!.fill).and.not.equal(bars[1]!.fill);
  });

  it("is not made of different units, or of nothing", () => {
    expect(barPlot("x", [])).to.equal(undefined);
    expect(barPlot("x", [series("a", "b", [1]), { ...series("c", "b", [1]), unit: "MiB" }])).to.equal(undefined);
  });
});

describe("a plot over a number of clusters", () => {
  const curve = (name: string, factor: number) => ({ name, points: [2, 4, 8, 16, 32].map((x) => ({ x, y: x * factor })) });
  const plot = linePlot("seconds for each cluster", "clusters", "s", [curve("through gateways", 0.3), curve("at API servers", 0.1)]);

  it("is SVG with a point for each size of each curve, texts inside and apart", () => {
    expect(isWellFormed(plot.svg())).to.equal(true);
    expect(count(plot, "circle")).to.equal(2 + 10);
    expect(problems(plot)).to.deep.equal([]);
  });

  it("begins at 0, so that flat looks flat", () => {
    const flat = linePlot("flat", "clusters", "s", [{ name: "one", points: [2, 4].map((x) => ({ x, y: 1 })) }]);
    const heights = [...flat.svg().matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].slice(1).map(([, y]) => y);
    expect(new Set(heights).size).to.equal(1);
    expect(flat.labels.map(({ text }) => text)).to.include("0 s");
  });
});

describe("a Gantt picture", () => {
  const rows: GanttRow[] = [
    { name: "west-kind", from: 1, to: 16, critical: true },
    { name: "a-resource-whose-name-is-far-longer-than-any-name-that-a-person-would-like-to-read", from: 2, to: 44.9, critical: false },
    { name: "west-pool", from: 20, to: 20.1, critical: false },
    { name: "west-gateway", from: 30, to: 30.2, critical: true },
  ];
  const drawing = gantt("up", rows);

  it("is SVG with a bar for each row that took long enough or is critical, texts inside and apart", () => {
    expect(isWellFormed(drawing.svg())).to.equal(true);
    expect(count(drawing, "title")).to.equal(3);
    expect(drawing.svg()).not.to.contain("west-pool");
    expect(drawing.labels.map(({ text }) => text)).to.include("1 of less than 0.3 s are left out");
    expect(problems(drawing)).to.deep.equal([]);
  });

  it("marks what is critical", () => {
    const fills = new Map([...drawing.svg().matchAll(/fill="(#\w+)"><title>([\w-]+):/g)].map(([, fill, name]) => [name, fill]));
    expect(fills.get("west-kind")).to.equal(fills.get("west-gateway")).and.not.equal(fills.get(rows[1]!.name));
  });
});

describe("the numbers at an axis", () => {
  it("are round, from 0 to no less than the most", () => {
    expect(ticks(51)).to.deep.equal([0, 20, 40, 60]);
    expect(ticks(0.3)).to.deep.equal([0, 0.1, 0.2, 0.3]);
    expect(ticks(100)).to.deep.equal([0, 20, 40, 60, 80, 100]);
    expect(ticks(0)).to.deep.equal([0, 1]);
  });
});
