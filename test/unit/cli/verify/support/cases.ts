import { expect } from "chai";
import { judge } from "../../../../../cli/verify/checks/index";
import type { AccessFacts, CacertsFacts, ClusterFacts, ClusterState, GatewayService, IstiodFacts, MeshFacts, PairFacts, PassthroughGateway, ProxyFacts, ReplicaFacts, TrafficFacts } from "../../../../../cli/verify/facts";
import type { ThroughFacts } from "../../../../../cli/verify/facts-discovery";
import type { Category, Finding } from "../../../../../cli/verify/finding";
import type { RevisionFacts } from "../../../../../cli/verify/revision-facts";
import type { LocatedEndpoint, RuleFacts } from "../../../../../cli/verify/routing-facts";
import { meshFacts, trust, type Trust } from "./healthy";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The facts of a healthy mesh, with short ways to change west, or the pair from west to east. */
export class Mesh {
  readonly facts: Writable<MeshFacts>;
  readonly west: Writable<ClusterState>;
  readonly east: Writable<ClusterState>;
  /** West to east. */
  readonly pair: Writable<PairFacts>;

  constructor(readonly trust: Trust) {
    this.facts = structuredClone(meshFacts(trust));
    const [west, east] = this.facts.clusters;
    const [pair] = this.facts.pairs;
    if (!west?.state || !east?.state || !pair) throw new Error("the healthy mesh has two clusters and two pairs");
    [this.west, this.east, this.pair] = [west.state, east.state, pair];
  }

  /** West as a whole. */
  cluster(change: Partial<ClusterFacts>): void {
    this.facts.clusters = this.facts.clusters.map((c) => (c.key === "west" ? { ...c, ...change } : c));
  }

  /** One more cluster, of which nothing could be read. */
  unread(key: string): void {
    const api = { ok: false, error: "connect ECONNREFUSED" } as const;
    this.facts.clusters = [...this.facts.clusters, { key, server: "https://192.0.2.1:6443", kubectl: `kubectl --context kind-${key}`, api, unread: api.error }];
  }

  api(change: { version?: string; skewMs?: number }): void {
    const [west] = this.facts.clusters;
    if (west?.api.ok) this.cluster({ api: { ok: true, value: { ...west.api.value, ...change } } });
  }

  istiod(change: Partial<IstiodFacts>): void {
    this.west.istiod = { ...this.west.istiod, ...change };
  }

  /** The first pod of istiod; `more` runs beside it. */
  replica(change: Partial<ReplicaFacts>, ...more: ReplicaFacts[]): void {
    const [first] = this.west.istiod.replicas;
    if (first) this.istiod({ replicas: [{ ...first, ...change }, ...more] });
  }

  proxy(change: Partial<ProxyFacts>): void {
    this.replica({ proxies: { ok: true, value: [{ id: "web-1.istioinaction", version: "1.31.4", stale: [], ...change }] } });
  }

  service(change: Partial<GatewayService>): void {
    const [first] = this.west.gateways.services;
    if (first) this.west.gateways = { ...this.west.gateways, services: [{ ...first, ...change }] };
  }

  passthrough(gateway: PassthroughGateway): void {
    this.west.gateways = { ...this.west.gateways, passthrough: [...this.west.gateways.passthrough, gateway] };
  }

  cacerts(change: Partial<CacertsFacts>): void {
    if (this.west.cacerts.ok && this.west.cacerts.value) this.west.cacerts = { ok: true, value: { ...this.west.cacerts.value, ...change } };
  }

  access(change: Partial<AccessFacts>): void {
    const [first] = this.pair.access;
    if (first) this.pair.access = [{ ...first, ...change }];
  }

  /** What the gateway and the proxy behind it showed. */
  through(change: Partial<ThroughFacts>): void {
    const [first] = this.pair.access;
    if (first?.through) this.access({ through: { ...first.through, ...change } });
  }

  probe(change: Partial<PairFacts["probes"][number]>): void {
    this.pair.probes = this.pair.probes.map((probe) => ({ ...probe, ...change }));
  }

  traffic(change: Partial<TrafficFacts>): void {
    const traffic = this.pair.traffic;
    if (traffic?.ok && "status" in traffic.value) this.pair.traffic = { ok: true, value: { ...traffic.value, ...change } };
  }

  /** As with --no-traffic. */
  noTraffic(): void {
    for (const pair of this.facts.pairs as Writable<PairFacts>[]) pair.traffic = undefined;
  }

  /** The DestinationRules beside the mesh's own. */
  rules(...rules: RuleFacts[]): void {
    if (this.west.destinationRules.ok) this.west.destinationRules = { ok: true, value: [...this.west.destinationRules.value, ...rules] };
  }

  /** The DestinationRule of the mesh. */
  failover(change: Partial<RuleFacts>): void {
    this.west.destinationRules = { ok: true, value: [{ name: "istio-system/failover", host: "*.local", locality: "on", outlierDetection: true, ...change }] };
  }

  /** What west's proxies have for a service in both clusters. */
  shared(...endpoints: LocatedEndpoint[]): void {
    this.west.sharedServices = { ok: true, value: [{ service: "backend.istioinaction", endpoints }] };
  }

  /** What a policy in west names. */
  principals(...principals: string[]): void {
    this.west.policies = { ok: true, value: [{ name: "istioinaction/allow", principals }] };
  }

  /** West's revisions of istiod, and what follows them. */
  revisions(change: Partial<RevisionFacts>): void {
    if (this.west.revisions.ok) this.west.revisions = { ok: true, value: { ...this.west.revisions.value, ...change } };
  }

  endpoints(...endpoints: { address: string; port: number }[]): void {
    this.west.remoteServices = { ok: true, value: [{ service: "catalog.istioinaction", clusters: ["east"], endpoints }] };
  }
}

/** Something about a mesh, and all that must be found because of it. */
export interface Case {
  /** What is the matter, after "with". */
  readonly what: string;
  readonly change: (mesh: Mesh) => unknown;
  /** Findings other than `pass` and `skip`, as `status check cluster→peer`; empty for what must be accepted. */
  readonly found: readonly string[];
  /** Findings that must be `skip`, as `check cluster→peer`. */
  readonly skipped?: readonly string[];
  /** What findings must say, each a line as of {@link textOf}. */
  readonly says?: readonly RegExp[];
}

/** Why and where a part of the mesh did not answer. */
export const noAnswer = { ok: false, error: "no answer within 5 s" } as const;

/** What is wrong or unknown, as in {@link Case.found}. */
export function problems(findings: readonly Finding[]): string[] {
  return findings.filter((f) => !["pass", "skip"].includes(f.status)).map(nameOf);
}

function nameOf(f: Finding): string {
  return `${f.status} ${f.check} ${f.cluster ?? "mesh"}${f.peer ? `→${f.peer}` : ""}`;
}

/** All that findings say, a line each: as in {@link Case.found}, then what was seen, the cause and the remedy. */
export function textOf(findings: readonly Finding[]): string {
  return findings.map((f) => [`${nameOf(f)}: ${f.seen}`, f.cause, f.remedy].filter(Boolean).join(" | ")).join("\n");
}

let made: Promise<Trust> | undefined;

/** The certificates of the healthy mesh, the same in every test. */
export function sharedTrust(): Promise<Trust> {
  made ??= trust();
  return made;
}

/** Judges the healthy mesh after a change. */
export async function judged(change: (mesh: Mesh) => unknown, categories?: readonly Category[]): Promise<Finding[]> {
  const mesh = new Mesh(await sharedTrust());
  await change(mesh);
  return judge(mesh.facts, categories);
}

/** One test for each case. */
export function testCases(cases: readonly Case[]): void {
  for (const { what, change, found, skipped, says } of cases) {
    it(`${found.length === 0 ? "accepts" : "finds"} ${what}`, async () => {
      const findings = await judged(change);
      expect(problems(findings)).to.deep.equal(found);
      for (const check of skipped ?? []) expect(findings.map(nameOf)).to.include(`skip ${check}`);
      for (const line of says ?? []) expect(textOf(findings)).to.match(line);
      for (const finding of findings.filter((f) => f.status === "fail" || f.status === "warn")) {
        expect(finding.reason, "reason").to.be.a("string").that.is.not.empty;
        expect(finding.cause, "cause").to.be.a("string").that.is.not.empty;
        expect(finding.remedy, "remedy").to.be.a("string").that.is.not.empty;
      }
    });
  }
}
