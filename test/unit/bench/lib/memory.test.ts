import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { peakDuring, residentMiB } from "../../../../bench/lib/memory";

describe("memory", () => {
  it("is what the kernel says of a process, and 0 for one that has ended", () => {
    expect(residentMiB(process.pid)).to.be.within(10, process.memoryUsage.rss() / 2 ** 20 + 500);
    expect(residentMiB(2 ** 30)).to.equal(0);
  });

  it("has its greatest sum while something is done", async () => {
    const peak = await peakDuring(
      () => [process.pid, process.pid],
      () => pause(50),
      10,
    );
    expect(peak).to.be.closeTo(2 * residentMiB(process.pid), residentMiB(process.pid));
  });
});
