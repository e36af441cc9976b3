/** What a `helm.sh/v3:Release` takes, as typed settings and as the properties that the engine keeps. */
import type { JsonObject } from "../objects";
import { Unknown, hasSecret, isObject, reveal, type Props, type Value } from "../../lib/values";

/** Where charts come from that are given by name. Empty strings stand for what is not given. */
export interface RepositoryOpts {
  /** URL of the repository. */
  repo: string;
  /** Path of the authorities' certificates that vouch for the repository. */
  caFile: string;
  certFile: string;
  keyFile: string;
  username: string;
  /** Secret. */
  password: string;
}

/** The settings of a release that exist once for every release, with `false`, `""` or 0 where nothing is given. */
export interface ReleaseSettings {
  allowNullValues: boolean;
  atomic: boolean;
  chart: string;
  cleanupOnFail: boolean;
  createNamespace: boolean;
  dependencyUpdate: boolean;
  description: string;
  devel: boolean;
  disableCRDHooks: boolean;
  disableOpenapiValidation: boolean;
  disableWebhooks: boolean;
  forceUpdate: boolean;
  keyring: string;
  lint: boolean;
  /** Revisions that Helm keeps; 0 or absent: all. */
  maxHistory?: number;
  name: string;
  namespace: string;
  postrender: string;
  recreatePods: boolean;
  renderSubchartNotes: boolean;
  replace: boolean;
  repositoryOpts?: RepositoryOpts;
  resetValues: boolean;
  reuseValues: boolean;
  skipAwait: boolean;
  skipCrds: boolean;
  takeOwnership: boolean;
  /** Seconds; 0 means Helm's five minutes. */
  timeout: number;
  values: JsonObject;
  verify: boolean;
  version: string;
  waitForJobs: boolean;
}

type FieldType = "boolean" | "string" | "integer" | "object" | "repository";

/** Every setting's type. The optional ones are left out of the state when absent, all others have their zero value there. */
export const FIELDS: Readonly<Record<keyof ReleaseSettings, FieldType>> = {
  allowNullValues: "boolean",
  atomic: "boolean",
  chart: "string",
  cleanupOnFail: "boolean",
  createNamespace: "boolean",
  dependencyUpdate: "boolean",
  description: "string",
  devel: "boolean",
  disableCRDHooks: "boolean",
  disableOpenapiValidation: "boolean",
  disableWebhooks: "boolean",
  forceUpdate: "boolean",
  keyring: "string",
  lint: "boolean",
  maxHistory: "integer",
  name: "string",
  namespace: "string",
  postrender: "string",
  recreatePods: "boolean",
  renderSubchartNotes: "boolean",
  replace: "boolean",
  repositoryOpts: "repository",
  resetValues: "boolean",
  reuseValues: "boolean",
  skipAwait: "boolean",
  skipCrds: "boolean",
  takeOwnership: "boolean",
  timeout: "integer",
  values: "object",
  verify: "boolean",
  version: "string",
  waitForJobs: "boolean",
};

/** Properties of the SDK's class that are no settings: they are read elsewhere, or the official plugin drops them too. */
const OTHER_INPUTS = ["compat", "manifest", "resourceNames", "status", "valueYamlFiles"];

const REPOSITORY_FIELDS = ["repo", "caFile", "certFile", "keyFile", "username", "password"] as const;
const OPTIONAL = new Set<string>(["maxHistory", "repositoryOpts"]);
const ZERO = { boolean: false, string: "", integer: 0, object: {}, repository: null } as const;

/** What is wrong with a program's inputs, by property: unknown names, wrong types, and what this plugin refuses. */
export function refusals(news: Props): { property: string; reason: string }[] {
  const failures: { property: string; reason: string }[] = [];
  const refuse = (property: string, reason: string) => failures.push({ property, reason });
  const does = (what: string) => `the air-gap plugin kubernetes does not do ${what}; see airgap/plugins/kubernetes/RELEASE.md`;
  for (const [key, value] of Object.entries(news)) {
    const type = FIELDS[key as keyof ReleaseSettings] as FieldType | undefined;
    if (type === undefined) {
      if (!OTHER_INPUTS.includes(key)) refuse(key, does(`the input ${key} of a Release`));
    } else if (!isOfType(reveal(value), type)) {
      refuse(key, `must be ${type === "object" || type === "integer" ? "an" : "a"} ${type}`);
    }
  }
  if (reveal(news["postrender"] ?? null)) refuse("postrender", does("postrender of a Release"));
  if (reveal(news["verify"] ?? null) === true) refuse("verify", does("verify of a Release"));
  if (hasSecret(news["description"] ?? null)) {
    refuse("description", "is secret, but Helm takes a description on its command line, where every process can read it");
  }
  return failures;
}

function isOfType(value: Value, type: FieldType): boolean {
  if (value === null || value instanceof Unknown) return true;
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "object":
      return isObject(value);
    case "repository":
      return isObject(value) && REPOSITORY_FIELDS.every((key) => isOfType(value[key] ?? null, "string"));
    default:
      return typeof value === type;
  }
}

/** All settings as properties, with zero values for what is not given and unknowns as they are; nothing is secret in it. */
export function complete(given: Props): Props {
  const inputs: Props = {};
  for (const [key, type] of Object.entries(FIELDS)) {
    const value = reveal(given[key] ?? null);
    if (value === null && OPTIONAL.has(key)) continue;
    inputs[key] = type === "repository" ? completeRepository(value) : (value ?? ZERO[type]);
  }
  return inputs;
}

function completeRepository(value: Value): Value {
  if (!isObject(value)) return value;
  return Object.fromEntries(REPOSITORY_FIELDS.map((key) => [key, value[key] ?? ""]));
}

/** The settings in checked inputs or in a state. What is unknown counts as not given. */
export function settingsOf(props: Props): ReleaseSettings {
  const known = Object.entries(props).filter(([, value]) => !(reveal(value) instanceof Unknown));
  return complete(Object.fromEntries(known)) as unknown as ReleaseSettings;
}

/** How messages and ids name a release: `namespace/name`. */
export function releaseId(settings: Pick<ReleaseSettings, "name" | "namespace">): string {
  return settings.namespace ? `${settings.namespace}/${settings.name}` : settings.name;
}
