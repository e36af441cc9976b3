import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { EventLog } from "../../../../bench/lib/event-log";

describe("an event log that the engine is writing", () => {
  it("gives each event the time at which it was written, also where a line comes in parts", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-bench-log-"));
    try {
      const file = path.join(folder, "events.jsonl");
      const log = new EventLog(file);
      fs.writeFileSync(file, '{"preludeEvent":{}}\n{"resourcePreEvent":{"metadata":{"op":"create","urn":"ü');
      await pause(100);
      fs.appendFileSync(file, 'rn","type":"t"}}}\n');
      const events = log.stop();
      expect(events.map(({ event }) => Object.keys(event)[0])).to.deep.equal(["preludeEvent", "resourcePreEvent"]);
      expect(events[1]!.event.resourcePreEvent?.metadata.urn).to.equal("ürn");
      expect(events[1]!.at).to.be.greaterThan(events[0]!.at);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
