import { expect } from "chai";
import { DEFAULT_MEMORY_MIB, DEFAULT_TRACES, jaegerMiB, leastMemoryMiB, prometheusMiB, SIDECAR_MIB } from "../../../../components/observability/memory";

describe("the memory of what observes a cluster", () => {
  it("is by default at most 400 MiB, sidecars included", () => {
    const parts = [SIDECAR_MIB, SIDECAR_MIB, jaegerMiB(DEFAULT_TRACES), prometheusMiB({ memoryMiB: DEFAULT_MEMORY_MIB, maxTraces: DEFAULT_TRACES })];
    expect(parts.reduce((sum, part) => sum + part, 0)).to.equal(400);
    expect(DEFAULT_MEMORY_MIB).to.be.at.least(leastMemoryMiB(DEFAULT_TRACES));
  });

  it("goes to Jaeger by its traces, and to Prometheus otherwise", () => {
    expect(jaegerMiB(5_000)).to.be.greaterThan(jaegerMiB(1_000));
    expect(prometheusMiB({ memoryMiB: 600, maxTraces: 1_000 }) - prometheusMiB({ memoryMiB: 400, maxTraces: 1_000 })).to.equal(200);
    expect(prometheusMiB({ memoryMiB: 400, maxTraces: 2_000 })).to.be.lessThan(prometheusMiB({ memoryMiB: 400, maxTraces: 1_000 }));
  });

  it("is at least what Prometheus needs to start, beside the others", () => {
    for (const maxTraces of [1, 1_000, 50_000]) expect(prometheusMiB({ memoryMiB: leastMemoryMiB(maxTraces), maxTraces })).to.equal(128);
  });
});
