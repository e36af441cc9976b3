import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";
import { keyParameters, pemBundle, type KeyAlgorithm } from "../trust/certificates";
import {
  discoveryAlgorithms,
  discoveryAuthorityParameters,
  discoveryAuthoritySubject,
  discoveryCertificateParameters,
  discoveryCertificateRequest,
} from "../trust/discovery";

export interface DiscoveryCAArgs {
  /** Mesh id, part of every subject. */
  readonly meshId: pulumi.Input<string>;
  /** Key of the cluster; the certificate's name comes from it. */
  readonly clusterKey: string;
  /**
   * Generations of the authority that exist, oldest first, from 1; the same as those of the peers' tokens. Peers trust all of them. The
   * oldest signs: every peer has had it since its last `up`. Default: `[1]`.
   */
  readonly generations?: readonly number[];
  /** Key algorithm: `ECDSA-P256`, `ECDSA-P384`, `RSA-2048` or `RSA-4096`. Default: `ECDSA-P256`. */
  readonly keyAlgorithm?: KeyAlgorithm;
  /**
   * By generation: the key algorithm of its authority, where it is another. An authority that exists must keep its own: with another key it
   * would be another authority, which no peer trusts yet. Default: `keyAlgorithm` for all.
   */
  readonly keyAlgorithms?: Readonly<Record<number, KeyAlgorithm>>;
  /** Hours for which an authority is valid. Default: 87600, ten years. */
  readonly authorityValidityHours?: number;
  /** Hours for which the certificate is valid. Default: 8760, one year. */
  readonly validityHours?: number;
  /** Hours before its end at which `up` reissues the certificate. Default: 720, thirty days. */
  readonly earlyRenewalHours?: number;
}

/** What the discovery proxy of one cluster serves with: an authority of its own, and a certificate. */
export class DiscoveryCA extends pulumi.ComponentResource {
  /** PEM of every authority that exists, oldest first: what peers trust. */
  readonly caCertificate: pulumi.Output<string>;
  /** PEM of the proxy's certificate. */
  readonly certificate: pulumi.Output<string>;
  /** PEM of the certificate's private key. Secret. */
  readonly key: pulumi.Output<string>;

  constructor(name: string, args: DiscoveryCAArgs, opts?: pulumi.ComponentResourceOptions) {
    const { meshId, clusterKey } = args;
    const generations = args.generations ?? [1];
    const [keyAlgorithm, authorityValidityHours] = [args.keyAlgorithm ?? "ECDSA-P256", args.authorityValidityHours ?? 87_600];
    const keyAlgorithms = discoveryAlgorithms(generations, args.keyAlgorithms ?? {}, keyAlgorithm);
    const lifetime = { validityHours: args.validityHours ?? 8_760, earlyRenewalHours: args.earlyRenewalHours ?? 720 };
    super("usmesh:index:DiscoveryCA", name, { meshId, clusterKey, generations, keyAlgorithm, keyAlgorithms, authorityValidityHours, ...lifetime }, opts);
    const child = { parent: this };
    const newKey = (of: string, algorithm = keyAlgorithm): PrivateKey => new PrivateKey(`${of}-key`, keyParameters(algorithm), child);

    const authorities = generations.map((generation) => {
      const authority = `${name}-ca-${generation}`;
      const key = newKey(authority, keyAlgorithms[generation]);
      const subject = pulumi.output(meshId).apply((id) => discoveryAuthoritySubject(id, clusterKey, generation));
      const certificate = new SelfSignedCert(authority, { ...discoveryAuthorityParameters(authorityValidityHours), subject, privateKeyPem: key.privateKeyPem }, child);
      return { key, certificate };
    });
    const [signer] = authorities;
    if (signer === undefined) throw new Error(`${name}: generations must not be empty`);

    const serverKey = newKey(`${name}-server`);
    const wanted = pulumi.output(meshId).apply((id) => discoveryCertificateRequest(id, clusterKey));
    const request = new CertRequest(
      `${name}-server-request`,
      { subject: wanted.subject, dnsNames: wanted.dnsNames, privateKeyPem: serverKey.privateKeyPem },
      child,
    );
    const server = new LocallySignedCert(
      `${name}-server`,
      {
        ...discoveryCertificateParameters(lifetime),
        certRequestPem: request.certRequestPem,
        caCertPem: signer.certificate.certPem,
        caPrivateKeyPem: signer.key.privateKeyPem,
      },
      child,
    );

    this.caCertificate = pulumi.all(authorities.map(({ certificate }) => certificate.certPem)).apply(pemBundle);
    this.certificate = server.certPem.apply((pem) => pemBundle([pem]));
    this.key = pulumi.secret(serverKey.privateKeyPem);
    this.registerOutputs({ caCertificate: this.caCertificate, certificate: this.certificate });
  }
}
