import type { Case } from "../../support/cases";

export const clustersCases: readonly Case[] = [
  { what: "a Kubernetes version four minors behind the others", change: (m) => m.api({ version: "v1.30.9" }), says: [/^warn clusters\.versions mesh: west v1\.30\.9, east v1\.34\.4 /m], found: ["warn clusters.versions mesh"] },
  { what: "a Kubernetes version three minors behind the others", change: (m) => m.api({ version: "v1.31.0" }), found: [] },
  { what: "a Kubernetes of another major version that is too far apart", change: (m) => m.api({ version: "v10.30.0" }), found: ["warn clusters.versions mesh"] },
  { what: "a Kubernetes version without a v", change: (m) => m.api({ version: "1.34.4" }), found: [] },
  { what: "a build of Kubernetes that only ends with a version", change: (m) => m.api({ version: "build-1.34.4" }), found: ["unknown clusters.versions mesh"] },
  { what: "a version of Kubernetes that cannot be read", change: (m) => m.api({ version: "unreleased" }), found: ["unknown clusters.versions mesh"] },
  { what: "clocks more than 10 s apart", change: (m) => m.api({ skewMs: 10_121 }), says: [/^fail clusters\.clocks mesh: west \+10\.1 s, east \+0\.1 s against this machine/m], found: ["fail clusters.clocks mesh"] },
  { what: "clocks 10 s apart", change: (m) => m.api({ skewMs: 10_120 }), says: [/^pass clusters\.clocks mesh: at most 10\.0 s apart/m], found: [] },
  { what: "a clock that is behind the others by more than 10 s", change: (m) => m.api({ skewMs: -9_881 }), says: [/: west -9\.9 s, east \+0\.1 s/], found: ["fail clusters.clocks mesh"] },
  { what: "an API server that does not tell the time", change: (m) => m.api({ skewMs: undefined }), says: [/API server of west does not tell/], found: ["unknown clusters.clocks mesh"] },
  { what: "a node that is not ready", change: (m) => (m.west.nodes = [...m.west.nodes, { name: "n", ready: false, region: "r", zone: "z" }]), says: [/^fail clusters\.nodes west: not ready: n \|.* describe node n$/m], found: ["fail clusters.nodes west"] },
  { what: "a cluster without nodes", change: (m) => (m.west.nodes = []), says: [/^fail clusters\.nodes west: no nodes \|.* describe node$/m, /^pass clusters\.labels west: no nodes$/m], found: ["fail clusters.nodes west"] },
  { what: "a node without a region", change: (m) => (m.west.nodes = [{ name: "n", ready: true, zone: "z" }]), says: [/^fail clusters\.labels west: no region or zone: n \|.* label node n /m], found: ["fail clusters.labels west"] },
  { what: "a node without a zone", change: (m) => (m.west.nodes = [{ name: "n", ready: true, region: "r" }]), found: ["fail clusters.labels west"] },
];
