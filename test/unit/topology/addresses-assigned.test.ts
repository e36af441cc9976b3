import { expect } from "chai";
import { UserError } from "../../../lib/errors";
import { dockerOverlaps, gatewayAddresses, loadBalancerRanges } from "../../../topology/addresses";

describe("addresses that clusters get", () => {
  describe("addresses of a cluster's gateways", () => {
    it("are the first two of its ranges, ingress first, whatever the notation", () => {
      expect(gatewayAddresses(["172.18.255.101-172.18.255.120"])).to.deep.equal({ ingress: "172.18.255.101", eastWest: "172.18.255.102" });
      expect(gatewayAddresses(["10.0.0.8/30"])).to.deep.equal({ ingress: "10.0.0.8", eastWest: "10.0.0.9" });
      expect(gatewayAddresses(["10.0.0.5-10.0.0.5", "10.0.0.9-10.0.0.9"])).to.deep.equal({ ingress: "10.0.0.5", eastWest: "10.0.0.9" });
    });

    it("stay the same while they are in the ranges, because users and peers know them", () => {
      const current = { ingress: "172.18.255.107", eastWest: "172.18.255.101" };
      expect(gatewayAddresses(["172.18.255.101-172.18.255.120"], current)).to.deep.equal(current);
      expect(gatewayAddresses(["172.18.255.101-172.18.255.101", "172.18.255.105-172.18.255.107"], current)).to.deep.equal(current);
    });

    for (const [what, current] of [
      ["one of them is outside", { ingress: "172.18.255.101", eastWest: "172.18.255.201" }],
      ["both are the same", { ingress: "172.18.255.105", eastWest: "172.18.255.105" }],
      ["one is a host name", { ingress: "a.example.com", eastWest: "172.18.255.101" }],
      ["one is missing", { ingress: "172.18.255.105" }],
    ] as const) {
      it(`are the first two again when ${what}`, () => {
        expect(gatewayAddresses(["172.18.255.101-172.18.255.120"], current)).to.deep.equal({ ingress: "172.18.255.101", eastWest: "172.18.255.102" });
      });
    }

    it("leave an east-west gateway without an ingress gateway its address", () => {
      for (const [eastWest, ingress] of [["172.18.255.102", "172.18.255.101"], ["172.18.255.101", "172.18.255.102"], ["172.18.255.119", "172.18.255.101"]] as const) {
        expect(gatewayAddresses(["172.18.255.101-172.18.255.120"], { eastWest })).to.deep.equal({ ingress, eastWest });
      }
      expect(gatewayAddresses(["172.18.255.101-172.18.255.120"], { eastWest: "10.0.0.1" })).to.deep.equal({ ingress: "172.18.255.101", eastWest: "172.18.255.102" });
    });

    it("are refused where there is only one", () => {
      expect(() => gatewayAddresses(["10.0.0.5-10.0.0.5"])).to.throw("10.0.0.5-10.0.0.5 has fewer than two addresses");
    });
  });

  describe("ranges of a cluster's load balancers", () => {
    const west = { key: "west", addressIndex: 1 };
    const refused = (addresses: string[] | undefined, subnet: string | undefined): UserError => {
      try {
        loadBalancerRanges(addresses === undefined ? west : { ...west, addresses }, subnet);
      } catch (error) {
        return error as UserError;
      }
      throw new Error("it was not refused");
    };

    it("are derived from whatever network Docker chose", () => {
      expect(loadBalancerRanges(west, "172.19.0.0/16")).to.deep.equal(["172.19.255.101-172.19.255.120"]);
    });

    it("are those that are set, when they are in the network", () => {
      const addresses = ["172.18.1.0/28", "172.18.2.1-172.18.2.9"];
      expect(loadBalancerRanges({ ...west, addresses }, "172.18.0.0/16")).to.deep.equal(addresses);
      expect(loadBalancerRanges({ ...west, addresses }, undefined)).to.deep.equal(addresses);
    });

    it("are refused outside the network, with the setting's path", () => {
      const addresses = ["172.18.1.0/28"];
      expect(() => loadBalancerRanges({ ...west, addresses }, "172.19.0.0/16")).to.throw(
        /usmesh:clusters\.west\.addresses: 172\.18\.1\.0\/28 is outside the Docker network 172\.19\.0\.0\/16.*choose from/,
      );
    });

    it("are refused where Docker gives containers their addresses", () => {
      expect(() => loadBalancerRanges({ ...west, addresses: ["172.18.0.100-172.18.0.120"] }, "172.18.0.0/16")).to.throw(
        /usmesh:clusters\.west\.addresses: 172\.18\.0\.100-172\.18\.0\.120 is where Docker gives containers their addresses.*choose from 172\.18\.0\.101-/,
      );
    });

    it("are refused at the broadcast address, which is not one of those at the beginning", () => {
      expect(refused(["172.18.255.250-172.18.255.255"], "172.18.0.0/16").message).to.match(/is outside the Docker network.*-172\.18\.255\.254$/);
    });

    it("are refused with the section that documents it", () => {
      for (const [addresses, subnet] of [[["172.18.1.0/28"], "172.19.0.0/16"], [undefined, undefined], [undefined, "10.0.0.0/28"]] as const) {
        expect(refused(addresses && [...addresses], subnet)).to.be.instanceOf(UserError).and.include({ section: "addresses-outside-network" });
      }
    });

    it("must be set where none can be derived", () => {
      expect(() => loadBalancerRanges(west, undefined)).to.throw(/usmesh:clusters\.west\.addresses: must be set/);
      expect(() => loadBalancerRanges(west, "10.0.0.0/28")).to.throw(/usmesh:clusters\.west\.addresses: .*no load balancer addresses/);
    });
  });

  it("of kind clusters must not be those of the Docker network, whichever of the two it is", () => {
    const clusters = [
      { key: "west", podSubnet: "10.10.0.0/16", serviceSubnet: "10.100.0.0/16" },
      { key: "east", podSubnet: "10.20.0.0/16", serviceSubnet: "10.200.0.0/16" },
    ];
    expect(dockerOverlaps(clusters, "172.18.0.0/16")).to.deep.equal([]);
    for (const [subnet, path] of [["10.10.5.0/24", "west.podSubnet: 10.10.0.0/16"], ["10.200.0.0/15", "east.serviceSubnet: 10.200.0.0/16"]] as const) {
      const [error, ...others] = dockerOverlaps(clusters, subnet);
      expect(error).to.be.instanceOf(UserError).and.include({ section: "docker-network-overlap" });
      expect(error?.message).to.include(`usmesh:clusters.${path} overlaps the Docker network, which is ${subnet}`);
      expect(others).to.deep.equal([]);
    }
    expect(dockerOverlaps(clusters, "10.0.0.0/8")).to.have.length(4);
  });
});
