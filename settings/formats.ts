import { z } from "zod";
import { isLoopback } from "../lib/api-server-url";
import { contains, overlaps, parseCidr, parseRange } from "../topology/addresses";
import { faultOf, FIRST_MINOR, LAST_MINOR, parseVersion } from "../topology/istio-versions";

/**
 * The formats of single settings. A format returns what is wrong and what would be right, or undefined; what depends on two
 * settings is in `checks/`.
 */
type Format = (value: string) => string | undefined;

/** Longest DNS-1123 label. */
const MAX_LABEL_LENGTH = 63;

/** Networks in which no pods, Services or containers can be: this host, loopback, link-local, multicast and above. */
const RESERVED = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseCidr);

/** Networks that nobody on the Internet has: private (RFC 1918), behind a carrier (RFC 6598), and for measurements (RFC 2544). */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15"].map(parseCidr);

/** A string with a format of its own. */
export function text(format: Format): z.ZodString {
  return z.string().check((context) => {
    const message = format(context.value);
    if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
  });
}

const quoted = (value: string) => JSON.stringify(value);

/** A DNS-1123 label: lower case letters, digits and hyphens, starting and ending with a letter or digit. */
export function dnsLabel(maxLength = MAX_LABEL_LENGTH): Format {
  return (value) => {
    if (value.length > maxLength) return `${quoted(value)} has ${value.length} characters; the maximum is ${maxLength}`;
    if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value)) return undefined;
    const suggestion = value.toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "");
    const example = suggestion === "" ? "west" : suggestion;
    return `${quoted(value)} is not a DNS-1123 label: use lower case letters, digits and hyphens, such as ${quoted(example)}`;
  };
}

/** A DNS-1123 subdomain of at most 253 characters: labels joined by dots. */
export const dnsSubdomain: Format = (value) => {
  const label = dnsLabel();
  if (value.length <= 253 && value.split(".").every((part) => label(part) === undefined)) return undefined;
  return `${quoted(value)} is not a domain: use lower case labels joined by dots, such as "cluster.local"`;
};

/** The value of a Kubernetes label. Not empty: an empty region or zone means none. */
export const labelValue: Format = (value) =>
  /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(value)
    ? undefined
    : `${quoted(value)} is not a label value: use 1 to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends`;

/**
 * A network for pods, Services or containers.
 * @param shortest shortest prefix in bits: the largest network
 * @param longest longest prefix in bits: the smallest network
 * @param why the reason for the limits, for the message
 */
export function subnet(shortest: number, longest: number, why: string): Format {
  return (value) => {
    const problem = failure(() => parseCidr(value));
    if (problem !== undefined) return problem;
    const cidr = parseCidr(value);
    if (cidr.prefix < shortest || cidr.prefix > longest) {
      return `${quoted(value)} has the length /${cidr.prefix}; ${why}: from /${shortest} to /${longest}, such as /16`;
    }
    if (RESERVED.some((reserved) => overlaps(reserved, cidr))) {
      return `${quoted(value)} is reserved for other uses; choose a private network, such as 10.10.0.0/16`;
    }
    if (!PRIVATE.some((network) => contains(network, cidr))) {
      return `${quoted(value)} has public addresses, and hosts on the Internet that have them could not be reached any more; choose a private network, such as 10.10.0.0/16`;
    }
    return undefined;
  };
}

/** A range of load balancer addresses. */
export const addressRange: Format = (value) => failure(() => parseRange(value));

/** A version, as charts have it. */
export const semver: Format = (value) =>
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(value)
    ? undefined
    : `${quoted(value)} is not a version: write three numbers${value.startsWith("v") ? ` without "v"` : ""}, such as ${quoted(
        /^v\d+\.\d+\.\d+$/.test(value) ? value.slice(1) : "1.31.4",
      )}`;

/** Istio's version: one that the program was written for, without the releases that are known to be bad for a mesh of several clusters. */
export const istioVersion: Format = (value) => {
  const wrong = semver(value);
  if (wrong !== undefined) return wrong;
  const right = `use 1.${FIRST_MINOR}.4 or later of 1.${FIRST_MINOR} and 1.${LAST_MINOR}, such as "1.31.4"`;
  const fault = faultOf(value);
  if (fault !== undefined) return `Istio ${value} ${fault}; ${right}`;
  const { major, minor } = parseVersion(value)!;
  return major > 1 || minor > LAST_MINOR ? `Istio ${value} is not a version that this program was written for; ${right}` : undefined;
};

const IMAGE = new RegExp(
  "^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::\\d+)?/)?" + // registry
    "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*" + // path
    "(?<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?<digest>@sha256:[a-f0-9]{64})?$",
);

/** A container image with a tag, a digest or both: without either, another image could run without any change here. */
export const image: Format = (value) => {
  const match = IMAGE.exec(value);
  if (match === null) return `${quoted(value)} is not an image: write name:tag or name:tag@sha256:digest, such as "curlimages/curl:8.12.1"`;
  if (match.groups?.["tag"] === undefined && match.groups?.["digest"] === undefined) {
    return `${quoted(value)} has neither a tag nor a digest, so the image that runs could change at any time: write ${quoted(`${value}:TAG`)}`;
  }
  return undefined;
};

/** Registry and path of images, without an image's own name. */
export const imageHub: Format = (value) =>
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(value)
    ? undefined
    : `${quoted(value)} is not an image hub: write a registry and a path without a scheme, such as "docker.io/istio"`;

/** The tag of an image: at most 128 characters. */
export const imageTag: Format = (value) =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(value) ? undefined : `${quoted(value)} is not an image tag; write one such as "1.31.4"`;

/** Where Helm finds charts: by HTTPS or in an OCI registry, so that nobody in between can change them. */
export const chartRepository: Format = (value) =>
  /^(https|oci):\/\/[^\s/]+(\/\S*)?$/.test(value)
    ? undefined
    : `${quoted(value)} is not a chart repository: write an https:// or oci:// address, such as "https://metallb.github.io/metallb"`;

/** The digest of a chart. */
export const digest: Format = (value) =>
  /^sha256:[a-f0-9]{64}$/.test(value) ? undefined : `${quoted(value)} is not a digest: write sha256: and 64 hexadecimal digits in lower case`;

/** Where peers reach an API server. */
export const apiServerUrl: Format = (value) => {
  if (!/^https:\/\/[^\s/@]+\/?$/.test(value)) return `${quoted(value)} is not an API server address: write https://host:port, such as "https://203.0.113.7:6443"`;
  return isLoopback(value)
    ? `${quoted(value)} is an address of whichever machine uses it, so no other cluster could reach this API server there; write one that the others' pods reach, such as "https://203.0.113.7:6443"`
    : undefined;
};

/** A service that other networks can reach, as a Gateway of Istio names it: a domain, or all below one. */
export const gatewayHost: Format = (value) =>
  dnsSubdomain(value.replace(/^\*\./, "")) === undefined
    ? undefined
    : `${quoted(value)} is not a host: write a service's full name or all below a domain, such as "*.shop.svc.cluster.local"`;

/** A network from which a load balancer accepts connections. */
export const sourceRange: Format = (value) => failure(() => parseCidr(value));

/** A name that Docker accepts for containers and networks. */
export const dockerName: Format = (value) =>
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}$/.test(value)
    ? undefined
    : `${quoted(value)} is not a Docker name: use 2 to 63 letters, digits, "_", "." and "-", starting with a letter or digit`;

/** A Docker network of the mesh's own. */
export const dockerNetwork: Format = (value) =>
  dockerName(value) ??
  (["bridge", "host", "none"].includes(value)
    ? `${quoted(value)} is Docker's own network, on which containers have no names; choose another, such as "usmesh"`
    : undefined);

/** A stack, alone or with organization and project, of at most 100 characters each. */
export const stackName: Format = (value) =>
  /^([\w.-]{1,100}\/[\w.-]{1,100}\/)?[\w.-]{1,100}$/.test(value)
    ? undefined
    : `${quoted(value)} is not a stack name: write it as \`pulumi stack ls\` does, such as "east" or "organization/usmesh/east"`;

/** Text that must not be empty. */
export const notEmpty: Format = (value) => (value.trim() === "" ? "must not be empty" : undefined);

function failure(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A DNS-1123 label. */
export const label = text(dnsLabel());

/** A whole number from 1. */
export const positive = z.int().min(1);
