import { expect } from "chai";
import { metricsText, type Pair } from "../../../cli/watch/metrics";
import { Statistics } from "../../../cli/watch/statistics";
import { valuesIn } from "../../e2e/support/scraper";

describe("the values in Prometheus' text format", () => {
  it("have their names and labels in one order, and bounds as numbers", () => {
    const text = '# HELP a_total So many.\n# TYPE a_total counter\na_total{to="east",from="west"} 3\na_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 4\nbare 1.5\n';
    expect([...valuesIn(text)]).to.deep.equal([
      ['a_total{from="west",to="east"}', 3],
      ['a_bucket{le="1"}', 2],
      ['a_bucket{le="+Inf"}', 4],
      ["bare{}", 1.5],
    ]);
  });

  it("are all of those that watch serves", () => {
    const statistics = new Statistics(60_000, 0);
    statistics.record({ kind: "answered", latencyMs: 4 }, 1);
    const pair: Pair = { from: "west", to: "east", statistics };
    const text = metricsText([pair], 2);
    const values = valuesIn(text);
    expect(values.size).to.equal(text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length);
    expect(values.get('mesh_pair_requests_total{from="west",result="success",to="east"}')).to.equal(1);
    expect(values.get('mesh_pair_latency_seconds_bucket{from="west",le="0.005",to="east"}')).to.equal(1);
  });
});
