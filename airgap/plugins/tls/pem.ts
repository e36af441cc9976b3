/** Reads certificates and certificate requests. */
import { BasicConstraintsExtension, Pkcs10CertificateRequest, X509Certificate } from "./x509";

/** Reads a certificate in PEM; `property` is where it comes from, for the message. */
export function parseCertificate(pem: string, property: string): X509Certificate {
  return parse(() => new X509Certificate(pem), pem, "CERTIFICATE", property);
}

/** Reads a certificate request in PEM; `property` is where it comes from, for the message. */
export function parseRequest(pem: string, property: string): Pkcs10CertificateRequest {
  return parse(() => new Pkcs10CertificateRequest(pem), pem, "CERTIFICATE REQUEST", property);
}

/** Whether a certificate is one of an authority. */
export function isAuthority(certificate: X509Certificate): boolean {
  return certificate.getExtension(BasicConstraintsExtension)?.ca ?? false;
}

function parse<T>(read: () => T, pem: string, label: string, property: string): T {
  try {
    if (pem.split(`-----BEGIN ${label}-----`).length !== 2) throw new Error();
    return read();
  } catch {
    throw new Error(`${property} must be exactly one ${label} in PEM`);
  }
}
