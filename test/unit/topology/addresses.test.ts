import { expect } from "chai";
import * as fc from "fast-check";
import {
  gatewayAddresses,
  contains,
  defaultSubnets,
  formatAddress,
  formatCidr,
  formatRange,
  loadBalancerRanges,
  loadBalancerSlice,
  MAX_DEFAULT_INDEX,
  overlaps,
  parseAddress,
  parseCidr,
  parseRange,
  sliceCapacity,
  SLICE_SIZE,
  usable,
  type AddressRange,
  type Cidr,
} from "../../../topology/addresses";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const cidr = fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([start, prefix]): Cidr => {
  const count = 2 ** (32 - prefix);
  const first = start - (start % count);
  return { first, last: first + count - 1, prefix };
});
const range = fc.tuple(address, address).map(([a, b]): AddressRange => ({ first: Math.min(a, b), last: Math.max(a, b) }));
/** Networks that Docker could have, from /8 to /24. */
const dockerSubnet = cidr.filter(({ prefix }) => prefix >= 8 && prefix <= 24);

describe("addresses", () => {
  describe("text", () => {
    it("goes both ways for every address", () => {
      fc.assert(fc.property(address, (value) => parseAddress(formatAddress(value)) === value));
    });

    it("goes both ways for every network", () => {
      fc.assert(fc.property(cidr, (value) => void expect(parseCidr(formatCidr(value))).to.deep.equal(value)));
    });

    it("goes both ways for every range", () => {
      fc.assert(fc.property(range, (value) => void expect(parseRange(formatRange(value))).to.deep.equal(value)));
    });

    it("reads a network as a range", () => {
      expect(formatRange(parseRange("172.18.255.0/24"))).to.equal("172.18.255.0-172.18.255.255");
    });

    const wrong: [string, (text: string) => unknown, RegExp][] = [
      ["10.10.0.0", parseCidr, /no CIDR.*10\.10\.0\.0\/16/],
      ["10.10.0.0/33", parseCidr, /more than 32/],
      ["10.10.0.0/016", parseCidr, /no CIDR/],
      ["10.10.0.1/16", parseCidr, /host bits.*10\.10\.0\.0\/16/],
      ["10.10.0/16", parseCidr, /no IPv4 address/],
      ["10.10.0.256/32", parseCidr, /no IPv4 address/],
      ["010.0.0.0/8", parseCidr, /no IPv4 address/],
      ["fd00::/8", parseCidr, /IPv6/],
      ["10.0.0.5", parseRange, /no address range/],
      ["10.0.0.5-10.0.0.1", parseRange, /ends before it starts: write 10\.0\.0\.1-10\.0\.0\.5/],
      ["10.0.0.1-5", parseRange, /no IPv4 address/],
      ["fd00::1-fd00::5", parseRange, /IPv6/],
      ["10.0.0.1-10.0.0.2-10.0.0.3", parseRange, /no address range/],
    ];
    for (const [text, parse, message] of wrong) {
      it(`refuses ${text}`, () => expect(() => parse(text)).to.throw(message));
    }
  });

  describe("ranges that meet", () => {
    it("are found by either side, and by an address in both", () => {
      fc.assert(
        fc.property(range, range, (a, b) => {
          const shared = Math.max(a.first, b.first) <= Math.min(a.last, b.last);
          return overlaps(a, b) === shared && overlaps(b, a) === shared;
        }),
      );
    });

    it("meet whatever they contain", () => {
      fc.assert(fc.property(range, range, (a, b) => !contains(a, b) || overlaps(a, b)));
    });
  });

  describe("subnets by index", () => {
    it("are the walk-through's for the first two", () => {
      expect(defaultSubnets(1)).to.deep.equal({ podSubnet: "10.10.0.0/16", serviceSubnet: "10.100.0.0/16" });
      expect(defaultSubnets(2)).to.deep.equal({ podSubnet: "10.20.0.0/16", serviceSubnet: "10.200.0.0/16" });
    });

    it("keep apart, all of them", () => {
      const all = Array.from({ length: MAX_DEFAULT_INDEX }, (_, index) => Object.values(defaultSubnets(index + 1))).flat();
      expect(new Set(all).size).to.equal(2 * MAX_DEFAULT_INDEX);
      for (const text of all) expect(parseCidr(text).prefix).to.equal(16);
    });

    it("end where the plan ends", () => {
      for (const index of [0, -1, 1.5, MAX_DEFAULT_INDEX + 1]) expect(() => defaultSubnets(index)).to.throw(RangeError);
    });
  });

  describe("load balancer addresses by index", () => {
    it("are the walk-through's in its network", () => {
      const network = parseCidr("172.18.0.0/16");
      expect(formatRange(loadBalancerSlice(network, 1))).to.equal("172.18.255.101-172.18.255.120");
      expect(formatRange(loadBalancerSlice(network, 2))).to.equal("172.18.255.201-172.18.255.220");
    });

    it("keep apart and inside, for every network and as many clusters as it has room for", () => {
      fc.assert(
        fc.property(dockerSubnet, (network) => {
          const count = Math.min(sliceCapacity(network), 64);
          const slices = Array.from({ length: count }, (_, index) => loadBalancerSlice(network, index + 1));
          return slices.every(
            (slice, index) =>
              contains(usable(network), slice) &&
              slice.last - slice.first + 1 === SLICE_SIZE &&
              slices.slice(0, index).every((earlier) => !overlaps(earlier, slice)),
          );
        }),
      );
    });

    it("leave Docker the lowest addresses of its network", () => {
      fc.assert(
        fc.property(dockerSubnet, (network) => {
          const lowest = { first: network.first, last: network.first + (network.prefix === 24 ? 100 : 255) };
          return !overlaps(lowest, loadBalancerSlice(network, sliceCapacity(network)));
        }),
      );
    });

    it("find room for seven clusters in a /24 and for sixteen in a /22", () => {
      expect(sliceCapacity(parseCidr("192.168.7.0/24"))).to.equal(7);
      expect(sliceCapacity(parseCidr("192.168.4.0/22"))).to.be.at.least(16);
    });

    it("say what to do when there is no room", () => {
      expect(() => loadBalancerSlice(parseCidr("192.168.7.0/24"), 8)).to.throw(/192\.168\.7\.0\/24.*index 8: it has room for 7.*larger network/);
      expect(() => loadBalancerSlice(parseCidr("192.168.7.0/25"), 1)).to.throw(/smaller than a \/24 has none/);
    });
  });

  describe("addresses of a cluster's gateways", () => {
    it("are the first two of its ranges, ingress first, whatever the notation", () => {
      expect(gatewayAddresses(["172.18.255.101-172.18.255.120"])).to.deep.equal({ ingress: "172.18.255.101", eastWest: "172.18.255.102" });
      expect(gatewayAddresses(["10.0.0.8/30"])).to.deep.equal({ ingress: "10.0.0.8", eastWest: "10.0.0.9" });
      expect(gatewayAddresses(["10.0.0.5-10.0.0.5", "10.0.0.9-10.0.0.9"])).to.deep.equal({ ingress: "10.0.0.5", eastWest: "10.0.0.9" });
    });

    it("stay what they are while the ranges have them, so that nothing that was written down changes", () => {
      const current = { ingress: "172.18.255.107", eastWest: "172.18.255.101" };
      expect(gatewayAddresses(["172.18.255.101-172.18.255.120"], current)).to.deep.equal(current);
    });

    for (const [what, current] of [
      ["one of them is outside", { ingress: "172.18.255.101", eastWest: "172.18.255.201" }],
      ["they are one", { ingress: "172.18.255.105", eastWest: "172.18.255.105" }],
      ["one is a host name", { ingress: "a.example.com", eastWest: "172.18.255.101" }],
      ["one is missing", { ingress: "172.18.255.105" }],
    ] as const) {
      it(`are the first two again when ${what}`, () => {
        expect(gatewayAddresses(["172.18.255.101-172.18.255.120"], current)).to.deep.equal({ ingress: "172.18.255.101", eastWest: "172.18.255.102" });
      });
    }

    it("are refused where there is only one", () => {
      expect(() => gatewayAddresses(["10.0.0.5-10.0.0.5"])).to.throw("no two addresses");
    });
  });

  describe("load balancer addresses of a cluster", () => {
    const west = { key: "west", addressIndex: 1 };

    it("are derived from whatever network Docker chose", () => {
      expect(loadBalancerRanges(west, "172.19.0.0/16")).to.deep.equal(["172.19.255.101-172.19.255.120"]);
    });

    it("are those that are set, when the network has them", () => {
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

    it("must be set where nothing can be derived", () => {
      expect(() => loadBalancerRanges(west, undefined)).to.throw(/usmesh:clusters\.west\.addresses: must be set/);
      expect(() => loadBalancerRanges(west, "10.0.0.0/28")).to.throw(/usmesh:clusters\.west\.addresses: .*no load balancer addresses/);
    });
  });
});
