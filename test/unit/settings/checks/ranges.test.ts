import { expect } from "chai";
import { itLimits, itRefuses, problemsOf, two } from "../support/refusals";

const docker = { subnet: "172.18.0.0/16" };
/** Settings of west that have this last address, in the network 172.18.0.0/16. */
const upTo = (last: string) => ({ clusters: { west: { addresses: [`172.18.0.200-${last}`] } }, docker });
const from = (first: string) => ({ clusters: { west: { addresses: [`${first}-172.18.0.200`] } }, docker });

describe("the check of ranges", () => {
  describe("for overlaps", () => {
    itRefuses([
      ["pods in another cluster's pods", { clusters: { west: { podSubnet: "10.40.0.0/16" }, east: { podSubnet: "10.40.128.0/17" } } }, "usmesh:clusters.east.podSubnet", /overlaps the pods of west, 10\.40\.0\.0\/16.*such as 10\.\d+\.0\.0\/16/],
      ["Services in the same cluster's pods", { clusters: { west: { podSubnet: "10.1.0.0/16", serviceSubnet: "10.1.0.0/20" } } }, "usmesh:clusters.west.serviceSubnet", /overlaps the pods of west/],
      ["pods in another's default Services", { clusters: { west: { podSubnet: "10.200.0.0/16" }, east: {} } }, "usmesh:clusters.west.podSubnet", /overlaps the Services of east, 10\.200\.0\.0\/16 \(usmesh:clusters\.east\.serviceSubnet, its default\)/],
      ["Services around another's Services", { clusters: { west: {}, east: { serviceSubnet: "10.96.0.0/12" } } }, "usmesh:clusters.east.serviceSubnet", /overlaps the Services of west/],
      ["pods in the Docker network", { clusters: { west: { podSubnet: "172.18.0.0/16" } }, docker }, "usmesh:clusters.west.podSubnet", /overlaps the Docker network, 172\.18\.0\.0\/16/],
      ["a Docker network in default pods", { clusters: two, docker: { subnet: "10.20.4.0/22" } }, "usmesh:docker.subnet", /overlaps the pods of east.*such as 172\.18\.0\.0\/16/],
      ["addresses that two clusters share", { clusters: { west: { addresses: ["172.18.9.0/28"] }, east: { addresses: ["172.18.9.8-172.18.9.20"] } } }, "usmesh:clusters.east.addresses[0]", /overlaps the load balancers of west.*choose a range that nothing else uses/],
      ["addresses that are another's by default", { clusters: { west: { addresses: ["172.18.255.192/27"] }, east: {} }, docker }, "usmesh:clusters.west.addresses[0]", /overlaps the load balancers of east, 172\.18\.255\.201-172\.18\.255\.220/],
      ["addresses that are the first cluster's by default", { clusters: { west: {}, east: { addresses: ["172.18.255.96/28"] } }, docker }, "usmesh:clusters.east.addresses[0]", /overlaps the load balancers of west, 172\.18\.255\.101-172\.18\.255\.120/],
      ["pods of a cluster without an address index in another's", { clusters: { ...two, north: { podSubnet: "10.10.0.0/16", serviceSubnet: "10.130.0.0/16", addresses: ["172.18.7.0/28"] } } }, "usmesh:clusters.north.podSubnet", /overlaps the pods of west/],
      ["Services in another's pods, and suggests some of the address plan's", { clusters: { west: { serviceSubnet: "10.20.0.0/16" }, east: {} } }, "usmesh:clusters.west.serviceSubnet", /overlaps the pods of east.*such as 10\.100\.0\.0\/16$/],
      ["addresses in the pods", { clusters: { west: { addresses: ["10.10.3.1-10.10.3.9"] } } }, "usmesh:clusters.west.addresses[0]", /overlaps the pods of west/],
    ]);

    itLimits<string>([
      ["addresses to those before another's", (last) => ({ clusters: { west: { addresses: [`172.18.9.1-${last}`] }, east: { addresses: ["172.18.9.8-172.18.9.20"] } } }), "172.18.9.7", "172.18.9.8", "usmesh:clusters.east.addresses[0]"],
    ]);

    it("suggests a subnet that no cluster has", () => {
      const settings = { clusters: { west: { podSubnet: "10.10.0.0/15" }, east: { podSubnet: "10.10.0.0/16" } } };
      expect(problemsOf(settings).join()).to.match(/usmesh:clusters\.east\.podSubnet: .*such as 10\.20\.0\.0\/16$/);
    });

    it("suggests no subnet when the whole address plan is used", () => {
      const settings = { clusters: { west: { podSubnet: "10.0.0.0/8", serviceSubnet: "10.96.0.0/16" } } };
      expect(problemsOf(settings)).to.deep.equal([
        "usmesh:clusters.west.serviceSubnet: 10.96.0.0/16 overlaps the pods of west, 10.0.0.0/8 (usmesh:clusters.west.podSubnet); choose a network that nothing else uses",
      ]);
    });

    it("compares nothing with the defaults of a cluster that has no address index", () => {
      expect(problemsOf({ clusters: { west: { serviceSubnet: "10.140.0.0/16" }, east: {}, north: { podSubnet: "10.100.0.0/16" } } })).to.have.length(1);
    });

    it("accepts addresses where a cluster would have its own by default, and has no load balancers", () => {
      expect(problemsOf({ clusters: { west: { addresses: ["172.18.255.201-172.18.255.220"] }, east: { metallb: false } }, docker })).to.deep.equal([]);
    });

    it("accepts addresses in the Docker network, and the defaults of two clusters in it", () => {
      expect(problemsOf({ clusters: { west: { addresses: ["172.18.9.0/28"] }, east: {} }, docker })).to.deep.equal([]);
    });
  });

  describe("for load balancer addresses", () => {
    itRefuses([
      ["those outside the Docker network", { clusters: { west: { addresses: ["172.19.0.1-172.19.0.9"] } }, docker }, "usmesh:clusters.west.addresses[0]", /outside the Docker network 172\.18\.0\.0\/16.*choose from 172\.18\.0\.101-172\.18\.255\.254/],
      ["those that Docker gives to containers", { clusters: { west: { addresses: ["172.18.0.2-172.18.0.20"] } }, docker }, "usmesh:clusters.west.addresses[0]", /where Docker gives containers their addresses.*choose from 172\.18\.0\.101-/],
      ["one address for two gateways", { clusters: { west: { addresses: ["172.18.0.9-172.18.0.9"] } } }, "usmesh:clusters.west.addresses", /is one address.*at least 2/],
    ]);

    itLimits<string>([
      ["them to those before the broadcast address", upTo, "172.18.255.254", "172.18.255.255", "usmesh:clusters.west.addresses[0]"],
      ["them to those after what Docker gives to containers", from, "172.18.0.101", "172.18.0.100", "usmesh:clusters.west.addresses[0]"],
      ["them to at least two", (last) => ({ clusters: { west: { addresses: [`172.18.0.8-${last}`] } } }), "172.18.0.9", "172.18.0.8", "usmesh:clusters.west.addresses"],
    ]);
  });

  describe("for slices of the Docker network", () => {
    const inSmallest = (addressIndex: number) => ({ clusters: { c: { addressIndex } }, docker: { subnet: "172.18.7.0/24" } });

    itLimits([["clusters to seven in a /24", inSmallest, 7, 8, "usmesh:clusters.c.addressIndex"]]);

    it("says how many clusters can have one", () => {
      expect(problemsOf(inSmallest(8)).join()).to.match(/no load balancer addresses for address index 8: it has room for 7/);
    });

    it("needs none of a cluster that lacks its address index, which is a problem of its own", () => {
      expect(problemsOf({ clusters: { ...two, north: {} }, docker })).to.have.length(1);
    });

    it("needs none of a cluster whose addresses are set", () => {
      const cluster = { addressIndex: 8, addresses: ["172.18.7.110-172.18.7.120"] };
      expect(problemsOf({ clusters: { c: cluster }, docker: { subnet: "172.18.7.0/24" } })).to.deep.equal([]);
    });

    it("needs none of a cluster without MetalLB", () => {
      expect(problemsOf({ clusters: { c: { addressIndex: 8, metallb: false } }, docker: { subnet: "172.18.7.0/24" } })).to.deep.equal([]);
    });
  });
});
