import { z } from "zod";
import { parseCidr, parseRange } from "../topology/addresses";

/**
 * The formats that single settings have. A check returns what is wrong and what would be right, or undefined; whatever needs
 * two settings at once is in the `check-*` files.
 */
type Check = (value: string) => string | undefined;

/** A string with a format of its own. */
export function text(check: Check): z.ZodString {
  return z.string().check((context) => {
    const message = check(context.value);
    if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
  });
}

const quoted = (value: string) => JSON.stringify(value);

/** A DNS-1123 label: lower case letters, digits and hyphens, starting and ending with a letter or digit. */
export function dnsLabel(most = 63): Check {
  return (value) => {
    if (value.length > most) return `${quoted(value)} is ${value.length} characters long; at most ${most} fit`;
    if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value)) return undefined;
    const suggestion = value.toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "");
    const example = suggestion === "" ? "west" : suggestion;
    return `${quoted(value)} is no DNS-1123 label: use lower case letters, digits and hyphens, such as ${quoted(example)}`;
  };
}

/** A DNS-1123 subdomain: labels joined by dots. */
export const dnsSubdomain: Check = (value) => {
  const label = dnsLabel();
  if (value.length <= 253 && value.split(".").every((part) => label(part) === undefined)) return undefined;
  return `${quoted(value)} is no domain: use lower case labels joined by dots, such as "cluster.local"`;
};

/** The value of a Kubernetes label. Not empty: an empty region or zone is none. */
export const labelValue: Check = (value) =>
  /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(value)
    ? undefined
    : `${quoted(value)} is no label value: use 1 to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends`;

/** A network that pods or Services can live in. */
export function subnet(shortest: number, longest: number, why: string): Check {
  return (value) => {
    const problem = failure(() => parseCidr(value));
    if (problem !== undefined) return problem;
    const { prefix, first } = parseCidr(value);
    if (prefix < shortest || prefix > longest) {
      return `${quoted(value)} has the length /${prefix}; ${why}: from /${shortest} to /${longest}, such as /16`;
    }
    const top = first >>> 24;
    if (top === 0 || top === 127 || top >= 224 || (top === 169 && ((first >>> 16) & 255) === 254)) {
      return `${quoted(value)} is reserved for other uses; choose a private network, such as 10.10.0.0/16`;
    }
    return undefined;
  };
}

/** A range of load balancer addresses. */
export const addressRange: Check = (value) => failure(() => parseRange(value));

/** A version as charts have it. */
export const semver: Check = (value) =>
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(value)
    ? undefined
    : `${quoted(value)} is no version: write three numbers${value.startsWith("v") ? ` without "v"` : ""}, such as ${quoted(
        /^v\d+\.\d+\.\d+$/.test(value) ? value.slice(1) : "1.31.4",
      )}`;

/** Istio's version: semver, without the releases that lose endpoints when a remote Secret changes. */
export const istioVersion: Check = (value) =>
  semver(value) ??
  (/^1\.30\.[0-3]$/.test(value)
    ? `Istio ${value} loses endpoints when a remote Secret changes; use 1.30.4 or later, such as "1.31.4"`
    : undefined);

const IMAGE = new RegExp(
  "^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::\\d+)?/)?" + // registry
    "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*" + // path
    "(?<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?<digest>@sha256:[a-f0-9]{64})?$",
);

/** A container image with a tag, a digest or both: without either, what runs would change by itself. */
export const image: Check = (value) => {
  const match = IMAGE.exec(value);
  if (match === null) return `${quoted(value)} is no image: write name:tag or name:tag@sha256:digest, such as "curlimages/curl:8.12.1"`;
  if (match.groups?.["tag"] === undefined && match.groups?.["digest"] === undefined) {
    return `${quoted(value)} has neither tag nor digest, so what runs would change by itself: write ${quoted(`${value}:TAG`)}`;
  }
  return undefined;
};

/** Registry and path of images, without an image's own name. */
export const imageHub: Check = (value) =>
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(value)
    ? undefined
    : `${quoted(value)} is no image hub: write a registry and a path without scheme, such as "docker.io/istio"`;

/** The tag of an image. */
export const imageTag: Check = (value) =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(value) ? undefined : `${quoted(value)} is no image tag; write one such as "1.31.4"`;

/** Where Helm finds charts. */
export const chartRepository: Check = (value) =>
  /^(https?|oci):\/\/[^\s/]+(\/\S*)?$/.test(value)
    ? undefined
    : `${quoted(value)} is no chart repository: write an https:// or oci:// address, such as "https://metallb.github.io/metallb"`;

/** Where peers reach an API server. */
export const apiServerUrl: Check = (value) =>
  /^https:\/\/[^\s/@]+(:\d{1,5})?\/?$/.test(value)
    ? undefined
    : `${quoted(value)} is no API server address: write https://host:port, such as "https://203.0.113.7:6443"`;

/** A name that Docker accepts for containers and networks. */
export const dockerName: Check = (value) =>
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}$/.test(value)
    ? undefined
    : `${quoted(value)} is no Docker name: use 2 to 63 letters, digits, "_", "." and "-", starting with a letter or digit`;

/** A Docker network that the mesh may have for itself. */
export const dockerNetwork: Check = (value) =>
  dockerName(value) ??
  (["bridge", "host", "none"].includes(value)
    ? `${quoted(value)} is Docker's own network, on which containers have no names; choose another, such as "usmesh"`
    : undefined);

/** A stack, alone or with organization and project. */
export const stackName: Check = (value) =>
  /^([\w.-]{1,100}\/[\w.-]{1,100}\/)?[\w.-]{1,100}$/.test(value)
    ? undefined
    : `${quoted(value)} is no stack name: write it as \`pulumi stack ls\` does, such as "east" or "organization/usmesh/east"`;

/** Something that must be there. */
export const notEmpty: Check = (value) => (value.trim() === "" ? "must not be empty" : undefined);

function failure(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
