import ipaddr from "ipaddr.js";
import { UserError } from "../lib/errors";

/**
 * The address plan of the mesh: which part of a network belongs to which cluster. An address is an unsigned 32-bit number in a
 * range and dotted text everywhere else.
 */

/** Consecutive addresses, both ends included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** A network written as `a.b.c.d/n`. */
export interface Cidr extends AddressRange {
  /** Length of the network part in bits, 0 to 32. */
  readonly prefix: number;
}

/** The walk-through's network for kind clusters, and the example in every message. */
export const EXAMPLE_DOCKER_SUBNET = "172.18.0.0/16";

/** How many load balancer addresses a cluster gets when its ranges are derived. */
export const SLICE_SIZE = 20;

/**
 * Where slices start within a block of 256 addresses, in the order in which they are assigned. The first two are the
 * walk-through's. Addresses up to .100 stay free, because in a /24 Docker assigns containers the lowest addresses.
 */
const SLICE_STARTS = [101, 201, 121, 141, 161, 181, 221] as const;

/** The highest index for which `defaultSubnets` has an answer: beyond it, subnets are set by hand. */
export const MAX_DEFAULT_INDEX = 79;

/** Dotted text of an address. */
export function formatAddress(address: number): string {
  return ipaddr.IPv4.parse(String(address)).toString();
}

/** The address that four decimal numbers stand for. Throws an Error that says what is wrong. */
export function parseAddress(text: string): number {
  if (text.includes(":")) {
    throw new Error(`"${text}" is IPv6; the mesh is IPv4 only: write an address such as 172.18.255.101`);
  }
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) {
    throw new Error(`"${text}" is not an IPv4 address: write four numbers from 0 to 255, such as 172.18.255.101`);
  }
  return numberOf(ipaddr.IPv4.parse(text));
}

/** Text of a network. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.first)}/${cidr.prefix}`;
}

/** A network from its text. Throws an Error for anything but an IPv4 CIDR without host bits. */
export function parseCidr(text: string): Cidr {
  if (text.includes(":")) {
    throw new Error(`"${text}" is IPv6; the mesh is IPv4 only: write a network such as 10.10.0.0/16`);
  }
  const [address, length, ...rest] = text.split("/");
  if (address === undefined || length === undefined || rest.length > 0 || !/^(0|[1-9]\d?)$/.test(length)) {
    throw new Error(`"${text}" is not a CIDR: write a network and its length, such as 10.10.0.0/16`);
  }
  const start = parseAddress(address);
  const prefix = Number(length);
  if (prefix > 32) {
    throw new Error(`"${text}" is not a CIDR: the length /${prefix} is more than 32; write one such as 10.10.0.0/16`);
  }
  const first = numberOf(ipaddr.IPv4.networkAddressFromCIDR(text));
  if (first !== start) {
    throw new Error(`"${text}" has host bits set: the network is ${formatAddress(first)}/${prefix}`);
  }
  return { first, last: numberOf(ipaddr.IPv4.broadcastAddressFromCIDR(text)), prefix };
}

function numberOf(address: ipaddr.IPv4): number {
  return Buffer.from(address.toByteArray()).readUInt32BE();
}

/** Text of a range in MetalLB's notation, `first-last`. */
export function formatRange(range: AddressRange): string {
  return `${formatAddress(range.first)}-${formatAddress(range.last)}`;
}

/** A range from `first-last` or a CIDR, MetalLB's two notations. Throws an Error that names what is wrong. */
export function parseRange(text: string): AddressRange {
  if (text.includes("/")) return parseCidr(text);
  const [from, to, ...rest] = text.split("-").map((part) => part.trim());
  if (from === undefined || to === undefined || rest.length > 0) {
    throw new Error(`"${text}" is not an address range: write first-last, such as 172.18.255.101-172.18.255.120, or a CIDR`);
  }
  const range = { first: parseAddress(from), last: parseAddress(to) };
  if (range.first > range.last) {
    throw new Error(`"${text}" ends before it starts: write ${formatRange({ first: range.last, last: range.first })}`);
  }
  return range;
}

/** Whether two ranges have an address in common. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** How many addresses at the beginning of a Docker network, at most half of it, are left to Docker: it gives containers the lowest ones that are free. */
const DOCKER_ADDRESSES = 101;

/**
 * The addresses of a Docker network that a load balancer can have: all but those at its beginning, which Docker gives to containers,
 * and the broadcast address.
 */
export function usable(subnet: Cidr): AddressRange {
  const size = subnet.last - subnet.first + 1;
  return { first: subnet.first + Math.min(DOCKER_ADDRESSES, Math.floor(size / 2)), last: subnet.last - 1 };
}

/** Why a range cannot be given to load balancers on a Docker network, and what can; undefined when it can. */
export function addressesProblem(range: string, network: Cidr): string | undefined {
  const wanted = parseRange(range);
  if (contains(usable(network), wanted)) return undefined;
  const choice = `choose from ${formatRange(usable(network))}`;
  return contains(network, wanted) && wanted.last < network.last
    ? `${range} is where Docker gives containers their addresses, at the beginning of the network ${formatCidr(network)}; ${choice}`
    : `${range} is outside the Docker network ${formatCidr(network)}, where nothing could reach it; ${choice}`;
}

/**
 * Subnets of a cluster that does not set its own, all /16. The first two clusters have the walk-through's, 10.10 and 10.100, 10.20
 * and 10.200; the others have 10.(20+index) for pods and 10.(100+index) for Services, which overlap none of those.
 * @param index the cluster's address index, 1 to MAX_DEFAULT_INDEX. Throws a RangeError for another.
 */
export function defaultSubnets(index: number): { podSubnet: string; serviceSubnet: string } {
  if (!Number.isInteger(index) || index < 1 || index > MAX_DEFAULT_INDEX) {
    throw new RangeError(`address index ${index} has no default subnets: it goes from 1 to ${MAX_DEFAULT_INDEX}`);
  }
  const [pods, services] = index <= 2 ? [index * 10, index * 100] : [20 + index, 100 + index];
  return { podSubnet: `10.${pods}.0.0/16`, serviceSubnet: `10.${services}.0.0/16` };
}

/** How many clusters can have derived load balancer addresses in a Docker network. Zero when it is smaller than a /24. */
export function sliceCapacity(subnet: Cidr): number {
  // The lowest block of a larger network is left to Docker, which assigns containers addresses from there.
  const blocks = subnet.prefix > 24 ? 0 : Math.max(1, 2 ** (24 - subnet.prefix) - 1);
  return blocks * SLICE_STARTS.length;
}

/**
 * The load balancer addresses of a cluster on a Docker network: slices of SLICE_SIZE addresses in the highest block of 256,
 * then in the next lower one. In 172.18.0.0/16 index 1 gets 172.18.255.101-120 and index 2 gets .201-220, as in the walk-through.
 * The slice depends on nothing but the index, so that stacks which do not know each other take different ones.
 * Throws a RangeError when the network has no slice for the index.
 */
export function loadBalancerSlice(subnet: Cidr, index: number): AddressRange {
  const capacity = sliceCapacity(subnet);
  if (!Number.isInteger(index) || index < 1 || index > capacity) {
    const reason = capacity === 0 ? "a network smaller than a /24 has none" : `it has room for ${capacity}`;
    throw new RangeError(
      `the Docker network ${formatCidr(subnet)} has no load balancer addresses for address index ${index}: ${reason}; ` +
        `use a larger network such as ${EXAMPLE_DOCKER_SUBNET}, or set the cluster's addresses`,
    );
  }
  const position = index - 1;
  const block = subnet.last - 255 - 256 * Math.floor(position / SLICE_STARTS.length);
  const first = block + SLICE_STARTS[position % SLICE_STARTS.length]!;
  return { first, last: first + SLICE_SIZE - 1 };
}

/** The addresses of a cluster's two gateways. */
export interface GatewayAddresses {
  readonly ingress: string;
  readonly eastWest: string;
}

/**
 * The addresses that a cluster's gateways request: the first two of its ranges, ingress first. Gateways that already have two other
 * addresses of these ranges keep them, since users and peers know them.
 *
 * @param ranges in MetalLB's notation; at least two addresses.
 * @param current the addresses that the gateways have; undefined when there are no gateways yet. An east-west gateway without an
 *   ingress gateway keeps its own, too.
 */
export function gatewayAddresses(ranges: readonly string[], current?: Partial<GatewayAddresses>): GatewayAddresses {
  const parsed = ranges.map(parseRange);
  const inRanges = (text: string | undefined): boolean => {
    if (text === undefined || !ipaddr.IPv4.isValidFourPartDecimal(text)) return false;
    const address = parseAddress(text);
    return parsed.some((range) => contains(range, { first: address, last: address }));
  };
  const { ingress, eastWest } = current ?? {};
  if (ingress !== eastWest && inRanges(ingress) && inRanges(eastWest)) return { ingress: ingress!, eastWest: eastWest! };
  const [first, second] = parsed.flatMap((range) => [range.first, ...(range.first < range.last ? [range.first + 1] : [])]);
  if (first === undefined || second === undefined) throw new Error(`${ranges.join(", ")} has fewer than two addresses, and the gateways need one each`);
  const [free, next] = [formatAddress(first), formatAddress(second)];
  return ingress === undefined && inRanges(eastWest) ? { ingress: eastWest === free ? next : free, eastWest: eastWest! } : { ingress: free, eastWest: next };
}

/**
 * The ranges from which a cluster's load balancers get their addresses, in MetalLB's notation: those that are set, otherwise its
 * slice of the Docker network. Throws a UserError with the setting's path when a range is outside the network, or the network has no
 * slice for the cluster.
 * @param subnet CIDR of the Docker network that the cluster's node is on; undefined: ranges that are set are not checked.
 */
export function loadBalancerRanges(
  cluster: { readonly key: string; readonly addressIndex: number; readonly addresses?: readonly string[] },
  subnet: string | undefined,
): string[] {
  const setting = `usmesh:clusters.${cluster.key}.addresses`;
  const network = subnet === undefined ? undefined : parseCidr(subnet);
  if (cluster.addresses === undefined) {
    if (network === undefined) throw new UserError("addresses-outside-network", `${setting}: must be set, because there is no Docker network to derive it from`);
    try {
      return [formatRange(loadBalancerSlice(network, cluster.addressIndex))];
    } catch (error) {
      throw new UserError("addresses-outside-network", `${setting}: ${(error as Error).message}`);
    }
  }
  const wrong = cluster.addresses.flatMap((range) => (network && addressesProblem(range, network)) ?? []);
  if (wrong.length > 0) throw new UserError("addresses-outside-network", `${setting}: ${wrong.join("; ")}`);
  return [...cluster.addresses];
}

/**
 * Why kind clusters cannot be on a Docker network whose subnet is known only once it exists: an error for each of their own networks that
 * overlaps it. Empty when they can.
 */
export function dockerOverlaps(clusters: readonly { readonly key: string; readonly podSubnet: string; readonly serviceSubnet: string }[], subnet: string): UserError[] {
  const network = parseCidr(subnet);
  return clusters.flatMap((cluster) =>
    (["podSubnet", "serviceSubnet"] as const)
      .filter((name) => overlaps(parseCidr(cluster[name]), network))
      .map((name) => {
        const overlap = `usmesh:clusters.${cluster.key}.${name}: ${cluster[name]} overlaps the Docker network, which is ${subnet}`;
        return new UserError("docker-network-overlap", `${overlap}; choose another, or set usmesh:docker.subnet`);
      }),
  );
}
