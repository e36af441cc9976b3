/** The document that has a section for each thing that a message refuses or warns of. */
const DOCUMENT = "docs/troubleshooting.md";

/** The sections of the document, in its order. A test compares both, and looks for the message of each. */
export const SECTIONS = [
  "node-missing",
  "npm-failed",
  "repository-read-only",
  "folder-unusable",
  "programs-missing",
  "command-not-found",
  "command-failed",
  "mesh-airgap-value",
  "stack-unknown",
  "stacks-folder-unreadable",
  "stack-file-not-yaml",
  "passphrase-empty",
  "secrets-provider-unknown",
  "choices-differ",
  "passphrase-file-unusable",
  "wrong-passphrase",
  "wrong-settings",
  "settings-file-unusable",
  "kubeconfig-unreadable",
  "api-server-in-plain-text",
  "tls-verification-skipped",
  "wrong-usage",
  "unexpected",
  "docker-not-installed",
  "docker-not-running",
  "docker-not-permitted",
  "docker-host-not-answering",
  "docker-does-not-start",
  "docker-does-not-stop",
  "docker-network-differs",
  "docker-network-overlap",
  "docker-network-without-subnet",
  "inotify-limits",
  "kind-cluster-taken",
  "kind-folder-foreign",
  "kind-busy",
  "node-not-answering",
  "stack-locked",
  "interrupted",
  "pulumi-failed",
  "not-everything-gone",
  "nothing-to-remove",
  "state-unreadable",
  "down-unreachable",
  "down-authority",
  "down-roots",
  "api-server-not-answering",
  "api-server-login-refused",
  "api-server-loopback",
  "cluster-twice",
  "istio-namespace-foreign",
  "istio-running",
  "cluster-of-another-stack",
  "api-server-refused",
  "helm-release-foreign",
  "helm-release-unfinished",
  "waiting-for-load-balancer",
  "addresses-outside-network",
  "peer-not-up",
  "peer-unknown",
  "peer-unfinished",
  "authority-not-up",
  "not-signed",
  "not-wired",
  "peers-outdated",
  "mesh-mismatch",
  "member-conflict",
  "docker-network-of-peers",
  "address-index-conflict",
  "outputs-version",
  "credentials-missing",
  "kubeconfig-not-exported",
  "stack-not-up",
  "cluster-unknown",
  "rotation-out-of-order",
  "token-rotation-out-of-order",
  "plan-dangerous",
  "plan-abandoned-stack",
  "kubeconfigs-not-written",
  "context-unknown",
  "verify-interrupted",
  "drill-interrupted",
  "drill-not-asked",
  "drill-pair",
  "drill-one-cluster",
  "drill-running",
  "drill-namespace-taken",
  "drill-not-started",
  "drill-not-repaired",
  "airgap-refused",
  "airgap-step-failed",
  "airgap-interrupted",
  "airgap-piece-unknown",
  "airgap-cache-limit",
  "airgap-plugin-refuses",
] as const;

/** A section of the document, by its anchor. */
export type Section = (typeof SECTIONS)[number];

/** Where a section is: the document's path in the repository, with the anchor. */
export function documentOf(section: Section): string {
  return `${DOCUMENT}#${section}`;
}

/** The last line of a refusal: where to read more. @param documents paths with anchors; each is named once. */
export function seeLine(documents: readonly string[]): string {
  return `See ${[...new Set(documents)].join(", ")}`;
}

/** The same as the end of a message of one line, such as a warning. */
export function see(section: Section): string {
  return `; see ${documentOf(section)}`;
}
