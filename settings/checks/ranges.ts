import {
  addressesProblem,
  defaultSubnets,
  formatRange,
  loadBalancerSlice,
  MAX_DEFAULT_INDEX,
  overlaps,
  parseCidr,
  parseRange,
  type AddressRange,
} from "../../topology/addresses";
import { formatPath, type Path } from "../paths";
import type { Problem } from "../problems";
import type { CheckContext } from "./check";

/** How many load balancer addresses a cluster needs: one for the ingress gateway and one for the east-west gateway. */
const MIN_ADDRESSES = 2;

/** A range that must not overlap another. */
interface Claim {
  readonly path: Path;
  /** As the user wrote it, or as it was derived. */
  readonly text: string;
  readonly range: AddressRange;
  /** What it is for, and in which cluster, as messages say it. */
  readonly owner: string;
  /** Whether it was set, and not derived. */
  readonly set: boolean;
  readonly kind: "pods" | "services" | "docker" | "addresses";
}

/** Checks that no ranges overlap, and that load balancer addresses are where they can be reached. */
export function checkRanges(context: CheckContext): Problem[] {
  const claims = [...dockerClaim(context), ...subnetClaims(context), ...addressClaims(context)];
  return [...checkOverlaps(claims), ...checkAddresses(context), ...checkSlices(context)];
}

function dockerClaim({ model }: CheckContext): Claim[] {
  const { subnet } = model.docker;
  if (subnet === undefined) return [];
  return [{ path: ["docker", "subnet"], text: subnet, range: parseCidr(subnet), owner: "the Docker network", set: true, kind: "docker" }];
}

function subnetClaims({ settings, model }: CheckContext): Claim[] {
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

function addressClaims({ model }: CheckContext): Claim[] {
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
      // Ranges of the address plan overlap only if two clusters have the same index, which is a problem of its own.
      if (!(claim.set || earlier.set) || !overlaps(claim.range, earlier.range)) return [];
      if (mayOverlap(claim, earlier) || mayOverlap(earlier, claim)) return [];
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
 * Load balancer addresses must be inside the Docker network. Where they are derived from it and overlap a subnet, the network
 * overlaps that subnet as well, and one problem is enough.
 */
function mayOverlap(addresses: Claim, other: Claim): boolean {
  return addresses.kind === "addresses" && (other.kind === "docker" || (!addresses.set && other.kind !== "addresses"));
}

/** What to choose instead: for pods and Services, the first subnet of the address plan that is free. */
function freeRange({ kind }: Claim, claims: readonly Claim[]): string {
  if (kind === "docker") return "choose another network, such as 172.18.0.0/16";
  if (kind === "addresses") return "choose a range that nothing else uses";
  const name = kind === "pods" ? "podSubnet" : "serviceSubnet";
  const plan = Array.from({ length: MAX_DEFAULT_INDEX }, (_, index) => defaultSubnets(index + 1)[name]);
  const free = plan.find((subnet) => !claims.some((claim) => overlaps(claim.range, parseCidr(subnet))));
  return free === undefined ? "choose a network that nothing else uses" : `choose another network, such as ${free}`;
}

function checkAddresses({ model }: CheckContext): Problem[] {
  return model.clusters.flatMap(({ key, driver, addresses, metallb }) => {
    if (addresses === undefined || !metallb) return [];
    const ranges = addresses.map(parseRange);
    const network = driver.type === "kind" && model.docker.subnet !== undefined ? parseCidr(model.docker.subnet) : undefined;
    const outside = addresses.flatMap((range, position): Problem[] => {
      const message = network && addressesProblem(range, network);
      return message === undefined ? [] : [{ path: ["clusters", key, "addresses", position], message, because: [["docker", "subnet"]] }];
    });
    const count = ranges.reduce((sum, range) => sum + range.last - range.first + 1, 0);
    if (count >= MIN_ADDRESSES) return outside;
    const message = `${addresses.join(", ")} is one address; the ingress and the east-west gateway need one each: write at least ${MIN_ADDRESSES}`;
    return [...outside, { path: ["clusters", key, "addresses"], message }];
  });
}

/** Checks that the Docker network has a slice for every cluster that needs one. */
function checkSlices({ model }: CheckContext): Problem[] {
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
