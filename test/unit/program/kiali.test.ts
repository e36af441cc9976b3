import { expect } from "chai";
import { parse } from "yaml";
import { CANARY } from "../components/support/answers";
import { meet } from "../components/support/meet";
import { closure, resource } from "../components/support/queries";
import { plain, redacted } from "../components/support/secrets";
import { clearOutputs, run, type World } from "../components/support/world";

const ON = { observability: { enabled: true, kiali: { enabled: true } } };

/** What Kiali of a cluster reads others with, by their names. */
function readBy(world: World, key: string): Record<string, { server: string; token: string }> {
  const data = plain(resource(world, `${key}-kiali-clusters`).inputs["data"]) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(data).map(([name, text]) => {
      const { clusters, users } = parse(Buffer.from(text, "base64").toString()) as { clusters: { cluster: { server: string } }[]; users: { user: { token: string } }[] };
      return [name, { server: clusters[0]!.cluster.server, token: users[0]!.user.token }];
    }),
  );
}

describe("a stack with Kiali", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(120_000);

  let world: World;
  before(async () => {
    world = await run("local", { settings: ON });
  });

  it("has one in each cluster, which reads the others at their API servers with the token of an account for that alone", () => {
    const { clusters } = clearOutputs(world) as { clusters: Record<string, { apiServer: string }> };
    for (const [key, other] of [["west", "east"], ["east", "west"]] as const) {
      const read = readBy(world, key);
      expect(Object.keys(read)).to.deep.equal([`${other}-cluster`]);
      expect(read[`${other}-cluster`]?.server).to.equal(clusters[other]?.apiServer);
      expect(read[`${other}-cluster`]?.token).to.include(`${other}-kiali-access-token-1`).and.not.to.include("istio-reader");
      expect([...closure(world, `${key}-kiali-release`)]).to.include.members([`${other}-kiali-access-token-1`, `${key}-kiali-access-binding`, `${key}-istio-istiod`]);
    }
  });

  it("lets it ask Prometheus and Jaeger of its cluster, which nobody else may", () => {
    const from = [{ source: { principals: ["cluster.local/ns/usmesh-observability/sa/kiali"] } }];
    const rules = (app: string): unknown[] => (resource(world, `west-observability-${app}-access`).inputs["spec"] as { rules: unknown[] }).rules;
    expect(rules("prometheus")).to.have.length(2).and.to.deep.include({ from, to: [{ operation: { paths: ["/api/v1/*"] } }] });
    expect(rules("jaeger")).to.have.length(3).and.to.deep.include({ from, to: [{ operation: { ports: ["16686"] } }] });
  });

  it("has no secret in its values or in plain text, and a new token in each generation", async () => {
    for (const { name, inputs } of world.resources) expect(JSON.stringify(redacted(inputs)), name).not.to.include(CANARY);
    expect(JSON.stringify(redacted([world.outputs, world.componentOutputs]))).not.to.include(CANARY);
    expect(JSON.stringify(redacted(resource(world, "west-kiali-release").inputs))).not.to.include("[secret]");
    const renewed = await run("local", { settings: { ...ON, peering: { generation: 2 } } });
    expect(readBy(renewed, "west")["east-cluster"]?.token).to.include("east-kiali-access-token-2");
  });

  it("shows a peer's clusters where the peer has a Kiali, and only there", async () => {
    for (const [west, known] of [[{ observability: { enabled: true } }, []], [ON, ["west-cluster"]]] as const) {
      const { runs } = await meet({ west, east: ON });
      expect(Object.keys(readBy(runs[3]!, "east"))).to.deep.equal(known);
    }
  });

  it("takes its image from the Docker engine where the others come from there", async () => {
    const images = { prometheus: "prometheus:3", jaeger: "jaeger:2", kiali: "kiali:2", load: true };
    const loading = await run("local", { settings: { observability: { ...ON.observability, images } } });
    expect(resource(loading, "west-node-images-load").inputs["environment"]).to.deep.include({ IMAGES: "prometheus:3 jaeger:2 kiali:2" });
    expect(closure(loading, "west-kiali-release")).to.include("west-node-images-load");
  });

  it("has none by default", async () => {
    const observed = await run("local", { settings: { observability: { enabled: true } } });
    expect(observed.resources.filter(({ name }) => name.includes("kiali"))).to.deep.equal([]);
    expect(JSON.stringify(clearOutputs(observed)["credentials"])).not.to.include("kiali");
  });
});
