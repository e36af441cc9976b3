/** Reading certificates and requests. */
import { BasicConstraintsExtension, Pkcs10CertificateRequest, X509Certificate } from "./x509";

/** Reads a certificate in PEM; `property` says where it came from. */
export function parseCertificate(pem: string, property: string): X509Certificate {
  return parse(() => new X509Certificate(pem), pem, "CERTIFICATE", property);
}

/** Reads a request for a certificate in PEM; `property` says where it came from. */
export function parseRequest(pem: string, property: string): Pkcs10CertificateRequest {
  return parse(() => new Pkcs10CertificateRequest(pem), pem, "CERTIFICATE REQUEST", property);
}

/** Whether a certificate says that it is an authority. */
export function isAuthority(certificate: X509Certificate): boolean {
  return certificate.getExtension(BasicConstraintsExtension)?.ca ?? false;
}

function parse<T>(read: () => T, pem: string, label: string, property: string): T {
  try {
    if (pem.split(`-----BEGIN ${label}-----`).length !== 2) throw new Error();
    return read();
  } catch {
    throw new Error(`${property} must hold exactly one ${label} in PEM`);
  }
}
