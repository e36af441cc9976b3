import { expect } from "chai";
import * as format from "../../../settings/formats";

type Format = (value: string) => string | undefined;

/** What is accepted, and what is refused with which message. */
interface Examples {
  readonly accepts: readonly string[];
  readonly refuses: readonly (readonly [value: string, message: RegExp])[];
}

function itKnows(name: string, check: Format, { accepts, refuses }: Examples): void {
  describe(name, () => {
    for (const value of accepts) it(`can be ${shown(value)}`, () => expect(check(value)).to.equal(undefined));
    for (const [value, message] of refuses) it(`cannot be ${shown(value)}`, () => expect(check(value)).to.match(message));
  });
}

const shown = (value: string): string => (value.length > 60 ? `${value.slice(0, 20)}… with ${value.length} characters` : JSON.stringify(value));
const long = (length: number): string => "a".repeat(length);
/** A domain of this length, made of labels that are not too long. */
const domain = (length: number): string => `${`${long(49)}.`.repeat(5)}${long(length - 250)}`;

itKnows("a DNS-1123 label", format.dnsLabel(), {
  accepts: ["a", "9", "west", "us-west-1", "0-09-9", long(63)],
  refuses: [
    [long(64), /has 64 characters; the maximum is 63/],
    ["", /not a DNS-1123 label.*"west"/],
    ["West", /not a DNS-1123 label.*"west"/],
    ["us.west", /not a DNS-1123 label.*"us-west"/],
    ["us_west", /"us-west"/],
    ["90_09", /"90-09"/],
    ["-west", /such as "west"/],
    ["west-", /such as "west"/],
  ],
});

itKnows("a DNS-1123 label of at most 5 characters", format.dnsLabel(5), { accepts: [long(5)], refuses: [[long(6), /has 6 characters; the maximum is 5/]] });

itKnows("a domain", format.dnsSubdomain, {
  accepts: ["local", "cluster.local", domain(253), `${long(63)}.local`],
  refuses: [
    [domain(254), /not a domain/],
    [`${long(64)}.local`, /not a domain/],
    ["Cluster.Local", /not a domain.*"cluster\.local"/],
    ["cluster..local", /not a domain/],
    ["", /not a domain/],
  ],
});

itKnows("a label value", format.labelValue, {
  accepts: ["9", "West_1.a-b", "0_09.9", long(63)],
  refuses: [
    [long(64), /not a label value/],
    ["", /not a label value/],
    ["west us", /not a label value/],
    ["-west", /not a label value/],
    ["west.", /not a label value/],
  ],
});

itKnows("a subnet from /12 to /24", format.subnet(12, 24, "the reason"), {
  accepts: [
    ...["10.0.0.0/12", "10.0.0.0/24", "10.255.0.0/16", "172.16.0.0/12", "172.31.0.0/16", "192.168.0.0/16", "192.168.255.0/24"],
    ...["100.64.0.0/16", "100.127.0.0/16", "198.18.0.0/15", "198.19.0.0/16"],
  ],
  refuses: [
    ["10.0.0.0/11", /length \/11; the reason: from \/12 to \/24/],
    ["10.0.0.0/25", /length \/25; the reason/],
    ["10.0.0.0", /not a CIDR/],
    ["10.0.0.1/16", /host bits/],
    ["fd00::/56", /IPv4 only/],
    ["0.0.0.0/16", /reserved/],
    ["0.255.0.0/16", /reserved/],
    ["127.0.0.0/16", /reserved/],
    ["127.255.0.0/16", /reserved/],
    ["169.254.0.0/16", /reserved/],
    ["169.240.0.0/12", /reserved/],
    ["224.0.0.0/16", /reserved/],
    ["255.255.0.0/16", /reserved/],
    ...["9.255.0.0/16", "11.0.0.0/16", "172.15.0.0/16", "172.32.0.0/16", "192.160.0.0/12", "192.167.0.0/16", "192.169.0.0/16", "100.63.0.0/16", "100.128.0.0/16", "198.17.0.0/16", "198.20.0.0/16", "8.8.0.0/16"].map(
      (network) => [network, /has public addresses.*such as 10\.10\.0\.0\/16/] as const,
    ),
  ],
});

itKnows("an address range", format.addressRange, {
  accepts: ["10.0.0.1-10.0.0.9", "10.0.0.0/28"],
  refuses: [["10.0.0.1", /not an address range/], ["10.0.0.9-10.0.0.1", /ends before it starts/]],
});

itKnows("a digest", format.digest, {
  accepts: [`sha256:${"0a".repeat(32)}`],
  refuses: [["0a".repeat(32), /not a digest: write sha256:/], [`sha256:${"0A".repeat(32)}`, /lower case/], ["sha256:0a", /64/], [`sha512:${"0a".repeat(32)}`, /not a digest/], [`a sha256:${"0a".repeat(32)}`, /not a digest/], [`sha256:${"0a".repeat(32)}0`, /not a digest/]],
});

itKnows("a version", format.semver, {
  accepts: ["0.15.2", "1.31.4-rc.1+build.5", "9.0.0", "90.19.0-09+90", "0.0.99"],
  refuses: [
    ["v1.31.4", /not a version: write three numbers without "v", such as "1\.31\.4"/],
    ["v10.22.33", /such as "10\.22\.33"/],
    ...["v1.31.4-rc.1", "v1.31", "a v1.31.4", "vlatest"].map((version) => [version, /such as "1\.31\.4"/] as const),
    ["1.31.4 of today", /not a version/],
    ["0.15", /not a version: write three numbers, such as/],
    ["01.2.3", /not a version/],
    ["latest", /not a version/],
  ],
});

itKnows("a version of Istio", format.istioVersion, {
  accepts: ["1.30.4", "1.31.0", "1.31.4", "1.30.10", "1.31.0-rc.0"],
  refuses: [
    ...["0.99.9", "1.9.9", "1.29.9", "1.30.0"].map((version) => [version, /loses endpoints/] as const),
    ["1.30.3", /loses endpoints.*1\.30\.4 or later.*"1\.31\.4"/],
    ...["1.32.0", "1.99.0", "2.0.0"].map((version) => [version, /not a version that this program was written for.*"1\.31\.4"/] as const),
    ["latest", /not a version/],
  ],
});

const digest = (length: number): string => `@sha256:${"0".repeat(length)}`;

itKnows("an image", format.image, {
  accepts: ["curlimages/curl:8.12.1", "registry:5000/a/b:1", `kindest/node${digest(64)}`, `kindest/node:v1${digest(64)}`, `a:${long(128)}`],
  refuses: [
    ["usmesh/demo", /neither a tag nor a digest.*"usmesh\/demo:TAG"/],
    ["Usmesh/Client:1", /not an image/],
    [`kindest/node:v1${digest(63)}`, /not an image/],
    [`kindest/node:v1${digest(65)}`, /not an image/],
    [`a:${long(129)}`, /not an image/],
    ["a:", /not an image/],
  ],
});

itKnows("an image hub", format.imageHub, {
  accepts: ["docker.io/istio", "registry:5000/a/b", "localhost", "a", "a/b__c", "a/team.build-7/x1"],
  refuses: [["https://docker.io/istio", /not an image hub/], ["docker.io/", /not an image hub/], ["docker.io/istio:1", /not an image hub/], ["a/b_", /not an image hub/]],
});

itKnows("an image tag", format.imageTag, {
  accepts: ["1.31.4", "_a", long(128)],
  refuses: [[long(129), /not an image tag/], [":1.31.4", /not an image tag/], ["", /not an image tag/], [".1", /not an image tag/]],
});

itKnows("a chart repository", format.chartRepository, {
  accepts: ["https://metallb.github.io/metallb", "oci://registry/charts", "https://charts.example.com"],
  refuses: [["see https://charts", /not a chart repository/], ["https://charts/a b", /not a chart repository/], ["http://charts", /not a chart repository: write an https/], ["istio/charts", /not a chart repository/], ["ftp://charts", /not a chart repository/], ["https://", /not a chart repository/]],
});

itKnows("an API server's address", format.apiServerUrl, {
  accepts: ["https://203.0.113.7:6443", "https://west.example.com/", "https://a:6443"],
  refuses: [
    ["http://a:6443", /write https:\/\/host:port/],
    ["at https://a:6443", /not an API server address/],
    ["https://user@a:6443", /not an API server address/],
    ["https://a/path", /not an API server address/],
    ...["https://127.0.0.1:6443", "https://localhost", "https://kind.localhost:6443", "https://[::1]:6443", "https://0.0.0.0:6443"].map(
      (server) => [server, /address of whichever machine uses it.*such as "https:\/\/203\.0\.113\.7:6443"/] as const,
    ),
  ],
});

itKnows("a host of a gateway", format.gatewayHost, {
  accepts: ["*.local", "*.shop.svc.cluster.local", "catalog.shop.svc.cluster.local"],
  refuses: [["*", /not a host.*"\*\.shop\.svc\.cluster\.local"/], ["*.", /not a host/], ["a.*.local", /not a host/], ["*.*.local", /not a host/], ["", /not a host/]],
});

itKnows("a network that may connect", format.sourceRange, {
  accepts: ["10.30.0.0/16", "203.0.113.7/32", "0.0.0.0/0"],
  refuses: [["10.30.0.1/16", /host bits/], ["fd00::/8", /IPv4 only/], ["203.0.113.7", /not a CIDR/]],
});

itKnows("a Docker network's name", format.dockerNetwork, {
  accepts: ["ab", "usmesh", "My_net.1-a", long(63)],
  refuses: [
    ["a", /not a Docker name/],
    [long(64), /not a Docker name/],
    ["my pc", /not a Docker name/],
    ["-net", /not a Docker name/],
    ["bridge", /Docker's own network/],
    ["host", /Docker's own network/],
    ["none", /Docker's own network/],
  ],
});

itKnows("a stack's name", format.stackName, {
  accepts: ["east", "organization/usmesh/east", long(100), `${long(100)}/${long(100)}/${long(100)}`],
  refuses: [
    [long(101), /not a stack name/],
    [`${long(101)}/a/b`, /not a stack name/],
    [`a/${long(101)}/b`, /not a stack name/],
    [`a/b/${long(101)}`, /not a stack name/],
    ["usmesh/east", /not a stack name/],
    ["east stack", /not a stack name/],
    ["", /not a stack name/],
  ],
});

itKnows("text that must be there", format.notEmpty, { accepts: ["a"], refuses: [["", /must not be empty/], [" ", /must not be empty/]] });
