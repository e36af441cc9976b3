/** What the mock engine and providers answer. Everything secret contains CANARY, so that a search finds it where it leaks. */
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { NOWHERE } from "./nowhere";

/** Part of every secret. */
export const CANARY = "canary";

/** When every certificate ends: so late that no test comes near it. */
export const ENDS = "2136-01-01T00:00:00Z";

/** What differs from the default answers. */
export interface Answers {
  /** Outputs by stack; undefined: a stack that was never initialised; an error: a stack that cannot be read. */
  readonly stacks?: Readonly<Record<string, Record<string, unknown> | Error | undefined>>;
  /** URNs of the resources in the state before the run, or their outputs by URN. Default: none. */
  readonly recorded?: readonly string[] | Readonly<Record<string, object>>;
  /** Other stacks that have resources, although they may export nothing. Default: none. */
  readonly standing?: readonly string[];
  /** The incarnation that each kind cluster should have. Default: 1. */
  readonly incarnation?: string;
  /** Subnet of the Docker network. Default: 172.18.0.0/16. */
  readonly subnet?: string;
  /** Entry in the status of every load balancer; pending: none. Default: an IP address that names the Service. */
  readonly loadBalancer?: { readonly ip?: string; readonly hostname?: string } | "pending";
}

/** A kubeconfig as kind writes it. Nothing listens at its server. */
export function kubeconfigOf(name: string): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: NOWHERE, "certificate-authority-data": base64(`authority of ${name}`) } }],
    users: [{ name, user: { "client-certificate-data": base64(`admin of ${name}`), "client-key-data": base64(`${CANARY} admin ${name}`) } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

/** Mocks that give resources the outputs that the program reads, and record which functions are called. */
export function answer(answers: Answers, calls: { token: string; args: Record<string, unknown> }[]): pulumi.runtime.Mocks {
  return {
    newResource: (args) => ({
      id: args.type === "kubernetes:core/v1:Service" && args.id ? args.id : `${args.name}-id`,
      state: { ...(args.inputs as Record<string, unknown>), ...outputsOf(args, answers) },
    }),
    call: ({ token, inputs }) => {
      const args = inputs as Record<string, unknown>;
      calls.push({ token, args });
      if (token === "command:local:run") return { ...args, stdout: `${answers.incarnation ?? "1"}\n`, stderr: "" };
      if (token === "pulumi:pulumi:readStackOutputs") return stackOutputs(args["name"] as string, answers);
      if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: stackResources(args["stackName"] as string, answers) };
      throw new Error(`the mock engine has no answer to ${token}`);
    },
  };
}

function stackResources(name: string, { recorded = [], standing = [] }: Answers): Record<string, object> {
  const short = name.split("/").pop()!;
  if (short !== pulumi.getStack()) return standing.includes(short) ? { "urn:pulumi:a::usmesh::a:b:C::d": { outputs: {} } } : {};
  const outputs = Array.isArray(recorded) ? Object.fromEntries((recorded as readonly string[]).map((urn) => [urn, {}])) : (recorded as Record<string, object>);
  return Object.fromEntries(Object.entries(outputs).map(([urn, value]) => [urn, { outputs: value }]));
}

function stackOutputs(name: string, { stacks = {} }: Answers): Record<string, unknown> {
  const outputs = stacks[name.replace("organization/usmesh/", "")];
  if (outputs instanceof Error) throw Object.assign(outputs, { details: outputs.message });
  if (!outputs) {
    const details = `invocation of pulumi:pulumi:readStackOutputs returned an error: unknown stack "${name}"`;
    throw Object.assign(new Error(details), { details });
  }
  return { name, outputs, secretOutputNames: [] };
}

/** A resource's outputs beside its inputs. */
function outputsOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs, { subnet = "172.18.0.0/16", loadBalancer, stacks = {} }: Answers): Record<string, unknown> {
  switch (type) {
    case "command:local:Command":
      return { stdout: name.endsWith("-kind") ? kubeconfigOf(`kind-${name.replace(/-kind$/, "")}`) : `${subnet}\n` };
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyPem: `${CANARY} key of ${name}`, publicKeyPem: `public key of ${name}` };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: `request ${name}` };
    case "tls:index/selfSignedCert:SelfSignedCert":
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { certPem: `certificate ${name}`, validityEndTime: ENDS };
    case "pulumi:pulumi:StackReference":
      return { outputs: stacks[(inputs as { name: string }).name] ?? {}, secretOutputNames: [] };
    case "docker:index/remoteImage:RemoteImage":
      return { imageId: "sha256:1" };
    case "kubernetes:core/v1:ConfigMap":
      return /-injector(-blue|-green)?$/.test(name) ? { data: { values: JSON.stringify({ global: { hub: "docker.example/istio", tag: "1.31.4" } }) } } : {};
    case "kubernetes:core/v1:Secret":
      return (inputs as { type?: string }).type === "kubernetes.io/service-account-token" ? { data: { "ca.crt": base64("authority of the API server"), token: base64(`${CANARY} token ${name}`) } } : {};
    case "kubernetes:core/v1:Service":
      return { status: { loadBalancer: loadBalancer === "pending" ? {} : { ingress: [loadBalancer ?? { ip: `address of ${name}` }] } } };
    case "kubernetes:helm.sh/v3:Release":
      return { status: { namespace: "istio-system", name: name.split("-").slice(1).join("-") } };
    default:
      return {};
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
