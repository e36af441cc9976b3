import { expect } from "chai";
import { spreadConstraints } from "../../../../components/kubernetes/spread";

describe("the replicas of a Deployment", () => {
  const [node, zone] = spreadConstraints({ app: "istiod" });

  it("are never on one node where there are two that take them", () => {
    expect(node).to.include({ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" });
  });

  it("count without those that a rollout replaces: otherwise the new ones could end on one node", () => {
    expect(node).to.deep.include({ labelSelector: { matchLabels: { app: "istiod" } }, matchLabelKeys: ["pod-template-hash"] });
  });

  it("do not wait for a node that does not take them", () => {
    expect(node).to.include({ nodeTaintsPolicy: "Honor" });
  });

  it("are in different zones where that is possible", () => {
    expect(zone).to.include({ topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" });
  });
});
