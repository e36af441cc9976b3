import { expect } from "chai";
import type { Fault } from "../../e2e/suites/fault";
import { clashes, grouped } from "../../e2e/suites/fault-groups";
import { faultTable } from "../../e2e/suites/fault-table";
import { revisionFaults } from "../../e2e/suites/revision-faults";
import { routingFaults } from "../../e2e/suites/routing-faults";
import type { TestMesh } from "../../e2e/support/mesh";
import { CHECK_IDS } from "../../../cli/verify/checks/index";

/** The real tables. A mesh is asked only when a fault is made. */
const mesh = {} as TestMesh;
const real = [...faultTable(mesh), ...revisionFaults(mesh), ...routingFaults(mesh)];

const fault = (name: string, change: Partial<Fault> = {}): Fault => ({ name, named: [`check ${name}`], remedy: /./, inject: () => Promise.resolve(() => Promise.resolve()), ...change });

describe("the groups in which faults are put into a mesh", () => {
  it("hold each fault once", () => {
    expect(grouped(real).flat()).to.have.members(real).and.to.have.length(real.length);
    expect(real.length).to.be.at.least(29);
  });

  for (const group of grouped(real)) {
    it(`let each be told apart: ${group.map(({ name }) => name).join(", ")}`, () => expect(clashes(group)).to.deep.equal([]));
  }

  it("expect findings of checks that there are", () => {
    const findings = real.flatMap(({ named, consequences = [] }) => [...named, ...consequences]);
    expect([...new Set(findings.map((finding) => finding.split(" ")[0]))].filter((check) => !(CHECK_IDS as readonly (string | undefined)[]).includes(check))).to.deep.equal([]);
  });

  it("are refused when a fault is in none or in two, and when there is no such fault", () => {
    const [a, b] = [fault("a"), fault("b")];
    expect(grouped([a, b], [["b", "a"]])).to.deep.equal([[b, a]]);
    expect(() => grouped([a, b], [["a"]])).to.throw('the fault "b" is in 0 groups');
    expect(() => grouped([a], [["a"], ["a"]])).to.throw('the fault "a" is in 2 groups');
    expect(() => grouped([a], [["a", "c"]])).to.throw('there is no fault "c"');
  });

  it("clash where two faults have the same finding, or one may cause another's", () => {
    expect(clashes([fault("a", { named: ["x"] }), fault("b", { named: ["x"] })])).to.deep.equal(['x of "a" may be "b"', 'x of "b" may be "a"']);
    expect(clashes([fault("a", { named: ["x"] }), fault("b", { consequences: ["x"] })])).to.deep.equal(['x of "a" may be "b"']);
    expect(clashes([fault("a", { consequences: ["x"] }), fault("b", { consequences: ["x"] })])).to.deep.equal([]);
  });

  it("clash where one looks at clusters of its own and another is made in the mesh", () => {
    const aside = (name: string): Fault => fault(name, { targets: () => Promise.resolve([]) });
    expect(clashes([aside("a"), fault("b")])).to.deep.equal(['"a" is not seen where the others are']);
    expect(clashes([aside("a"), aside("b")])).to.deep.equal([]);
  });
});
