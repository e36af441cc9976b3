import { expect } from "chai";
import { interval, type Load, loadArguments, measuredBy, serverArguments } from "../../../../bench/traffic/fortio";

const URL = "http://near.test:8080/?size=1024";
const STEADY: Load = { url: URL, rate: 100, connections: 4, seconds: 2 };
const FULL: Load = { url: URL, connections: 4, seconds: 2 };

/** The part of a report of fortio 1.68.2 that matters, of 200 requests at 100 a second. */
const REPORT = {
  RunType: "HTTP",
  RequestedQPS: "100",
  RequestedDuration: "2s",
  ActualQPS: 99.84221221332112,
  ActualDuration: 2003160743,
  NumThreads: 4,
  Version: "1.68.2",
  DurationHistogram: {
    Count: 200,
    Min: 0.00004048,
    Max: 0.002224653,
    Sum: 0.072676038,
    Avg: 0.00036338019,
    StdDev: 0.00030004603738118907,
    Data: [{ Start: 0.00004048, End: 0.002224653, Percent: 100, Count: 200 }],
    Percentiles: [
      { Percentile: 50, Value: 0.000326415 },
      { Percentile: 99, Value: 0.00211233 },
    ],
  },
  ErrorsDurationHistogram: { Count: 0, Min: 0, Max: 0, Sum: 0, Avg: 0, StdDev: 0, Data: null },
  RetCodes: { "200": 200 } as Record<string, number>,
};

const ended = (report: unknown, code = 0, stderr = ""): Parameters<typeof measuredBy>[2] => ({ code, stdout: typeof report === "string" ? report : JSON.stringify(report), stderr });

describe("a load", () => {
  it("is put at a fixed rate with connections that take turns, or as fast as answers come", () => {
    expect(loadArguments(STEADY).join(" ")).to.equal(`load -quiet -uniform -qps 100 -c 4 -t 2s -r 0.0001 -p 50,99 -json - ${URL}`);
    expect(loadArguments(FULL).join(" ")).to.equal(`load -quiet -qps 0 -c 4 -t 2s -r 0.0001 -p 50,99 -json - ${URL}`);
  });

  it("is answered by a server with one port and nothing else", () => {
    expect(serverArguments(8080)).to.deep.equal(["server", "-quiet", "-http-port", "8080", "-grpc-port", "disabled", "-tcp-port", "disabled", "-udp-port", "disabled", "-redirect-port", "disabled", "-ui-path", ""]);
  });

  it("is read in milliseconds and requests a second", () => {
    expect(measuredBy("a way", STEADY, ended(REPORT))).to.deep.equal({ p50: 0.33, p99: 2.11, max: 2.22, perSecond: 99.84221221332112, requests: 200 });
  });

  it("sends each connection's next request after the time that its rate says", () => {
    expect(interval({ url: URL, rate: 200, connections: 16, seconds: 10 })).to.equal(80);
  });
});

describe("a load that gives no figure", () => {
  const refused = (report: unknown, load: Load = STEADY, code = 0, stderr = ""): (() => unknown) => () => measuredBy("a way", load, ended(report, code, stderr));

  it("has one request that failed, or that nobody answered", () => {
    expect(refused({ ...REPORT, RetCodes: { "200": 199, "503": 1 } })).to.throw("a way: requests failed: 1 with 503, of 200");
    expect(refused({ ...REPORT, RetCodes: { "-1": 2, "200": 198 } })).to.throw("2 with no answer, of 200");
  });

  it("has no request, or other answers than requests", () => {
    expect(refused({ ...REPORT, RetCodes: {}, DurationHistogram: { ...REPORT.DurationHistogram, Count: 0 } })).to.throw("0 answers to 0 requests");
    expect(refused({ ...REPORT, RetCodes: { "200": 150 } })).to.throw("150 answers to 200 requests");
  });

  it("did not reach its rate; without a rate there is none to reach", () => {
    expect(refused({ ...REPORT, ActualQPS: 97 })).to.throw("97.0 requests a second were sent instead of 100");
    expect(measuredBy("a way", FULL, ended({ ...REPORT, ActualQPS: 97 })).perSecond).to.equal(97);
  });

  it("ended with an error, or without a report that can be read", () => {
    expect(refused("", STEADY, 1, "Aborting because of error 503 for http://near.test")).to.throw("ended with 1: Aborting because of error 503");
    expect(refused("no JSON")).to.throw("report cannot be read");
    expect(refused({ ...REPORT, RetCodes: undefined })).to.throw("report cannot be read");
    const histogram = { ...REPORT.DurationHistogram, Percentiles: [{ Percentile: 50, Value: 0.1 }] };
    expect(refused({ ...REPORT, DurationHistogram: histogram })).to.throw("no percentile 99");
  });
});
