import { createPrivateKey, X509Certificate } from "node:crypto";
import type { CacertsFacts, Result, WorkloadCertificate } from "../facts";
import type { Kube } from "../kube";
import { type ConfigDump, readConfigDump } from "./proxy-pages";
import { attempt, type ConfigMap, decode, dotted, type Pod, type Secret } from "./resources";

/** The plugged-in CA (Secret `cacerts`); undefined where there is none. The private key is compared, and not kept. */
export async function gatherCacerts(kube: Kube): Promise<Result<CacertsFacts | undefined>> {
  return attempt(async () => {
    const secret = await kube.find<Secret>("/api/v1/namespaces/istio-system/secrets/cacerts");
    return secret === undefined ? undefined : cacertsOf(secret);
  });
}

/** What `verify` needs to know of a `cacerts` Secret. */
export function cacertsOf(secret: Secret): CacertsFacts {
  const data = secret.data ?? {};
  const caCert = decode(data["ca-cert.pem"]);
  return {
    keys: Object.keys(data).sort(),
    caCert,
    certChain: decode(data["cert-chain.pem"]),
    rootCert: decode(data["root-cert.pem"]),
    keyMatches: matches(caCert, decode(data["ca-key.pem"])),
  };
}

function matches(certificate: string | undefined, key: string | undefined): boolean {
  if (certificate === undefined || key === undefined) return false;
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** The roots that istiod hands to the workloads of the cluster. */
export async function gatherDistributedRoots(kube: Kube): Promise<string | undefined> {
  const map = await kube.find<ConfigMap>("/api/v1/namespaces/istio-system/configmaps/istio-ca-root-cert");
  return map?.data?.["root-cert.pem"];
}

type SecretsDump = ConfigDump<{ dynamic_active_secrets?: ActiveSecret[] } | ActiveSecret>;

interface ActiveSecret {
  name?: string;
  secret?: { tls_certificate?: { certificate_chain?: { inline_bytes?: string } } };
}

/** The certificate that istiod issued to the proxy of `pod`, as Envoy has it: it shows what istiod really signs with. Undefined without a proxy. */
export async function gatherWorkloadCertificate(kube: Kube, pod: Result<Pod | undefined>): Promise<Result<WorkloadCertificate | undefined>> {
  if (!pod.ok || pod.value === undefined) return pod as Result<undefined>;
  const { metadata } = pod.value;
  return attempt(async () => {
    const chain = chainOf(await readConfigDump(kube, { metadata }, "dynamic_active_secrets"));
    if (chain === undefined) throw new Error(`${dotted(metadata)} holds no workload certificate`);
    return { proxy: dotted(metadata), chain };
  });
}

function chainOf(dump: SecretsDump): string | undefined {
  const secrets = (dump.configs ?? []).flatMap((config): ActiveSecret[] =>
    "dynamic_active_secrets" in config ? (config.dynamic_active_secrets ?? []) : [config as ActiveSecret],
  );
  const own = secrets.find((secret) => secret.name === "default");
  return decode(own?.secret?.tls_certificate?.certificate_chain?.inline_bytes);
}
