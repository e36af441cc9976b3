/** The four resource types of the tls plugin. */
import type { Log } from "../lib/plugin";
import type { Rule, Rules } from "../lib/schema";
import type { Props, Value } from "../lib/values";
import { requestCertificate, selfSign, signRequest, type Issued } from "./certificate";
import type { CertificateTerms } from "./extensions";
import { algorithmOf, ALGORITHMS, CURVE_NAMES, describeKey, generateKey, parseKey, publicDer, sha1, type Algorithm } from "./keys";
import { NAME_RULES } from "./names";
import { isAuthority, parseCertificate, parseRequest } from "./pem";
import type { Recipe } from "./recipe";
import { timestamp } from "./renewal";
import { SUBJECT_RULES, type Subject } from "./subject";
import { USES } from "./usages";

const PEM: Rule = { type: "string", required: true };
const HOURS: Rule = { type: "integer", min: 0 };
const FLAG: Rule = { type: "boolean" };
const SUBJECT: Rule = { type: "object", properties: SUBJECT_RULES };

/** The inputs that both types of certificates have. */
const TERMS_RULES: Rules = {
  allowedUses: { type: "array", items: { type: "string", oneOf: USES }, required: true },
  earlyRenewalHours: HOURS,
  isCaCertificate: FLAG,
  maxPathLength: { type: "integer", min: -1 },
  setSubjectKeyId: FLAG,
  validityPeriodHours: { ...HOURS, required: true },
};

const TERMS_DEFAULTS: Props = { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false };

/** A key that is not kept in the state: that needs support by the engine, which keeps every other input. */
const WRITE_ONLY: Rule = { type: "refused", why: "give the key itself; it is kept as a secret" };

/** The key of a request or a certificate. */
const OWN_KEY: Rules = { privateKeyPem: PEM, privateKeyPemWo: WRITE_ONLY, privateKeyPemWoVersion: WRITE_ONLY };

/** What both types of certificates have in common. */
const CERTIFICATE = { updatable: ["earlyRenewalHours"], sticky: ["maxPathLength"], meta: {}, expires: true };

/** A key pair. */
export const PRIVATE_KEY: Recipe = {
  type: "tls:index/privateKey:PrivateKey",
  rules: {
    algorithm: { type: "string", oneOf: ALGORITHMS, required: true },
    ecdsaCurve: { type: "string", oneOf: CURVE_NAMES },
    rsaBits: { type: "integer", min: 512 },
  },
  defaults: { ecdsaCurve: "P224", rsaBits: 2048 },
  secretInputs: [],
  computed: [
    "privateKeyOpenssh",
    "privateKeyPem",
    "privateKeyPemPkcs8",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
    "publicKeyOpenssh",
    "publicKeyPem",
  ],
  secretOutputs: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  updatable: [],
  sticky: [],
  meta: { __meta: '{"schema_version":"1"}' },
  expires: false,
  async make({ algorithm, rsaBits, ecdsaCurve }) {
    const key = await generateKey(algorithm as Algorithm, rsaBits as number, ecdsaCurve as string);
    return { id: sha1(publicDer(key)), outputs: { ...describeKey(key) } };
  },
};

/** A certificate request. */
export const CERT_REQUEST: Recipe = {
  type: "tls:index/certRequest:CertRequest",
  rules: { ...NAME_RULES, ...OWN_KEY, subject: SUBJECT },
  defaults: {},
  secretInputs: ["privateKeyPem"],
  computed: ["certRequestPem", "keyAlgorithm"],
  secretOutputs: [],
  updatable: [],
  sticky: [],
  meta: {},
  expires: false,
  async make(inputs) {
    const key = parseKey(inputs["privateKeyPem"] as string, "privateKeyPem");
    const { pem, der } = await requestCertificate(key, subjectOf(inputs), inputs);
    return { id: sha1(der), outputs: { certRequestPem: pem, keyAlgorithm: algorithmOf(key) } };
  },
};

/** A self-signed certificate. */
export const SELF_SIGNED_CERT: Recipe = {
  ...CERTIFICATE,
  type: "tls:index/selfSignedCert:SelfSignedCert",
  rules: { ...TERMS_RULES, ...NAME_RULES, ...OWN_KEY, setAuthorityKeyId: FLAG, subject: SUBJECT },
  defaults: { ...TERMS_DEFAULTS, setAuthorityKeyId: false },
  secretInputs: ["privateKeyPem"],
  computed: ["certPem", "keyAlgorithm", "validityEndTime", "validityStartTime"],
  secretOutputs: [],
  async make(inputs) {
    const key = parseKey(inputs["privateKeyPem"] as string, "privateKeyPem");
    const issued = await selfSign(key, termsOf(inputs), subjectOf(inputs), inputs, {
      setAuthorityKeyId: inputs["setAuthorityKeyId"] === true,
    });
    return certificateOutputs(issued, { keyAlgorithm: algorithmOf(key) });
  },
};

/** A certificate for a request, signed by an authority whose key is given. */
export const LOCALLY_SIGNED_CERT: Recipe = {
  ...CERTIFICATE,
  type: "tls:index/locallySignedCert:LocallySignedCert",
  rules: {
    ...TERMS_RULES,
    caCertPem: PEM,
    caPrivateKeyPem: PEM,
    caPrivateKeyPemWo: WRITE_ONLY,
    caPrivateKeyPemWoVersion: WRITE_ONLY,
    certRequestPem: PEM,
  },
  defaults: TERMS_DEFAULTS,
  secretInputs: ["caPrivateKeyPem"],
  computed: ["caKeyAlgorithm", "certPem", "validityEndTime", "validityStartTime"],
  secretOutputs: [],
  async make(inputs, log) {
    const request = parseRequest(inputs["certRequestPem"] as string, "certRequestPem");
    const key = parseKey(inputs["caPrivateKeyPem"] as string, "caPrivateKeyPem");
    const certificate = parseCertificate(inputs["caCertPem"] as string, "caCertPem");
    warnUnlessAuthority(isAuthority(certificate), log);
    const issued = await signRequest(request, { certificate, key }, termsOf(inputs));
    return certificateOutputs(issued, { caKeyAlgorithm: algorithmOf(key) });
  },
};

function warnUnlessAuthority(authority: boolean, log: Log): void {
  if (!authority) log.warn("caCertPem is not a certificate authority (CA:FALSE): most programs will not accept what it signs");
}

function certificateOutputs(issued: Issued, outputs: Props): { id: string; outputs: Props } {
  return {
    id: issued.serialNumber,
    outputs: {
      ...outputs,
      certPem: issued.pem,
      validityStartTime: timestamp(issued.notBefore),
      validityEndTime: timestamp(issued.notAfter),
    },
  };
}

/** The inputs, which are checked already. */
function termsOf(inputs: Props): CertificateTerms {
  return inputs as unknown as CertificateTerms;
}

function subjectOf(inputs: Props): Subject | undefined {
  return inputs["subject"] as (Subject & Value) | undefined;
}
