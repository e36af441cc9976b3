import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { loadBalancerAddress } from "../../../../components/kubernetes/load-balancer";
import type { Answers } from "../support/answers";
import { optionsIn } from "../support/pieces";
import { resource } from "../support/queries";
import { runPiece } from "../support/world";

describe("the address of a load balancer", () => {
  const addressOf = async (answers: Answers): Promise<unknown> => {
    let known: Record<string, unknown> = {};
    const world = await runPiece(async () => {
      const options = optionsIn("west");
      const release = new Release("west-gateway", { chart: "gateway" }, options);
      known = (await pulumi.runtime.serializeProperties("outputs", { address: loadBalancerAddress("west-service", release, options) })) as typeof known;
    }, answers);
    // It is Helm's to write and to delete.
    expect(resource(world, "west-service")).to.include({ external: true, provider: "west-provider" });
    return known["address"];
  };

  it("is the IP address or the host name in the status of its Service, the IP address where that has both", async () => {
    const entries = [{ ip: "10.0.0.1" }, { hostname: "lb.example" }, { ip: "10.0.0.1", hostname: "lb.example" }];
    const addresses = [];
    for (const loadBalancer of entries) addresses.push(await addressOf({ loadBalancer }));
    expect(addresses).to.deep.equal(["10.0.0.1", "lb.example", "10.0.0.1"]);
  });

  it("is said to be missing where the Service has none yet", async () => {
    for (const loadBalancer of ["pending", {}] as const) {
      const failure = await addressOf({ loadBalancer }).catch((error: Error) => error.message);
      expect(failure).to.include("west-service: the Service has no load balancer address");
    }
  });
});
