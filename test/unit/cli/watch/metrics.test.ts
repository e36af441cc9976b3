import { expect } from "chai";
import { metricsText } from "../../../../cli/watch/metrics";
import { Statistics } from "../../../../cli/watch/statistics";

describe("the metrics of a watch", () => {
  const statistics = new Statistics(60_000, 0);
  statistics.record({ kind: "answered", latencyMs: 4 }, 0);
  statistics.record({ kind: "failed", seen: "HTTP 503" }, 1);
  statistics.propagated(250);
  statistics.propagated(undefined);
  const pairs = [
    { from: "west", to: "east", statistics },
    { from: 'a"b\\c', to: "d\ne", statistics: new Statistics(60_000, 0) },
  ];
  const text = metricsText(pairs, 1);
  const value = (series: string): string | undefined => text.split("\n").find((line) => line.startsWith(`${series} `))?.slice(series.length + 1);

  it("are the counts, the state, and the histograms of each pair, in seconds", () => {
    const of = '{from="west",to="east"';
    expect(value(`mesh_pair_requests_total${of},result="success"}`)).to.equal("1");
    expect(value(`mesh_pair_requests_total${of},result="failure"}`)).to.equal("1");
    expect(value(`mesh_pair_unasked_total${of}}`)).to.equal("0");
    expect(value(`mesh_pair_up${of}}`)).to.equal("0");
    expect(value(`mesh_pair_latency_seconds_bucket${of},le="0.002"}`)).to.equal("0");
    expect(value(`mesh_pair_latency_seconds_bucket${of},le="0.005"}`)).to.equal("1");
    expect(value(`mesh_pair_latency_seconds_bucket${of},le="+Inf"}`)).to.equal("1");
    expect(value(`mesh_pair_latency_seconds_sum${of}}`)).to.equal("0.004");
    expect(value(`mesh_pair_propagation_seconds_bucket${of},le="0.3"}`)).to.equal("1");
    expect(value(`mesh_pair_propagation_seconds_count${of}}`)).to.equal("1");
    expect(value(`mesh_pair_propagation_missed_total${of}}`)).to.equal("1");
  });

  it("do not say whether a pair works that could not be asked", () => {
    expect(text).not.to.match(/mesh_pair_up\{from="a/);
    expect(text).to.match(/mesh_pair_unasked_total\{from="a/);
  });

  it("are in Prometheus' format: a help and a type for each metric, names and labels that it takes, and a newline at the end", () => {
    expect(text.endsWith("\n")).to.equal(true);
    expect(text).to.contain('from="a\\"b\\\\c",to="d\\ne"');
    const lines = text.trimEnd().split("\n");
    for (const line of lines) expect(line).to.match(/^(?:# HELP mesh_pair_\w+ .+|# TYPE mesh_pair_\w+ (?:counter|gauge|histogram)|mesh_pair_\w+\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\} [\d.]+)$/);
    const typed = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect([...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name)).to.deep.equal(typed);
    expect(typed).to.have.length(6);
  });
});
