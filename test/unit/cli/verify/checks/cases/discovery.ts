import { DAY_MS, NOW } from "../../support/authority";
import { type Case, noAnswer } from "../../support/cases";
import { replica } from "../../support/healthy";

const inDays = (days: number): string => new Date(NOW + days * DAY_MS).toISOString();
const silent = { ...replica("istiod-2", "east"), remotes: noAnswer, proxies: noAnswer };
const status = (value: string) => ({ ok: true, value: [{ id: "east-cluster", secret: "s", status: value }] }) as const;

export const discoveryCases: readonly Case[] = [
  { what: "no remote Secret", change: (m) => ((m.west.remoteSecrets = { ok: true, value: [] }), (m.pair.access = [])), found: ["fail discovery.secret west→east"] },
  { what: "two remote Secrets for one peer", change: (m) => (m.pair.access = [...m.pair.access, ...m.pair.access]), found: ["fail discovery.secret west→east"] },
  {
    what: "remote Secrets that may not be read",
    change: (m) => ((m.west.remoteSecrets = { ok: false, error: "secrets is forbidden" }), (m.pair.access = [])),
    found: ["unknown discovery.secret west→east", "unknown discovery.orphans west"],
  },
  {
    what: "a loopback server in a remote Secret",
    change: (m) => m.access({ server: "https://127.0.0.1:6443", denied: { ok: false, error: "a loopback address" }, failure: "unreachable" }),
    found: ["fail discovery.server west→east"],
  },
  {
    what: "a server that does not answer in a remote Secret",
    change: (m) => m.access({ denied: { ok: false, error: "connect ECONNREFUSED" }, failure: "unreachable" }),
    found: ["fail discovery.server west→east"],
  },
  { what: "a server by a name of the cluster's network alone", change: (m) => m.access({ askedAt: "https://192.0.2.1:6443" }), found: [] },
  {
    what: "a revoked token",
    change: (m) => m.access({ denied: { ok: false, error: "Unauthorized" }, failure: "unauthorized" }),
    found: ["fail discovery.token west→east"],
  },
  { what: "a token without a permission that istiod needs", change: (m) => m.access({ denied: { ok: true, value: ["list pods"] } }), found: ["fail discovery.permissions west→east"] },
  { what: "a token that expires in less than 7 days", change: (m) => m.access({ expires: inDays(6.99) }), found: ["warn discovery.token-lifetime west→east"] },
  { what: "a token that expires in 7 days", change: (m) => m.access({ expires: inDays(7) }), found: [] },
  ...["timeout", "syncing", "closed"].map((value): Case => ({
    what: `a peer that istiod reports as ${value}`,
    change: (m) => m.replica({ remotes: status(value) }),
    found: ["fail discovery.synced west→east"],
  })),
  { what: "a peer that istiod does not know", change: (m) => m.replica({ remotes: { ok: true, value: [] } }), found: ["fail discovery.synced west→east"] },
  { what: "two pods of istiod that have both read the peer", change: (m) => m.replica({}, replica("istiod-2", "east")), found: [] },
  {
    what: "one of two pods of istiod that has not read the peer",
    change: (m) => m.replica({}, { ...replica("istiod-2", "east"), remotes: status("timeout") }),
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
    found: ["fail discovery.orphans west"],
  },
];
