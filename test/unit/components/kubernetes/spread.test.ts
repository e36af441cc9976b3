import { expect } from "chai";
import { spreadConstraints } from "../../../../components/kubernetes/spread";

describe("the replicas of a Deployment", () => {
  const constraint = (index: number) => spreadConstraints({ app: "istiod" })[index];

  it("are never on one node where there are two that take them", () => {
    expect(constraint(0)).to.include({ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" });
  });

  it("count without those that a rollout replaces: otherwise the new ones could end on one node", () => {
    expect(constraint(0)).to.deep.include({ labelSelector: { matchLabels: { app: "istiod" } }, matchLabelKeys: ["pod-template-hash"] });
  });

  it("do not wait for a node that does not take them", () => {
    expect(constraint(0)).to.include({ nodeTaintsPolicy: "Honor" });
  });

  it("are in different zones where that is possible", () => {
    expect(constraint(1)).to.include({ topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" });
  });
});
