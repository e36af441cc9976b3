/**
 * IPv4 arithmetic of the mesh: which ranges there are, whether they meet, and which slice of a network belongs to which
 * cluster. Addresses are unsigned 32-bit numbers here and dotted text everywhere else.
 */

/** A run of addresses, both ends included. */
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
 * Where slices start within a block of 256 addresses, in the order in which they are handed out. The first two are the
 * walk-through's; addresses up to .100 stay free, because in a /24 Docker gives its containers addresses from below.
 */
const SLICE_STARTS = [101, 201, 121, 141, 161, 181, 221] as const;

/** The highest index for which `defaultSubnets` has an answer: beyond it, subnets are set by hand. */
export const MAX_DEFAULT_INDEX = 79;

/** Dotted text of an address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Number of an address written as four decimal parts. Throws an Error that names what is wrong. */
export function parseAddress(text: string): number {
  if (text.includes(":")) {
    throw new Error(`"${text}" is IPv6; the mesh is IPv4 only: write an address such as 172.18.255.101`);
  }
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) {
    throw new Error(`"${text}" is no IPv4 address: write four numbers from 0 to 255, such as 172.18.255.101`);
  }
  return parts.reduce((address, part) => address * 256 + Number(part), 0);
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
    throw new Error(`"${text}" is no CIDR: write a network and its length, such as 10.10.0.0/16`);
  }
  const start = parseAddress(address);
  const prefix = Number(length);
  if (prefix > 32) {
    throw new Error(`"${text}" is no CIDR: the length /${prefix} is more than 32; write one such as 10.10.0.0/16`);
  }
  const count = 2 ** (32 - prefix);
  const first = start - (start % count);
  if (first !== start) {
    throw new Error(`"${text}" has host bits set: the network is ${formatAddress(first)}/${prefix}`);
  }
  return { first, last: first + count - 1, prefix };
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
    throw new Error(`"${text}" is no address range: write first-last, such as 172.18.255.101-172.18.255.120, or a CIDR`);
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

/** A network without its own address, the bridge's and the broadcast address: what a load balancer can be given. */
export function usable(subnet: Cidr): AddressRange {
  return { first: subnet.first + 2, last: subnet.last - 1 };
}

/**
 * Subnets of a cluster that does not set its own. The first two are the walk-through's (10.10 and 10.100, 10.20 and 10.200,
 * all /16); further ones follow a rule, 10.(20+index) for pods and 10.(100+index) for Services, that meets none of those.
 * @param index the cluster's address index, 1 to MAX_DEFAULT_INDEX. Throws a RangeError for another.
 */
export function defaultSubnets(index: number): { podSubnet: string; serviceSubnet: string } {
  if (!Number.isInteger(index) || index < 1 || index > MAX_DEFAULT_INDEX) {
    throw new RangeError(`address index ${index} has no default subnets: it goes from 1 to ${MAX_DEFAULT_INDEX}`);
  }
  const [pods, services] = index <= 2 ? [index * 10, index * 100] : [20 + index, 100 + index];
  return { podSubnet: `10.${pods}.0.0/16`, serviceSubnet: `10.${services}.0.0/16` };
}

/** How many clusters find room for derived load balancer addresses in a Docker network. Zero when it is smaller than a /24. */
export function sliceCapacity(subnet: Cidr): number {
  // The lowest block of a larger network is Docker's own: containers get their addresses from there.
  const blocks = subnet.prefix > 24 ? 0 : Math.max(1, 2 ** (24 - subnet.prefix) - 1);
  return blocks * SLICE_STARTS.length;
}

/**
 * The load balancer addresses of a cluster on a Docker network: slices of SLICE_SIZE addresses in the highest block of 256,
 * then in the next lower one. In 172.18.0.0/16 index 1 gets 172.18.255.101-120, index 2 gets .201-220, as in the walk-through.
 * The slice depends on the index alone, so that stacks agree without knowing of each other.
 * Throws a RangeError when the network has no room for the index.
 */
export function loadBalancerSlice(subnet: Cidr, index: number): AddressRange {
  const capacity = sliceCapacity(subnet);
  if (!Number.isInteger(index) || index < 1 || index > capacity) {
    const most = capacity === 0 ? "a network smaller than a /24 has none" : `it has room for ${capacity}`;
    throw new RangeError(
      `the Docker network ${formatCidr(subnet)} has no load balancer addresses for address index ${index}: ${most}; ` +
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
 * The addresses that a cluster's gateways ask for: the first two of its ranges, ingress first. A cluster whose gateways have two
 * others of these ranges keeps them, since people and peers know them.
 *
 * @param ranges in MetalLB's notation; at least two addresses.
 * @param current what the gateways have; undefined when they are not there.
 */
export function gatewayAddresses(ranges: readonly string[], current?: Partial<GatewayAddresses>): GatewayAddresses {
  const parsed = ranges.map(parseRange);
  const inRanges = (text: string | undefined): boolean => {
    const address = text === undefined ? undefined : tryAddress(text);
    return address !== undefined && parsed.some((range) => contains(range, { first: address, last: address }));
  };
  const { ingress, eastWest } = current ?? {};
  if (ingress !== eastWest && inRanges(ingress) && inRanges(eastWest)) return { ingress: ingress!, eastWest: eastWest! };
  const [first, second] = parsed.flatMap((range) => [range.first, ...(range.first < range.last ? [range.first + 1] : [])]);
  if (first === undefined || second === undefined) throw new Error(`${ranges.join(", ")} has no two addresses for the gateways`);
  return { ingress: formatAddress(first), eastWest: formatAddress(second) };
}

function tryAddress(text: string): number | undefined {
  try {
    return parseAddress(text);
  } catch {
    return undefined;
  }
}

/**
 * The ranges from which a cluster's load balancers get their addresses, in MetalLB's notation: those that are set, else its
 * slice of the Docker network. Throws an Error with the setting's path when a set range is not inside the network, or the
 * network has no room.
 * @param subnet CIDR of the Docker network that the cluster's node is on; undefined: set ranges are taken as they are.
 */
export function loadBalancerRanges(
  cluster: { readonly key: string; readonly addressIndex: number; readonly addresses?: readonly string[] },
  subnet: string | undefined,
): string[] {
  const setting = `usmesh:clusters.${cluster.key}.addresses`;
  const network = subnet === undefined ? undefined : parseCidr(subnet);
  if (cluster.addresses === undefined) {
    if (network === undefined) throw new Error(`${setting}: must be set, there is no Docker network to derive it from`);
    try {
      return [formatRange(loadBalancerSlice(network, cluster.addressIndex))];
    } catch (error) {
      throw new Error(`${setting}: ${(error as Error).message}`);
    }
  }
  const outside = cluster.addresses.filter((range) => network && !contains(usable(network), parseRange(range)));
  if (network && outside.length > 0) {
    throw new Error(
      `${setting}: ${outside.join(", ")} is outside the Docker network ${subnet}: nothing there could reach it; ` +
        `choose from ${formatRange(usable(network))}`,
    );
  }
  return [...cluster.addresses];
}
