/** The command lines of Helm's install, upgrade and uninstall. Values come on stdin. */
import type { ReleaseSettings } from "./fields";

/** Helm's own default, which also holds where a program says 0. */
const DEFAULT_TIMEOUT_SECONDS = 300;

/** Marks that Helm keeps with a release. */
export type Labels = Record<string, string>;

/** `helm install` of the chart at a path. */
export function installArgs(settings: ReleaseSettings, chartPath: string, labels: Labels): string[] {
  return [
    "install",
    settings.name,
    chartPath,
    ...common(settings, labels),
    ...when(settings.disableWebhooks, "--no-hooks"),
    ...when(settings.skipCrds, "--skip-crds"),
    ...when(settings.createNamespace, "--create-namespace"),
    ...when(settings.replace, "--replace"),
    ...when(settings.disableOpenapiValidation, "--disable-openapi-validation"),
  ];
}

/** `helm upgrade` to the chart at a path. */
export function upgradeArgs(settings: ReleaseSettings, chartPath: string, labels: Labels): string[] {
  return [
    "upgrade",
    settings.name,
    chartPath,
    ...common(settings, labels),
    "--history-max",
    String(settings.maxHistory ?? 0),
    // The official plugin names this input so, and lets it switch off every hook of an upgrade.
    ...when(settings.disableCRDHooks, "--no-hooks"),
    ...when(settings.forceUpdate, "--force"),
    ...when(settings.resetValues, "--reset-values"),
    ...when(settings.reuseValues, "--reuse-values"),
    ...when(settings.recreatePods, "--recreate-pods"),
    ...when(settings.cleanupOnFail, "--cleanup-on-fail"),
  ];
}

/** `helm uninstall`; waits for the objects to be gone where the release was awaited. */
export function uninstallArgs(settings: ReleaseSettings): string[] {
  return [
    "uninstall",
    settings.name,
    "--namespace",
    settings.namespace,
    "--ignore-not-found",
    ...timeout(settings),
    ...when(settings.atomic || !settings.skipAwait, "--wait"),
  ];
}

function common(settings: ReleaseSettings, labels: Labels): string[] {
  return [
    "--namespace",
    settings.namespace,
    "--values",
    "-",
    ...timeout(settings),
    ...Object.entries(labels).flatMap(([key, value]) => ["--labels", `${key}=${value}`]),
    ...when(!settings.skipAwait, "--wait"),
    ...when(!settings.skipAwait && settings.waitForJobs, "--wait-for-jobs"),
    ...when(settings.atomic, "--atomic"),
    ...when(settings.renderSubchartNotes, "--render-subchart-notes"),
    ...when(settings.dependencyUpdate, "--dependency-update"),
    ...when(settings.takeOwnership, "--take-ownership"),
    ...(settings.description === "" ? [] : ["--description", settings.description]),
  ];
}

function timeout(settings: ReleaseSettings): string[] {
  return ["--timeout", `${settings.timeout || DEFAULT_TIMEOUT_SECONDS}s`];
}

function when(condition: boolean, flag: string): string[] {
  return condition ? [flag] : [];
}
