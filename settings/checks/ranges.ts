import {
  contains,
  defaultSubnets,
  formatRange,
  loadBalancerSlice,
  MAX_DEFAULT_INDEX,
  overlaps,
  parseCidr,
  parseRange,
  usable,
  type AddressRange,
} from "../../topology/addresses";
import type { Checked } from "../config";
import { formatPath, type Path, type Problem } from "../../lib/problems";

/** Ingress and east-west gateway each take one. */
const LEAST_ADDRESSES = 2;

/** A range that is somebody's own. */
interface Claim {
  readonly path: Path;
  /** As the user wrote it, or as it was derived. */
  readonly text: string;
  readonly range: AddressRange;
  /** Whose and what for. */
  readonly owner: string;
  /** Whether it was set, and not derived. */
  readonly set: boolean;
  readonly kind: "pods" | "services" | "docker" | "addresses";
}

/** Whether all ranges keep apart, and load balancer addresses lie where they can be reached. */
export function checkRanges(checked: Checked): Problem[] {
  const claims = [...dockerClaim(checked), ...subnetClaims(checked), ...addressClaims(checked)];
  return [...checkOverlaps(claims), ...checkAddresses(checked), ...checkRoom(checked)];
}

function dockerClaim({ model }: Checked): Claim[] {
  const { subnet } = model.docker;
  if (subnet === undefined) return [];
  return [{ path: ["docker", "subnet"], text: subnet, range: parseCidr(subnet), owner: "the Docker network", set: true, kind: "docker" }];
}

function subnetClaims({ settings, model }: Checked): Claim[] {
  return model.clusters.flatMap(({ key, driver, addressIndex }) => {
    if (driver.type !== "kind") return [];
    const set = settings.clusters[key];
    const known = (["podSubnet", "serviceSubnet"] as const).filter((name) => set?.[name] !== undefined || addressIndex > 0);
    return known.map(
      (name): Claim => ({
        path: ["clusters", key, name],
        text: driver[name],
        range: parseCidr(driver[name]),
        owner: `the ${name === "podSubnet" ? "pods" : "Services"} of ${key}`,
        set: set?.[name] !== undefined,
        kind: name === "podSubnet" ? "pods" : "services",
      }),
    );
  });
}

function addressClaims({ model }: Checked): Claim[] {
  return model.clusters.flatMap(({ key, driver, addresses, addressIndex, metallb }): Claim[] => {
    const owner = `the load balancers of ${key}`;
    if (addresses !== undefined) {
      return addresses.map((text, position) => ({
        path: ["clusters", key, "addresses", position],
        text,
        range: parseRange(text),
        owner,
        set: true,
        kind: "addresses",
      }));
    }
    if (driver.type !== "kind" || !metallb || addressIndex === 0 || model.docker.subnet === undefined) return [];
    const range = slice(model.docker.subnet, addressIndex);
    if (range instanceof Error) return [];
    return [{ path: ["clusters", key, "addresses"], text: formatRange(range), range, owner, set: false, kind: "addresses" }];
  });
}

function checkOverlaps(claims: readonly Claim[]): Problem[] {
  return claims.flatMap((claim, index) =>
    claims.slice(0, index).flatMap((earlier): Problem[] => {
      // What the address plan gives out keeps apart, unless two clusters have one index: that is a problem of its own.
      if (!(claim.set || earlier.set) || !overlaps(claim.range, earlier.range)) return [];
      if (belongTogether(claim, earlier) || belongTogether(earlier, claim)) return [];
      const [wrong, other] = !claim.set && earlier.set ? [earlier, claim] : [claim, earlier];
      const derived = other.set ? "" : ", its default";
      return [
        {
          path: wrong.path,
          message: `${wrong.text} overlaps ${other.owner}, ${other.text} (${formatPath(other.path)}${derived}); ${freeRange(wrong, claims)}`,
          because: [other.path],
        },
      ];
    }),
  );
}

/**
 * Load balancer addresses belong into the Docker network. What is derived from it says nothing of its own about subnets that
 * the network meets already.
 */
function belongTogether(addresses: Claim, other: Claim): boolean {
  return addresses.kind === "addresses" && (other.kind === "docker" || (!addresses.set && other.kind !== "addresses"));
}

/** What to choose instead: the first subnet of the address plan that nobody has, for pods and Services. */
function freeRange(wrong: Claim, claims: readonly Claim[]): string {
  const name = { pods: "podSubnet", services: "serviceSubnet" }[wrong.kind as string] as "podSubnet" | "serviceSubnet" | undefined;
  if (name === undefined) {
    return wrong.kind === "docker" ? "choose another network, such as 172.18.0.0/16" : "choose a range that nobody else has";
  }
  const plan = Array.from({ length: MAX_DEFAULT_INDEX }, (_, index) => defaultSubnets(index + 1)[name]);
  const free = plan.find((subnet) => !claims.some((claim) => overlaps(claim.range, parseCidr(subnet))));
  return free === undefined ? "choose a network that nobody else has" : `choose another network, such as ${free}`;
}

function checkAddresses({ model }: Checked): Problem[] {
  return model.clusters.flatMap(({ key, driver, addresses, metallb }) => {
    if (addresses === undefined || !metallb) return [];
    const ranges = addresses.map(parseRange);
    const network = driver.type === "kind" && model.docker.subnet !== undefined ? parseCidr(model.docker.subnet) : undefined;
    const outside = ranges.flatMap((range, position): Problem[] => {
      if (network === undefined || contains(usable(network), range)) return [];
      const message = `${addresses[position]} is outside the Docker network ${model.docker.subnet}, where nothing could reach it; choose from ${formatRange(usable(network))}`;
      return [{ path: ["clusters", key, "addresses", position], message, because: [["docker", "subnet"]] }];
    });
    const count = ranges.reduce((sum, range) => sum + range.last - range.first + 1, 0);
    if (count >= LEAST_ADDRESSES) return outside;
    const message = `${addresses.join(", ")} is one address; the ingress and the east-west gateway need one each: give at least ${LEAST_ADDRESSES}`;
    return [...outside, { path: ["clusters", key, "addresses"], message }];
  });
}

/** Whether the Docker network has a slice for every cluster that takes one. */
function checkRoom({ model }: Checked): Problem[] {
  const { subnet } = model.docker;
  if (subnet === undefined) return [];
  return model.clusters.flatMap(({ key, driver, addresses, addressIndex, metallb }) => {
    if (driver.type !== "kind" || addresses !== undefined || addressIndex === 0 || !metallb) return [];
    const range = slice(subnet, addressIndex);
    return range instanceof Error
      ? [{ path: ["clusters", key, "addressIndex"], message: range.message, because: [["docker", "subnet"]] }]
      : [];
  });
}

function slice(subnet: string, index: number): AddressRange | Error {
  try {
    return loadBalancerSlice(parseCidr(subnet), index);
  } catch (error) {
    return error as Error;
  }
}
