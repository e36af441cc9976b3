/** The Kubernetes plugin: stands in for the official pulumi-kubernetes plugin where that cannot be downloaded. */
import type { Kind } from "../lib/kind";
import type { Plugin } from "../lib/plugin";
import { type Props, reveal } from "../lib/values";
import { type ClusterAccess, openAccess } from "./access";
import { Context } from "./kind/context";
import { objectKind } from "./kind/object-kind";
import { diffProvider } from "./provider-diff";
import { parseSettings, refusedSettings } from "./settings";
import { RELEASE_TYPE, kindOfToken } from "./tokens";

/** Makes the plugin. `releaseKind` makes the one resource type that is no object of the API server. */
export function kubernetesPlugin(version: string, releaseKind: (access: ClusterAccess) => Kind): Plugin {
  let configured: { context: Context; release: Kind } | undefined;
  return {
    name: "kubernetes",
    version,
    async checkConfig(news: Props) {
      return { inputs: news, failures: refusedSettings(reveal(news), process.env) };
    },
    async diffConfig(olds: Props, news: Props) {
      return diffProvider(olds, news);
    },
    async configure(config: Props) {
      const settings: Record<string, unknown> = reveal(config);
      const [refused] = refusedSettings(settings, process.env);
      if (refused !== undefined) throw new Error(refused.reason);
      const access = await openAccess(parseSettings(settings, process.env));
      configured = { context: new Context(access), release: releaseKind(access) };
    },
    kind(type: string): Kind | undefined {
      const gvk = kindOfToken(type);
      if (gvk === undefined && type !== RELEASE_TYPE) return undefined;
      if (configured === undefined) throw new Error(`the kubernetes provider was not configured before ${type}`);
      return gvk === undefined ? configured.release : objectKind(configured.context, gvk);
    },
  };
}
