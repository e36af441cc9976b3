import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { loading, phases } from "../../../bench/breakdown";
import type { EngineEvent, StampedEvent } from "../../../bench/lib/event-log";

describe("where the time goes", () => {
  const event = (at: number, kind: keyof EngineEvent, type = "t"): StampedEvent => ({ at, event: { [kind]: { metadata: { op: "same", urn: "u", type } } } });

  it("is in four parts, one after another", () => {
    const events = [event(0.5, "preludeEvent"), event(0.6, "resourcePreEvent", "pulumi:pulumi:Stack"), event(2, "resourcePreEvent"), event(3.25, "resOutputsEvent"), event(3.5, "summaryEvent")];
    expect(phases(events, 4)).to.deep.equal({ engine: 0.5, program: 1.5, resources: 1.25, end: 0.75 });
  });

  it("is unknown without a resource of the program", () => {
    expect(() => phases([event(0.5, "preludeEvent"), event(0.6, "resourcePreEvent", "pulumi:pulumi:Stack")], 1)).to.throw("no resource of the program");
  });

  it("is what the child that loads everything says", () => {
    expect(() => loading.parse({ node: 1, sdk: 2, loader: 3 })).to.throw();
    expect(fs.readFileSync(path.join(__dirname, "../../../bench/lib/loading.cjs"), "utf8")).to.contain("{ node, sdk, loader, ...taken, program }");
  });
});
