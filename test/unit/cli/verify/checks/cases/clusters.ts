import type { Case } from "../../support/cases";

export const clustersCases: readonly Case[] = [
  { what: "a Kubernetes version four minors behind the others", change: (m) => m.api({ version: "v1.30.9" }), found: ["warn clusters.versions mesh"] },
  { what: "a Kubernetes version three minors behind the others", change: (m) => m.api({ version: "v1.31.0" }), found: [] },
  { what: "a version of Kubernetes that cannot be read", change: (m) => m.api({ version: "unreleased" }), found: ["unknown clusters.versions mesh"] },
  { what: "clocks more than 10 s apart", change: (m) => m.api({ skewMs: 10_121 }), found: ["fail clusters.clocks mesh"] },
  { what: "clocks 10 s apart", change: (m) => m.api({ skewMs: 10_120 }), found: [] },
  { what: "a clock that is behind the others by more than 10 s", change: (m) => m.api({ skewMs: -9_881 }), found: ["fail clusters.clocks mesh"] },
  { what: "an API server that does not tell the time", change: (m) => m.api({ skewMs: undefined }), found: ["unknown clusters.clocks mesh"] },
  { what: "a node that is not ready", change: (m) => (m.west.nodes = [...m.west.nodes, { name: "n", ready: false, region: "r", zone: "z" }]), found: ["fail clusters.nodes west"] },
  { what: "a cluster without nodes", change: (m) => (m.west.nodes = []), found: ["fail clusters.nodes west"] },
  { what: "a node without a region", change: (m) => (m.west.nodes = [{ name: "n", ready: true, zone: "z" }]), found: ["fail clusters.labels west"] },
  { what: "a node without a zone", change: (m) => (m.west.nodes = [{ name: "n", ready: true, region: "r" }]), found: ["fail clusters.labels west"] },
];
