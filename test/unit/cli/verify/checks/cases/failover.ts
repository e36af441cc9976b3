import { type Case, noAnswer } from "../../support/cases";

const HOST = "backend.istioinaction.svc.cluster.local";
const rule = { name: "istioinaction/backend", host: HOST, outlierDetection: false };
const near = { address: "10.10.0.9", region: "westus", priority: 0 };
const far = { address: "172.18.255.202", region: "eastus", priority: 1 };

export const failoverCases: readonly Case[] = [
  { what: "failover without outlier detection", change: (m) => m.failover({ outlierDetection: false }), found: ["fail endpoints.failover west"] },
  { what: "a rule of a user's own with priorities and without outlier detection", change: (m) => m.rules({ ...rule, locality: "on" }), found: ["fail endpoints.failover west"] },
  {
    what: "failover in one cluster alone",
    change: (m) => (m.west.destinationRules = { ok: true, value: [] }),
    found: ["fail endpoints.failover west"],
  },
  { what: "failover turned off in one cluster alone", change: (m) => m.failover({ locality: "off" }), found: ["fail endpoints.failover west"] },
  {
    what: "a mesh without failover",
    change: (m) => [m.west, m.east].forEach((cluster) => (cluster.destinationRules = { ok: true, value: [] })),
    found: [],
    skipped: ["endpoints.failover west", "endpoints.failover east"],
  },
  { what: "rules that may not be read", change: (m) => (m.west.destinationRules = noAnswer), found: ["unknown endpoints.failover west"] },
  { what: "a rule for one host that hides the mesh's", change: (m) => m.rules(rule), found: ["warn endpoints.failover west"] },
  { what: "a rule for many hosts that hides the mesh's", change: (m) => m.rules({ ...rule, host: "*.istioinaction.svc.cluster.local" }), found: ["warn endpoints.failover west"] },
  { what: "a rule for one host with outlier detection", change: (m) => m.rules({ ...rule, outlierDetection: true }), found: [] },
  { what: "a rule for one host that turns priorities off", change: (m) => m.rules({ ...rule, locality: "off" }), found: [] },
  { what: "a rule for a service that only one cluster has", change: (m) => m.rules({ ...rule, host: "catalog.istioinaction.svc.cluster.local" }), found: [] },
  { what: "a rule that hides one without priorities", change: (m) => (m.failover({ host: "*.example" }), m.rules(rule, { ...rule, host: "*.local" })), found: [] },

  { what: "an endpoint without a region", change: (m) => m.shared({ ...near, region: undefined }, far), found: ["fail endpoints.localities west"] },
  { what: "an endpoint of another cluster without a region", change: (m) => m.shared(near, { ...far, region: undefined }), found: ["fail endpoints.localities west"] },
  { what: "endpoints in two regions with the same priority", change: (m) => m.shared(near, { ...far, priority: 0 }), found: ["fail endpoints.localities west"] },
  { what: "endpoints in one region with the same priority", change: (m) => m.shared(near, { ...far, region: "westus", priority: 0 }), found: [] },
  {
    what: "endpoints in two regions with the same priority for want of outlier detection, once",
    change: (m) => (m.failover({ outlierDetection: false }), m.shared(near, { ...far, priority: 0 })),
    found: ["fail endpoints.failover west"],
  },
  {
    what: "endpoints in two regions with the same priority because a rule says so",
    change: (m) => (m.rules({ ...rule, locality: "off" }), m.shared(near, { ...far, priority: 0 })),
    found: [],
  },
  { what: "a service of which only the other cluster's endpoints are left", change: (m) => m.shared({ ...far, priority: 0 }), found: [] },
  { what: "endpoints of shared services that cannot be read", change: (m) => (m.west.sharedServices = noAnswer), found: ["unknown endpoints.localities west"] },
  { what: "no service in several clusters", change: (m) => (m.west.sharedServices = { ok: true, value: [] }), found: [], skipped: ["endpoints.localities west"] },
  { what: "a cluster without proxies for services in several clusters", change: (m) => (m.west.sharedServices = { ok: true, value: undefined }), found: [], skipped: ["endpoints.localities west"] },
];
