/** Types of the resources that a plan looks at, as Pulumi writes them. */
export const TYPES = {
  stack: "pulumi:pulumi:Stack",
  cluster: "usmesh:index:Cluster",
  authority: "usmesh:index:PluginCA",
  primary: "usmesh:index:IstioPrimary",
  demo: "usmesh:index:Demo",
  provider: "pulumi:providers:kubernetes",
  command: "command:local:Command",
  root: "tls:index/selfSignedCert:SelfSignedCert",
  intermediate: "tls:index/locallySignedCert:LocallySignedCert",
  namespace: "kubernetes:core/v1:Namespace",
  secret: "kubernetes:core/v1:Secret",
  deployment: "kubernetes:apps/v1:Deployment",
  release: "kubernetes:helm.sh/v3:Release",
  container: "docker:index/container:Container",
} as const;
