import { expect } from "chai";
import * as fc from "fast-check";
import {
  contains,
  defaultSubnets,
  formatAddress,
  formatCidr,
  formatRange,
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
    it("gives back every address that it is made from", () => {
      fc.assert(fc.property(address, (value) => parseAddress(formatAddress(value)) === value));
    });

    it("gives back every network that it is made from", () => {
      fc.assert(fc.property(cidr, (value) => void expect(parseCidr(formatCidr(value))).to.deep.equal(value)));
    });

    it("gives back every range that it is made from", () => {
      fc.assert(fc.property(range, (value) => void expect(parseRange(formatRange(value))).to.deep.equal(value)));
    });

    it("ends at the highest address and the longest prefix", () => {
      expect(formatAddress(parseAddress("255.255.255.255"))).to.equal("255.255.255.255");
      expect(parseCidr("10.0.0.5/32")).to.deep.equal({ first: parseAddress("10.0.0.5"), last: parseAddress("10.0.0.5"), prefix: 32 });
      expect(parseCidr("0.0.0.0/0")).to.deep.equal({ first: 0, last: 2 ** 32 - 1, prefix: 0 });
    });

    it("of a range may have spaces around its ends", () => {
      expect(parseRange(" 172.18.255.101 - 172.18.255.120 ")).to.deep.equal(parseRange("172.18.255.101-172.18.255.120"));
    });

    it("of a network can stand for a range", () => {
      expect(formatRange(parseRange("172.18.255.0/24"))).to.equal("172.18.255.0-172.18.255.255");
    });

    const wrong: [string, (text: string) => unknown, RegExp][] = [
      ["10.10.0.0", parseCidr, /not a CIDR.*10\.10\.0\.0\/16/],
      ["10.10.0.0/33", parseCidr, /more than 32/],
      ["10.10.0.0/016", parseCidr, /not a CIDR/],
      ["10.10.0.0/16/8", parseCidr, /not a CIDR/],
      ["0x0a.10.0.0", parseAddress, /not an IPv4 address/],
      ["fd00::1", parseAddress, /IPv6/],
      ["10.10.0.1/16", parseCidr, /host bits.*10\.10\.0\.0\/16/],
      ["10.10.0/16", parseCidr, /not an IPv4 address/],
      ["10.10.0.256/32", parseCidr, /not an IPv4 address/],
      ["010.0.0.0/8", parseCidr, /not an IPv4 address/],
      ["fd00::/8", parseCidr, /IPv6.*a network such as/],
      ["10.0.0.5", parseRange, /not an address range/],
      ["10.0.0.5-10.0.0.1", parseRange, /ends before it starts: write 10\.0\.0\.1-10\.0\.0\.5/],
      ["10.0.0.1-5", parseRange, /not an IPv4 address/],
      ["fd00::1-fd00::5", parseRange, /IPv6/],
      ["10.0.0.1-10.0.0.2-10.0.0.3", parseRange, /not an address range/],
    ];
    for (const [text, parse, message] of wrong) {
      it(`refuses ${text}`, () => expect(() => parse(text)).to.throw(message));
    }
  });

  describe("ranges that overlap", () => {
    it("have an address in common, from either side", () => {
      fc.assert(
        fc.property(range, range, (a, b) => {
          const shared = Math.max(a.first, b.first) <= Math.min(a.last, b.last);
          return overlaps(a, b) === shared && overlaps(b, a) === shared;
        }),
      );
    });

    it("share at least one, which may be the last of one and the first of the other", () => {
      const [low, high] = [{ first: 1, last: 5 }, { first: 5, last: 9 }];
      expect([overlaps(low, high), overlaps(high, low)]).to.deep.equal([true, true]);
      expect([overlaps({ ...low, last: 4 }, high), overlaps(high, { ...low, last: 4 })]).to.deep.equal([false, false]);
      expect([contains(low, low), contains(low, high), contains(low, { first: 0, last: 5 })]).to.deep.equal([true, false, false]);
    });

    it("are those that contain one another, among others", () => {
      fc.assert(fc.property(range, range, (a, b) => !contains(a, b) || overlaps(a, b)));
    });
  });

  it("of a network can be used, but not those that Docker gives to containers and the broadcast address", () => {
    expect(formatRange(usable(parseCidr("172.18.0.0/16")))).to.equal("172.18.0.101-172.18.255.254");
    expect(formatRange(usable(parseCidr("192.168.7.0/24")))).to.equal("192.168.7.101-192.168.7.254");
    expect(formatRange(usable(parseCidr("192.168.7.0/28")))).to.equal("192.168.7.8-192.168.7.14");
  });

  describe("subnets by index", () => {
    it("are the walk-through's for the first two", () => {
      expect(defaultSubnets(1)).to.deep.equal({ podSubnet: "10.10.0.0/16", serviceSubnet: "10.100.0.0/16" });
      expect(defaultSubnets(2)).to.deep.equal({ podSubnet: "10.20.0.0/16", serviceSubnet: "10.200.0.0/16" });
    });

    it("are 79 pairs that do not overlap", () => {
      const all = Array.from({ length: MAX_DEFAULT_INDEX }, (_, index) => Object.values(defaultSubnets(index + 1))).flat();
      expect(new Set(all).size).to.equal(158);
      for (const text of all) expect(parseCidr(text).prefix).to.equal(16);
    });

    it("end where those of pods would meet those of Services", () => {
      expect(defaultSubnets(79)).to.deep.equal({ podSubnet: "10.99.0.0/16", serviceSubnet: "10.179.0.0/16" });
      for (const index of [0, -1, 1.5, 80]) expect(() => defaultSubnets(index)).to.throw(RangeError);
    });
  });

  describe("load balancer addresses by index", () => {
    it("are the walk-through's in its network", () => {
      const network = parseCidr("172.18.0.0/16");
      expect(formatRange(loadBalancerSlice(network, 1))).to.equal("172.18.255.101-172.18.255.120");
      expect(formatRange(loadBalancerSlice(network, 2))).to.equal("172.18.255.201-172.18.255.220");
    });

    it("are inside the network and do not overlap, for as many clusters as it has slices for", () => {
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

    it("leave the lowest addresses of the network to Docker", () => {
      fc.assert(
        fc.property(dockerSubnet, (network) => {
          const lowest = { first: network.first, last: network.first + (network.prefix === 24 ? 100 : 255) };
          return !overlaps(lowest, loadBalancerSlice(network, sliceCapacity(network)));
        }),
      );
    });

    it("are enough for seven clusters in each block of 256 but the lowest", () => {
      const capacity = (network: string) => sliceCapacity(parseCidr(network));
      expect(["192.168.7.0/25", "192.168.7.0/24", "192.168.6.0/23", "192.168.4.0/22"].map(capacity)).to.deep.equal([0, 7, 7, 21]);
      expect(formatRange(loadBalancerSlice(parseCidr("192.168.4.0/22"), 8))).to.equal("192.168.6.101-192.168.6.120");
    });

    it("are refused with what to do when there is no slice for the index", () => {
      expect(() => loadBalancerSlice(parseCidr("192.168.7.0/24"), 8)).to.throw(/192\.168\.7\.0\/24.*index 8: it has room for 7.*larger network/);
      expect(() => loadBalancerSlice(parseCidr("192.168.7.0/25"), 1)).to.throw(/smaller than a \/24 has none/);
      for (const index of [0, 1.5]) expect(() => loadBalancerSlice(parseCidr("192.168.7.0/24"), index)).to.throw(RangeError);
    });
  });
});
