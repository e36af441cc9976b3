import { DAY_MS, NOW } from "../../support/authority";
import { type Case, type Mesh, noAnswer } from "../../support/cases";
import { replica } from "../../support/healthy";

const inDays = (days: number): string => new Date(NOW + days * DAY_MS).toISOString();
const silent = { ...replica("istiod-2", "east"), remotes: noAnswer, proxies: noAnswer };
const status = (value: string) => ({ ok: true, value: [{ id: "east-cluster", secret: "s", status: value }] }) as const;

/** Istiod of west does not know east. */
const unknown = (m: Mesh): void => m.replica({ remotes: { ok: true, value: [] } });

export const discoveryCases: readonly Case[] = [
  { what: "no remote Secret", change: (m) => (unknown(m), (m.west.remoteSecrets = { ok: true, value: [] }), (m.pair.access = [])), says: [/: no remote Secret has the key east-cluster \| the Secret was deleted or never created /], found: ["fail discovery.secret west→east"] },
  {
    what: "a remote Secret whose key is not the peer's name",
    change: (m) => (unknown(m), (m.west.remoteSecrets = { ok: true, value: [{ secret: "istio-system/remote", key: "east" }] }), (m.pair.access = [])),
    says: [/: no remote Secret has the key east-cluster \| .*; there is east, which is not the name of a cluster of the mesh /],
    found: ["fail discovery.secret west→east", "fail discovery.orphans west"],
  },
  {
    what: "two remote Secrets for one peer",
    change: (m) => (m.pair.access = [...m.pair.access, ...m.pair.access.map((entry) => ({ ...entry, secret: "istio-system/second" }))]),
    says: [/: istio-system\/istio-remote-secrets and istio-system\/second all have the key east-cluster .* delete secret second$/m],
    found: ["fail discovery.secret west→east"],
  },
  {
    what: "two remote Secrets for one peer, one of them with a revoked token, and leaves it at that",
    change: (m) => (unknown(m), (m.pair.access = [...m.pair.access, ...m.pair.access.map((entry) => ({ ...entry, denied: { ok: false, error: "Unauthorized" }, failure: "unauthorized" }) as const)])),
    found: ["fail discovery.secret west→east", "fail discovery.token west→east"],
  },
  {
    what: "remote Secrets that may not be read",
    change: (m) => ((m.west.remoteSecrets = { ok: false, error: "secrets is forbidden" }), (m.pair.access = [])),
    found: ["unknown discovery.secret west→east", "unknown discovery.orphans west"],
  },
  {
    what: "a loopback server in a remote Secret",
    change: (m) => m.access({ server: "https://127.0.0.1:6443", denied: { ok: false, error: "a loopback address" }, failure: "unreachable" }),
    says: [/: istio-system\/istio-remote-secrets names https:\/\/127\.0\.0\.1:6443 \| the kubeconfig was made for this machine/],
    found: ["fail discovery.server west→east"],
  },
  {
    what: "a server that does not answer in a remote Secret",
    change: (m) => m.access({ denied: { ok: false, error: "connect ECONNREFUSED" }, failure: "unreachable" }),
    found: ["fail discovery.server west→east"],
  },
  { what: "a server by a name of the cluster's network alone", change: (m) => m.access({ askedAt: "https://192.0.2.1:6443" }), says: [/^pass discovery\.server west→east: .*; asked at https:\/\/192\.0\.2\.1:6443$/m], found: [] },
  {
    what: "a revoked token that would end soon, which istiod can read nothing with",
    change: (m) => (unknown(m), m.access({ expires: inDays(1), denied: { ok: false, error: "Unauthorized" }, failure: "unauthorized" })),
    says: [/: Unauthorized \| the token's Secret or its ServiceAccount was deleted in the peer/],
    found: ["fail discovery.token west→east"],
  },
  {
    what: "a remote Secret that cannot be used, whose server nobody asked",
    change: (m) => (unknown(m), m.access({ server: "", denied: { ok: false, error: "its content is not a kubeconfig" }, failure: "unusable", through: undefined })),
    says: [/^fail discovery\.token west→east: istio-system\/istio-remote-secrets: its content is not a kubeconfig \|/m],
    found: ["fail discovery.token west→east"],
    skipped: ["discovery.server west→east"],
  },
  { what: "a token without a permission that istiod needs", change: (m) => m.access({ denied: { ok: true, value: ["list pods"] } }), found: ["fail discovery.permissions west→east"] },
  { what: "a token that expires in less than 7 days", change: (m) => m.access({ expires: inDays(6.99) }), says: [/: the token expires in 6 days /], found: ["warn discovery.token-lifetime west→east"] },
  { what: "a token that expires in 7 days", change: (m) => m.access({ expires: inDays(7) }), says: [/^pass discovery\.token-lifetime west→east: the token expires in 7 days$/m], found: [] },
  ...["timeout", "syncing", "closed"].map((value): Case => ({
    what: `a peer that istiod reports as ${value}`,
    change: (m) => m.replica({ remotes: status(value) }),
    says: [new RegExp(`west→east: ${value} \\|.* grep -i east-cluster;`)],
    found: ["fail discovery.synced west→east"],
  })),
  { what: "a peer that istiod does not know", change: unknown, says: [/: unknown to istiod /], found: ["fail discovery.synced west→east"] },
  { what: "two pods of istiod that have both read the peer", change: (m) => m.replica({}, replica("istiod-2", "east")), says: [/^pass discovery\.synced west→east: synced in 2 pods of istiod$/m], found: [] },
  {
    what: "one of two pods of istiod that has not read the peer",
    change: (m) => m.replica({}, { ...replica("istiod-2", "east"), remotes: status("timeout") }),
    says: [/: istiod-2: timeout /],
    found: ["fail discovery.synced west→east"],
  },
  {
    what: "one of two pods of istiod that does not answer",
    change: (m) => m.replica({}, silent),
    found: ["unknown discovery.synced west→east", "unknown proxies.versions mesh", "unknown proxies.synced west"],
  },
  {
    what: "an istiod that has not read the peer beside one that does not answer",
    change: (m) => m.replica({ remotes: status("timeout") }, silent),
    found: ["fail discovery.synced west→east", "unknown proxies.versions mesh", "unknown proxies.synced west"],
  },
  {
    what: "a remote Secret for a cluster that left",
    change: (m) => m.west.remoteSecrets.ok && (m.west.remoteSecrets = { ok: true, value: [...m.west.remoteSecrets.value, { secret: "istio-system/old", key: "north-cluster" }] }),
    says: [/: istio-system\/old has the key north-cluster \|.* delete secret old$/m],
    found: ["fail discovery.orphans west"],
  },
];
