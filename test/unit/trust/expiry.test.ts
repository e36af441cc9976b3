import { expect } from "chai";
import { intermediateWarnings, rootWarnings } from "../../../trust/expiry";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const inDays = (days: number): string => new Date(NOW + days * 86_400_000).toISOString();

describe("the warning of a root that ends", () => {
  const warned = (days: number, validityHours?: number): string[] => rootWarnings([{ root: "1", ends: inDays(days), validityHours }], NOW);

  it("comes a year before the end of one of ten years", () => {
    expect(warned(366, 87_600)).to.deep.equal([]);
    expect(warned(365, 87_600)).to.deep.equal([
      'root "1" ends in 365 days, on 2027-01-01, and nothing that it signed is accepted after that. Replace it in three steps; see docs/troubleshooting.md#certificate-ends',
    ]);
  });

  it("comes a tenth of its life before the end of a shorter one", () => {
    expect(warned(4, 720)).to.deep.equal([]);
    expect(warned(3, 720)).to.have.length(1);
  });

  it("says so when it has ended", () => expect(warned(-1, 87_600)[0]).to.include("ended on 2025-12-31"));

  it("does not fail for a time that cannot be read", () => expect(rootWarnings([{ root: "1", ends: "soon" }], NOW)).to.deep.equal([]));
});

describe("the warning of an intermediate that only other stacks can renew", () => {
  const warned = (days: number): string[] =>
    intermediateWarnings([{ cluster: "east", ends: inDays(days), earlyRenewalHours: 720, next: ["pulumi up -s west", "pulumi up -s east"] }], NOW);

  it("does not fail for a time that cannot be read", () => {
    expect(intermediateWarnings([{ cluster: "east", ends: "soon", earlyRenewalHours: 720, next: [] }], NOW)).to.deep.equal([]);
  });

  it("comes once it should have been reissued, with the commands that do it", () => {
    expect(warned(31)).to.deep.equal([]);
    expect(warned(30)).to.have.length(1);
    expect(warned(0)[0]).to.include("ends in 0 days");
    expect(warned(29)).to.deep.equal(["the intermediate of cluster east ends in 29 days, on 2026-01-30. Next: pulumi up -s west, then pulumi up -s east; see docs/troubleshooting.md#certificate-ends"]);
    expect(warned(-3)[0]).to.include("ended on 2025-12-29");
  });
});
