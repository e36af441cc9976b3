import { expect } from "chai";
import { kindReason } from "../../../../cli/plan/kind-reason";
import { changesIn } from "../../../../cli/plan/resources";
import { readPreview } from "../../../../cli/plan/preview";
import { commandStep, previewJson } from "./support/steps";

describe("the reason why a kind cluster is replaced", () => {
  const reason = (op: string, before: Record<string, unknown>, after: Record<string, unknown> = before): string =>
    kindReason(changesIn(readPreview(previewJson([commandStep("west", op, before, after)]))!.resources)[0]!, false);

  for (const [why, before, after] of [
    ["node image a → b", { environment: { KIND_IMAGE: "a" } }, { environment: { KIND_IMAGE: "b" } }],
    ["kind name west → w", { environment: { KIND_NAME: "west" } }, { environment: { KIND_NAME: "w" } }],
    ["the one that the stack created is gone, or somebody else recreated it", { environment: { INCARNATION: "1" } }, { environment: { INCARNATION: "2" } }],
    ["another kind configuration: subnets, region, zone or what usmesh:kind.config says", { stdin: "x" }, { stdin: "y" }],
    ["another Docker network", { environment: { DOCKER_SUBNET: "x" } }, { environment: { DOCKER_SUBNET: "y" } }],
    ["another Docker network", { environment: { DOCKER_NETWORK: "x" } }, { environment: { DOCKER_NETWORK: "y" } }],
    ["node image a → b; another Docker network", { environment: { KIND_IMAGE: "a", DOCKER_SUBNET: "x" } }, { environment: { KIND_IMAGE: "b", DOCKER_SUBNET: "y" } }],
  ] as const) {
    it(`is: ${why} (${Object.keys(before)[0]})`, () => expect(reason("replace", before, after)).to.equal(why));
  }

  it("is the property that the engine names where no setting explains it", () => expect(reason("replace", {})).to.equal("another something"));
  it("is another driver when it is only deleted", () => expect(reason("delete", {})).to.equal("it is no longer a kind cluster"));
});
