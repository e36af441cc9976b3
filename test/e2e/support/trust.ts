import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../../../lib/process";
import type { TestMesh } from "./mesh";

const encode = (text: string): string => Buffer.from(text).toString("base64");

/** The content of a `cacerts` Secret, base64 as Kubernetes wants it, whose certificates do not belong to the mesh. */
export async function otherAuthority(folder: string): Promise<Record<string, string>> {
  const at = fs.mkdtempSync(path.join(folder, "other-"));
  const openssl = (...args: string[]): Promise<string> => run("openssl", args, { cwd: at });
  const key = (name: string): string[] => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
  await openssl("req", "-x509", ...key("root"), "-out", "root.pem", "-days", "30", "-subj", "/O=other/CN=other root", "-addext", "keyUsage=critical,keyCertSign");
  await openssl("req", "-new", ...key("ca"), "-out", "ca.csr", "-subj", "/O=other/CN=other intermediate");
  fs.writeFileSync(path.join(at, "extensions"), "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\nsubjectAltName=DNS:istiod.istio-system.svc\n");
  await openssl("x509", "-req", "-in", "ca.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30", "-extfile", "extensions", "-out", "ca.pem");
  const read = (file: string): string => fs.readFileSync(path.join(at, file), "utf8");
  return {
    "ca-cert.pem": encode(read("ca.pem")),
    "ca-key.pem": encode(read("ca.key")),
    "cert-chain.pem": encode(read("ca.pem") + read("root.pem")),
    "root-cert.pem": encode(read("root.pem")),
  };
}

interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly outputs?: { readonly privateKeyPem?: string | { readonly plaintext?: string }; readonly certPem?: string };
}

/** An authority's key and certificate in the state, by the end of the certificate's name. */
async function authorityInState(mesh: TestMesh, name: string): Promise<{ key: string; certificate: string }> {
  const state = JSON.parse(await mesh.sh("pulumi stack export --show-secrets -s local")) as { deployment: { resources: StateResource[] } };
  const find = (type: string, end: string): StateResource["outputs"] => state.deployment.resources.find((r) => r.type === `tls:index/${type}` && r.urn.endsWith(`::${end}`))?.outputs;
  const stored = find("privateKey:PrivateKey", `${name}-key`)?.privateKeyPem;
  const key = typeof stored === "string" ? stored : (JSON.parse(stored?.plaintext ?? '""') as string);
  return { key, certificate: find("selfSignedCert:SelfSignedCert", name)?.certPem ?? "" };
}

/** Has an authority sign a request with dates of the past. @returns the certificate */
async function signExpired(at: string, authority: { key: string; certificate: string }, extensions: readonly string[]): Promise<string> {
  const openssl = (...args: string[]): Promise<string> => run("openssl", args, { cwd: at });
  const write = (file: string, text: string): void => fs.writeFileSync(path.join(at, file), text, { mode: 0o600 });
  write("root.key", authority.key);
  write("root.pem", authority.certificate);
  write("extensions", `${extensions.join("\n")}\n`);
  write("index.txt", "");
  const config = ["[ca]", "default_ca=d", "[d]", "database=index.txt", "new_certs_dir=.", "rand_serial=yes", "default_md=sha256", "policy=p", "[p]", "organizationName=optional", "localityName=optional", "commonName=supplied", "serialNumber=optional", ""];
  write("ca.cnf", config.join("\n"));
  const dates = ["-startdate", "20240101000000Z", "-enddate", "20240201000000Z"];
  const signer = ["-cert", "root.pem", "-keyfile", "root.key", "-extfile", "extensions"];
  await openssl("ca", "-batch", "-notext", "-preserveDN", "-config", "ca.cnf", ...signer, ...dates, "-in", "request.csr", "-out", "expired.pem");
  return fs.readFileSync(path.join(at, "expired.pem"), "utf8");
}

/** East's `cacerts` with an expired intermediate, issued by the mesh's own root for the same key. */
export async function expiredCopy(mesh: TestMesh): Promise<Record<string, string>> {
  const at = fs.mkdtempSync(path.join(mesh.home, "expired-"));
  const { trust } = await mesh.outputs();
  if (!trust) throw new Error("the stack is its own authority");
  const east = async (file: string): Promise<string> => Buffer.from(await mesh.kubectl("east", `-n istio-system get secret cacerts -o jsonpath='{.data.${file}\\.pem}'`), "base64").toString();
  for (const [file, text] of Object.entries({ "ca.pem": await east("ca-cert"), "ca.key": await east("ca-key") })) fs.writeFileSync(path.join(at, file), text, { mode: 0o600 });
  await run("openssl", ["x509", "-x509toreq", "-in", "ca.pem", "-signkey", "ca.key", "-out", "request.csr"], { cwd: at });
  const extensions = ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,digitalSignature,keyCertSign,cRLSign", "subjectAltName=DNS:istiod.istio-system.svc"];
  const expired = await signExpired(at, await authorityInState(mesh, "trust-root-1"), extensions);
  return { "ca-cert.pem": encode(expired), "cert-chain.pem": encode(expired + trust.rootCertificates) };
}

/** What the discovery proxy of east serves with, its certificate expired, from its own authority. */
export async function expiredServer(mesh: TestMesh): Promise<Record<string, string>> {
  const at = fs.mkdtempSync(path.join(mesh.home, "expired-"));
  const request = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tls.key", "-out", "request.csr", "-subj", "/CN=discovery proxy"];
  await run("openssl", request, { cwd: at });
  const extensions = ["extendedKeyUsage=serverAuth", "subjectAltName=DNS:east.discovery.usmesh.internal"];
  const expired = await signExpired(at, await authorityInState(mesh, "east-discovery-trust-ca-1"), extensions);
  return { "tls.crt": encode(expired), "tls.key": encode(fs.readFileSync(path.join(at, "tls.key"), "utf8")) };
}

/** Files of a client, PEM. */
export interface Client {
  readonly certificate: string;
  /** The certificates above its own. */
  readonly chain: string;
  readonly key: string;
}

/** A client with the identity of a workload of the mesh, whose certificate an authority has signed. @param cacerts as {@link otherAuthority} */
export async function clientOf(folder: string, cacerts: Readonly<Record<string, string>>): Promise<Client> {
  const at = fs.mkdtempSync(path.join(folder, "client-"));
  const openssl = (...args: string[]): Promise<string> => run("openssl", args, { cwd: at });
  const write = (file: string, text: string): void => fs.writeFileSync(path.join(at, file), text, { mode: 0o600 });
  const pem = (file: string): string => Buffer.from(cacerts[file] ?? "", "base64").toString();
  write("ca.pem", pem("ca-cert.pem"));
  write("ca.key", pem("ca-key.pem"));
  write("extensions", "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nsubjectAltName=critical,URI:spiffe://cluster.local/ns/istioinaction/sa/webapp\n");
  await openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "client.key", "-out", "client.csr", "-subj", "/O=usmesh-e2e");
  await openssl("x509", "-req", "-in", "client.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1", "-extfile", "extensions", "-out", "client.pem");
  write("chain.pem", pem("cert-chain.pem"));
  return { certificate: path.join(at, "client.pem"), chain: path.join(at, "chain.pem"), key: path.join(at, "client.key") };
}
