/** Certificates as openssl sees them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../support/run";

/** The content of a `cacerts` Secret. */
export type Cacerts = Readonly<Record<"ca-cert.pem" | "ca-key.pem" | "cert-chain.pem" | "root-cert.pem", string>>;

/** The PEM blocks of a bundle, in order. */
export function blocks(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

/** The subjects' common names in a bundle, in order. */
export async function commonNames(pem: string): Promise<string[]> {
  return inFolder(async (folder) => {
    const names: string[] = [];
    for (const block of blocks(pem)) {
      const file = write(folder, "certificate.pem", block);
      const { stdout } = await run("openssl", ["x509", "-in", file, "-noout", "-subject", "-nameopt", "multiline,-esc_msb"]);
      names.push(/commonName\s*=\s*(.*)/.exec(stdout)?.[1] ?? "");
    }
    return names;
  });
}

/**
 * Has one cluster's intermediate sign a workload's certificate, and another cluster check it with the roots that it trusts.
 *
 * @returns undefined when it is trusted, else what openssl says.
 */
export async function distrust(signer: Cacerts, checker: Cacerts): Promise<string | undefined> {
  return inFolder(async (folder) => {
    const files = Object.fromEntries(Object.entries(signer).map(([name, text]) => [name, write(folder, name, text)]));
    const trusted = write(folder, "trusted.pem", checker["root-cert.pem"]);
    const [key, request, leaf] = ["leaf-key.pem", "leaf.csr", "leaf.pem"].map((name) => join(folder, name)) as [string, string, string];
    const pair = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
    await run("openssl", ["req", "-new", ...pair, "-out", request, "-subj", "/CN=workload"]);
    const authority = ["-CA", files["ca-cert.pem"]!, "-CAkey", files["ca-key.pem"]!, "-set_serial", "1", "-days", "1"];
    await run("openssl", ["x509", "-req", "-in", request, ...authority, "-out", leaf]);
    const check = await run("openssl", ["verify", "-CAfile", trusted, "-untrusted", files["cert-chain.pem"]!, leaf], { reject: false });
    return check.failed ? check.stderr : undefined;
  });
}

async function inFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-openssl-"));
  try {
    return await task(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
