import { parse } from "yaml";
import { planUpgrades, upgradeText } from "../../../../../cli/plan/upgrades";
import type { Session } from "../../../../../cli/lib/session";
import type { StackModel } from "../../../../../cli/up/order";
import type { Parts } from "../../../../../cli/upgrade/parts";
import type { FollowingProxy } from "../../../../../cli/verify/revision-facts";
import type { Target } from "../../../../../cli/verify/targets";
import { remembered } from "../../../../../lib/remembered";
import type { MeshOutputs } from "../../../../../outputs/contract";
import { istioOutputs } from "../../../../../program/istio-before";
import { parseSettings } from "../../../../../settings/config";
import type { ClusterIstio } from "../../../../../settings/model";
import { outputsOf } from "../../support/outputs";
import { FakePulumi } from "../../up/support/fake-pulumi";

const configIn = (text: string): Record<string, unknown> => (parse(text) as { config: Record<string, unknown> }).config;
const EXISTING = "driver: existing, kubeconfig: a.yaml, context: CONTEXT";

/** The same is asked for again and again, and nobody changes it. */
const modelOf = remembered(1000, (text): StackModel => {
  const config = configIn(text);
  return { stack: "west", model: parseSettings({ clusters: config["usmesh:clusters"], istio: config["usmesh:istio"], client: { enabled: false } }, { stack: "west" }), peers: [] };
});

/** A stack with west and north that does what it is told, and everything around it. */
export class World {
  readonly calls: string[] = [];
  text = `config:\n  usmesh:istio: {version: 1.31.3}\n  usmesh:clusters:\n    north: {${EXISTING.replace("CONTEXT", "n")}}\n    west: {${EXISTING.replace("CONTEXT", "w")}}\n`;
  /** By cluster: the revision of its only pod. */
  readonly pods = new Map([["west", "default"], ["north", "default"]]);
  readonly pulumi = new FakePulumi();
  /** Turns at which the mesh is red, counted from 1. */
  red: number[] = [];
  proxyVersion = "1.31.3";
  held: string[] = [];
  /** What was replaced in place. */
  readonly replaced: string[] = [];
  /** False: the outputs are those of a version without revisions. */
  recordsSources = true;
  readonly environments: (NodeJS.ProcessEnv | undefined)[] = [];
  private checks = 0;

  constructor() {
    this.pulumi.states.set("west", {});
    this.apply();
  }

  model(text: string = this.text): StackModel {
    return modelOf(text);
  }

  istio(key: string): ClusterIstio {
    return this.model().model.clusters.find((cluster) => cluster.key === key)!.istio;
  }

  apply(): void {
    const outputs = outputsOf(["west", "north"], []);
    const clusters = Object.fromEntries(
      Object.entries(outputs.clusters).map(([key, cluster]): [string, MeshOutputs["clusters"][string]] => {
        const istio = this.istio(key);
        return [key, { ...cluster, versions: { kubernetes: "v1.34.4", istio: istio.version }, ...(this.recordsSources ? { istio: istioOutputs(istio) } : {}) }];
      }),
    );
    this.pulumi.exported.set("west", { ...outputs, clusters });
  }

  parts(): Parts {
    const stacksOf = (text: () => string) => ({
      text,
      config: () => configIn(text()),
      edit: (_stack: string, change: (text: string) => string) => void (this.text = change(this.text)),
      edited: (_stack: string, change: (text: string) => string): unknown => stacksOf(() => change(text())),
    });
    const session = { stacks: stacksOf(() => this.text) } as unknown as Session;
    return {
      openSession: async (_names, env) => (this.environments.push(env), session),
      setUp: async () => undefined,
      pulumiOf: () => this.pulumi,
      readStacks: ({ stacks }) => [this.model((stacks as unknown as ReturnType<typeof stacksOf>).text())],
      bringUp: async () => {
        const { model } = this.model();
        const clusters = (this.pulumi.exported.get("west") as MeshOutputs).clusters;
        const changes = planUpgrades({ model, previous: { clusters, trust: undefined, pairs: undefined } });
        this.replaced.push(...changes.filter(({ change }) => change === "replaced-in-place").map(upgradeText));
        this.calls.push("up");
        this.apply();
        return [];
      },
      look: async ({ key }: Target) => {
        const [revision, next] = [this.pods.get(key)!, this.istio(key).placement.injects];
        const behind: FollowingProxy[] = revision === next ? [] : [{ id: "web-1.shop", revision, next }];
        return { behind, proxies: [{ id: "web-1.shop", version: this.proxyVersion, stale: [] }], held: this.held };
      },
      verify: async () => {
        this.checks += 1;
        const isRed = this.red.includes(this.checks);
        this.calls.push(isRed ? "red" : "green");
        return { exitCode: isRed ? 1 : 0, findings: isRed ? [{ check: "traffic.request", category: "traffic", cluster: "west", peer: "north", status: "fail", seen: "503", docs: "" }] : [] } as never;
      },
      restartWorkloads: async (kube, namespace, pods) => {
        const key = (kube as unknown as { key: string }).key;
        this.calls.push(`restart ${key} ${namespace}/${pods.join()}`);
        this.pods.set(key, this.istio(key).placement.injects);
        return ["deployment web"];
      },
      targetsFromKubeconfigs: () => ["west", "north"].map((key) => ({ key, kube: { key }, kubectl: "", timeoutMs: 1 }) as unknown as Target),
      say: () => undefined,
      now: () => 0,
    };
  }
}
