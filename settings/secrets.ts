import { isTree } from "../lib/merge";
import type { SettingsFile } from "./files";
import { decodeConfig, overlay, type StackConfig } from "./raw";

/** A login for a chart repository. */
export interface ChartCredentials {
  readonly username: string;
  readonly password: string;
}

/** What the secret settings hold. It is apart from the model, which may be shown. */
export interface SecretSettings {
  /** By key of an existing cluster: its kubeconfig, as text or as an object. */
  readonly kubeconfigs: Readonly<Record<string, unknown>>;
  readonly chartCredentials: { readonly istio?: ChartCredentials; readonly metallb?: ChartCredentials };
}

/** The secret settings of a stack whose settings were checked. */
export function secretSettings(config: StackConfig, files: readonly SettingsFile[]): SecretSettings {
  const { kubeconfigs, chartCredentials } = overlay(decodeConfig(config), files);
  const logins = Object.entries(isTree(chartCredentials) ? chartCredentials : {}).filter(([, login]) => isTree(login));
  return { kubeconfigs: isTree(kubeconfigs) ? kubeconfigs : {}, chartCredentials: Object.fromEntries(logins) };
}
