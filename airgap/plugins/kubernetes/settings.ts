import { type JsonObject, isObject } from "./objects";

/** The provider's own switches, as the official provider names them. */
export interface Flags {
  /** Refresh and destroy drop what lives in a cluster that cannot be reached. Default false. */
  readonly deleteUnreachable: boolean;
  /** Updates leave what lives in an unreachable cluster as it is. Default false. */
  readonly skipUpdateUnreachable: boolean;
  /** Takes over fields that other managers own, everywhere. Default false. */
  readonly enablePatchForce: boolean;
  /** A create takes over an object that exists. Default false: it fails with AlreadyExists. */
  readonly upsertExistingObjects: boolean;
  /** A ConfigMap's data changes in place. Default false: a change replaces the ConfigMap. */
  readonly enableConfigMapMutable: boolean;
  /** A Secret's data changes in place. Default false: a change replaces the Secret. */
  readonly enableSecretMutable: boolean;
  readonly suppressDeprecationWarnings: boolean;
  readonly suppressHelmHookWarnings: boolean;
}

/** Everything the provider resource was configured with, parsed. */
export interface ProviderSettings {
  /** Text or path of the kubeconfig; secret; undefined if none was given. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly flags: Flags;
  /** `helmReleaseSettings` as given; empty if not. */
  readonly helm: JsonObject;
  /** `kubeClientSettings.timeout` in seconds; undefined if not given. */
  readonly clientTimeoutSeconds: number | undefined;
}

/** Why a provider's inputs cannot be served, by property. */
export interface SettingFailure {
  readonly property: string;
  readonly reason: string;
}

const flagVariables: Record<keyof Flags, string> = {
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
  skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  suppressDeprecationWarnings: "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS",
  suppressHelmHookWarnings: "PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS",
};

/**
 * Parses the provider's inputs. A switch that is not given is read from its environment variable, then defaults.
 * Structures arrive as JSON text, as the SDK sends them.
 */
export function parseSettings(inputs: Record<string, unknown>, env: NodeJS.ProcessEnv): ProviderSettings {
  const flag = (name: keyof Flags) => parseFlag(inputs[name]) ?? env[flagVariables[name]] === "true";
  const timeout = Number(parseStructure(inputs["kubeClientSettings"])["timeout"] ?? env["PULUMI_K8S_CLIENT_TIMEOUT"]);
  return {
    kubeconfig: parseKubeconfig(inputs["kubeconfig"]),
    context: text(inputs["context"]),
    cluster: text(inputs["cluster"]),
    namespace: text(inputs["namespace"]),
    flags: Object.fromEntries(
      (Object.keys(flagVariables) as (keyof Flags)[]).map((name) => [name, flag(name)]),
    ) as unknown as Flags,
    helm: parseStructure(inputs["helmReleaseSettings"]),
    clientTimeoutSeconds: timeout > 0 ? timeout : undefined,
  };
}

/** Names the provider settings that this plugin refuses. */
export function refusedSettings(inputs: Record<string, unknown>, env: NodeJS.ProcessEnv): SettingFailure[] {
  const failures: SettingFailure[] = [];
  const serverSideApply =
    parseFlag(inputs["enableServerSideApply"]) ?? env["PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY"] !== "false";
  if (!serverSideApply) {
    failures.push({
      property: "enableServerSideApply",
      reason: "the air-gap kubernetes plugin does server-side apply only; take enableServerSideApply: false away",
    });
  }
  const rendering = {
    renderYamlToDirectory: text(inputs["renderYamlToDirectory"]) !== undefined,
    alwaysRender: parseFlag(inputs["alwaysRender"]) === true,
  };
  for (const [property, wanted] of Object.entries(rendering)) {
    if (wanted) failures.push({ property, reason: `the air-gap kubernetes plugin does not do ${property}` });
  }
  return failures;
}

function parseFlag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") {
    return value;
  }
  const given = text(value);
  return given === undefined ? undefined : given === "true";
}

function parseKubeconfig(value: unknown): string | undefined {
  return isObject(value) ? JSON.stringify(value) : text(value);
}

function parseStructure(value: unknown): JsonObject {
  if (isObject(value)) {
    return value;
  }
  const given = text(value);
  if (given === undefined) {
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(given);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  if (typeof value === "boolean") {
    return String(value);
  }
  return typeof value === "string" && value !== "" ? value : undefined;
}
