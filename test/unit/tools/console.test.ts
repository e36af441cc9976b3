import { expect } from "chai";
import { isShown, readExamples, withOutputs } from "../../../tools/console";

const DOCUMENT = ["# Title", "", "```console", "$ echo one", "one", "$ echo two |", ">   cat", "two", "> quoted", "```", "", "<!-- numbers differ -->", "", "```console", "$ date", "```", "", "```", "$ not an example", "```"].join("\n");

const shows = (expected: string, output: string, numbersDiffer = false): boolean => isShown({ expected: expected.split("\n"), numbersDiffer }, output);

describe("the commands of a document", () => {
  it("are read with their lines, continuations and outputs, from console blocks alone", () => {
    expect(readExamples(DOCUMENT)).to.deep.equal([
      { line: 4, command: "echo one", expected: ["one"], numbersDiffer: false },
      { line: 6, command: "echo two |\n  cat", expected: ["two", "> quoted"], numbersDiffer: false },
      { line: 15, command: "date", expected: [], numbersDiffer: true },
    ]);
  });

  it("are refused where a block begins with output, or has no end", () => {
    expect(() => readExamples("```console\nout\n```")).to.throw("line 2");
    expect(() => readExamples("```console\n$ true\n```\n```console\nout\n```")).to.throw("line 5");
    expect(() => readExamples("```console\n$ true")).to.throw("not closed");
  });

  it("are followed by other outputs where those are given", () => {
    const renewed = withOutputs(DOCUMENT, new Map([[4, "1\n1\n"], [6, ""], [15, "Thu\n"]]));
    expect(readExamples(renewed).map(({ expected }) => expected)).to.deep.equal([["1", "1"], [], ["Thu"]]);
    expect(renewed).to.match(/^# Title\n[^]*\$ not an example\n```$/);
  });
});

describe("an output", () => {
  it("is what is shown when it is the same, up to the width of columns and the last newline", () => {
    expect(shows("NAME   READY\nwebapp 2/2", "NAME       READY\nwebapp     2/2\n")).to.equal(true);
    expect(shows("NAME   READY\nwebapp 2/2", "NAME       READY\nwebapp     1/2\n")).to.equal(false);
    expect(shows("one", "one\ntwo")).to.equal(false);
    expect(shows("one\ntwo", "one")).to.equal(false);
  });

  it("may have other names and addresses of pods, ages, times and node ports, and no other cluster, port or count", () => {
    const shown = "webapp-5d8f7c6b9d-x2x4z 2/2 31s 10.10.0.7:8080 2026-01-02T03:04:05Z 15443:31234/TCP";
    expect(shows(shown, "webapp-6c4b5a7f8d-abcde 2/2 2m5s 10.20.1.9:3000 2027-11-12T13:14:15.123Z 15443:30001/TCP")).to.equal(true);
    expect(shows(shown, "catalog-6c4b5a7f8d-abcde 2/2 2m5s 10.20.1.9:3000 2027-11-12T13:14:15.123Z 15443:30001/TCP")).to.equal(false);
    expect(shows("172.18.255.101", "172.20.255.101")).to.equal(true);
    expect(shows("172.18.255.101", "172.18.255.201")).to.equal(false);
    expect(shows("4 EAST", "5 EAST")).to.equal(false);
  });

  it("may have other numbers where the document says that they differ", () => {
    expect(shows("4 EAST\n16 WEST", "9 EAST\n11 WEST", true)).to.equal(true);
    expect(shows("4 EAST\n16 WEST", "20 WEST", true)).to.equal(false);
  });

  it("may have anything where something is left out: within a line, or lines", () => {
    expect(shows("a … z", "a b c z")).to.equal(true);
    expect(shows("a … z", "a b c")).to.equal(false);
    expect(shows("first\n…\nlast", "first\n2\n3\nlast")).to.equal(true);
    expect(shows("first\n…\nlast", "first\nlast")).to.equal(true);
    expect(shows("first\n…\nlast", "first\n2")).to.equal(false);
    expect(shows("…", "")).to.equal(true);
  });

  it("is not taken for a pattern", () => expect(shows("a.c (x)", "abc (x)")).to.equal(false));
});
