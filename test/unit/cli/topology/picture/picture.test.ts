import { expect } from "chai";
import fc from "fast-check";
import { pictureOf } from "../../../../../cli/topology/picture/picture";
import { type Box, overlaps, type Picture, type Rect, type Stroke, type Text, touches } from "../../../../../cli/topology/picture/shapes";
import { widthOf } from "../../../../../cli/topology/picture/measure";
import { anyTopology, refused, topology } from "../support/topologies";

const texts = ({ shapes }: Picture): Text[] => shapes.filter((shape): shape is Text => shape.kind === "text");
const boxes = ({ shapes }: Picture): Box[] => shapes.filter((shape): shape is Box => shape.kind === "box");
const strokes = ({ shapes }: Picture): Stroke[] => shapes.filter((shape): shape is Stroke => shape.kind === "stroke");

const inside = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width + 0.01 && inner.y + inner.height <= outer.y + outer.height + 0.01;

/** The pairs of rectangles that have something in common. */
function clashes<T extends Rect>(rects: readonly T[]): [T, T][] {
  return rects.flatMap((a, i) => rects.slice(i + 1).flatMap((b): [T, T][] => (overlaps(a, b) ? [[a, b]] : [])));
}

/** What is drawn over something else, or outside of the picture. */
function faults(picture: Picture): unknown[] {
  const [words, frames, lines] = [texts(picture), boxes(picture), strokes(picture)];
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  return [
    ...clashes(words),
    ...clashes(frames),
    ...[...words, ...frames].filter((rect) => !inside(rect, whole)),
    ...words.filter((text) => widthOf(text.text, text.size) > text.width + 0.01),
    // A text is in a frame as a whole, or not at all.
    ...words.flatMap((text) => frames.filter((frame) => overlaps(text, frame) && !inside(text, frame)).map((frame) => [text, frame])),
    // A line may begin in the name of its own cluster, and touches no other.
    ...lines.flatMap((line) => frames.filter((frame) => touches(line.from, line.to, frame) && !touches(line.from, line.from, frame)).map((frame) => [line, frame])),
    ...lines.flatMap((line) => words.filter((text) => touches(line.from, line.to, text) && !touches(line.from, line.from, frameOf(frames, text))).map((text) => [line, text])),
  ];
}

function frameOf(frames: readonly Box[], text: Text): Rect {
  return frames.find((frame) => inside(text, frame)) ?? { x: -9e9, y: -9e9, width: 0, height: 0 };
}

describe("the picture of a mesh", () => {
  it("has nothing that is drawn over something else, whatever the mesh, its names and the width", () => {
    const size = fc.integer({ min: 360, max: 2400 });
    fc.assert(fc.property(anyTopology(16), size, (mesh, width) => void expect(faults(pictureOf(mesh, width))).to.deep.equal([])), { numRuns: 60 });
  });

  it("is as wide as it was told, and the same for the same mesh", () => {
    fc.assert(fc.property(anyTopology(4), fc.integer({ min: 360, max: 2400 }), (mesh, width) => void expect(pictureOf(mesh, width)).to.deep.equal(pictureOf(mesh, width)).and.include({ width })), { numRuns: 20 });
  });

  for (const width of [800, 1600]) {
    it(`of eight clusters has a line for every ordered pair at ${width} pixels, and a card for each cluster`, () => {
      const picture = pictureOf(topology(["a", "b", "c", "d", "e", "f", "g", "h"]), width);
      expect(strokes(picture).length).to.equal(56);
      expect(boxes(picture).filter(({ pill }) => !pill).length).to.equal(8);
      expect(boxes(picture).filter(({ pill }) => pill).length).to.equal(8);
    });

    it(`of two clusters has them side by side at ${width} pixels, with an arrow each way and what it says`, () => {
      const picture = pictureOf(topology(["west", "east"]), width);
      const [west, east] = boxes(picture);
      expect(west?.y).to.equal(east?.y);
      expect(strokes(picture).map(({ arrow, from, to }) => [arrow, Math.sign(to.x - from.x)])).to.deep.equal([[true, 1], [true, -1]]);
      expect(texts(picture).map(({ text }) => text)).to.include.members(["✓ reads east", "✓ reads west", "2.3 requests/s"]);
    });
  }

  for (const width of [800, 1600]) {
    it(`of two, three, five and eight clusters, some of which fail, has nothing over something else at ${width} pixels, and says the whole of why one could not be read`, () => {
      for (const count of [2, 3, 5, 8]) {
        const mesh = topology(["west", "east", "north", "south", "eu-central-1", "us-east-2", "ap-southeast-1", "sa-east-1"].slice(0, count), { findings: [refused, refused], condition: "fail" });
        const unread = "connect ETIMEDOUT 203.0.113.7:6443";
        mesh.clusters = mesh.clusters.map((cluster, index) => (index === 1 ? { ...cluster, unread, condition: "fail" } : cluster));
        mesh.links = mesh.links.map((link, index) => (index % 3 === 0 ? { ...link, reads: "timeout", requestsPerSecond: 12_345, condition: "fail" } : link));
        const picture = pictureOf(mesh, width);
        expect(faults(picture), `${count} clusters`).to.deep.equal([]);
        const said = texts(picture);
        expect(said.filter(({ whole }) => whole !== undefined), `${count} clusters`).to.deep.equal([]);
        expect(said.map(({ text }) => text).join(" ")).to.contain(unread);
      }
    });
  }

  it("cuts off what would make a card too long, and keeps the whole of it", () => {
    const mesh = topology(["west", "east", "north"]);
    const unread = "no answer ".repeat(60).trim();
    mesh.clusters[0] = { ...mesh.clusters[0]!, unread };
    const said = texts(pictureOf(mesh, 800)).filter(({ text }) => text.startsWith("no answer"));
    expect(said).to.have.length(3);
    expect([said.at(-1)?.text.endsWith("…"), said.map(({ text, whole }) => whole ?? text).join(" ")]).to.deep.equal([true, unread]);
  });

  it("has what is wrong in the colour of its condition: card, line, and why below", () => {
    const mesh = topology(["west", "east"], { findings: [refused], condition: "fail" });
    mesh.links[0]!.condition = "fail";
    mesh.clusters[1]!.condition = "warn";
    const picture = pictureOf(mesh, 800);
    expect(strokes(picture).map(({ condition }) => condition)).to.deep.equal(["fail", "ok"]);
    expect(boxes(picture).map(({ condition }) => condition)).to.deep.equal(["ok", "warn"]);
    const said = texts(picture).map(({ text }) => text).join(" ");
    expect(said).to.contain("✗ west → east discovery.token: Unauthorized").and.contain("the peer's API server refuses the token").and.contain("./mesh up on the peer and then here");
  });

  it("draws what is wrong over what is not", () => {
    const mesh = topology(["a", "b", "c"]);
    mesh.links[0]!.condition = "fail";
    expect(strokes(pictureOf(mesh, 800)).at(-1)?.condition).to.equal("fail");
  });

  it("keeps the whole of a text that it had to cut off", () => {
    const picture = pictureOf(topology(["west", "x".repeat(60)]), 800);
    const cut = texts(picture).filter(({ whole }) => whole !== undefined);
    expect(cut.map(({ whole }) => whole)).to.include(`✓ ${"x".repeat(60)}`);
    for (const { text } of cut) expect(text).to.match(/…$/);
  });
});
