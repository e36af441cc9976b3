import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";
import { cacertsFiles, intermediateParameters, keyParameters, pemBundle, rootParameters } from "../trust/certificates";
import type { TrustModel } from "../settings/model";
import type { Intermediate } from "../outputs/contract";

export interface PluginCAArgs {
  /** Mesh id, part of every subject. */
  readonly mesh: string;
  readonly trust: TrustModel;
}

interface Root {
  readonly key: PrivateKey;
  readonly certificate: SelfSignedCert;
}

/** The mesh's own certificate authority: its roots, and an intermediate for each member. A root's key never leaves the state. */
export class PluginCA extends pulumi.ComponentResource {
  /** By member: what its istiod signs with. Secret. */
  readonly intermediates: Readonly<Record<string, pulumi.Output<Intermediate>>>;
  /** PEM of every trusted root, oldest first. */
  readonly rootCertificates: pulumi.Output<string>;
  /** RFC 3339 time at which the signing root ends. */
  readonly rootExpiry: pulumi.Output<string>;

  constructor(name: string, args: PluginCAArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:PluginCA", name, {}, opts);
    const { trust } = args;

    const roots = new Map(trust.roots.map((root) => [root, this.root(`${name}-root-${root}`, root, args)]));
    const signer = roots.get(trust.signer);
    if (!signer) throw new Error(`trust.signer: "${trust.signer}" is none of the roots ${trust.roots.join(", ")}`);
    const rootPems = pulumi.all([...roots.values()].map((root) => root.certificate.certPem));

    this.rootCertificates = rootPems.apply(pemBundle);
    this.rootExpiry = signer.certificate.validityEndTime;
    this.intermediates = Object.fromEntries(
      trust.members.map((member) => [member, this.intermediate(`${name}-${member}`, member, args, signer, rootPems)]),
    );
    this.registerOutputs({
      rootCertificates: this.rootCertificates,
      rootExpiry: this.rootExpiry,
      intermediates: pulumi.secret(this.intermediates),
    });
  }

  private root(name: string, root: string, { mesh, trust }: PluginCAArgs): Root {
    const key = new PrivateKey(`${name}-key`, keyParameters(trust.keyAlgorithm), { parent: this });
    const certificate = new SelfSignedCert(
      name,
      { ...rootParameters(mesh, trust, root), privateKeyPem: key.privateKeyPem },
      // Earlier versions made roots without a path length. Such a root stays as it is, for another one would be a change of trust;
      // the one that replaces it has it.
      { parent: this, ignoreChanges: ["maxPathLength"] },
    );
    return { key, certificate };
  }

  private intermediate(
    name: string,
    member: string,
    { mesh, trust }: PluginCAArgs,
    signer: Root,
    rootPems: pulumi.Output<string[]>,
  ): pulumi.Output<Intermediate> {
    const parameters = intermediateParameters(mesh, trust, member);
    const key = new PrivateKey(`${name}-key`, keyParameters(trust.keyAlgorithm), { parent: this });
    const request = new CertRequest(`${name}-request`, { ...parameters.request, privateKeyPem: key.privateKeyPem }, { parent: this });
    const certificate = new LocallySignedCert(
      `${name}-certificate`,
      {
        ...parameters.certificate,
        certRequestPem: request.certRequestPem,
        caCertPem: signer.certificate.certPem,
        caPrivateKeyPem: signer.key.privateKeyPem,
      },
      { parent: this },
    );
    return pulumi.secret(
      pulumi.all([certificate.certPem, key.privateKeyPem, signer.certificate.certPem, rootPems]).apply(([pem, keyPem, signerPem, roots]) => {
        const files = cacertsFiles({ certificate: pem, key: keyPem, signer: signerPem, roots });
        return {
          caCert: files["ca-cert.pem"],
          caKey: files["ca-key.pem"],
          certChain: files["cert-chain.pem"],
          rootCert: files["root-cert.pem"],
        };
      }),
    );
  }
}
