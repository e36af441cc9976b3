import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { SecureContextOptions } from "node:tls";
import { promisify } from "node:util";
import type { ActiveContext } from "./kubeconfig";
import { type JsonObject, at, isObject, listAt, stringAt } from "../objects";

const run = promisify(execFile);

/** What a request carries to be let in: client certificate for the TLS connection, header for the request. */
export interface Credentials {
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Value of the `Authorization` header. */
  readonly authorization?: string;
}

/** Gives the credentials for the next request; those of an exec plugin are kept until they run out. */
export type CredentialSource = () => Promise<Credentials>;

/** Trust settings of the connection to the context's cluster. Throws if a named file cannot be read. */
export function trustOptions(context: ActiveContext, folder: string | undefined): SecureContextOptions & TrustOptions {
  const ca = material(context.cluster, "certificate-authority", folder);
  const serverName = stringAt(context.cluster, "tls-server-name");
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: at(context.cluster, "insecure-skip-tls-verify") !== true,
  };
}

/** The part of Node's TLS options that a kubeconfig's cluster decides. */
export interface TrustOptions {
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/**
 * Makes the source of credentials for the context's user: client certificate, token, token file, name and password, or
 * an exec plugin. The legacy `auth-provider` is refused by name, as kubectl does.
 */
export function credentialSource(context: ActiveContext, folder: string | undefined): CredentialSource {
  const user = context.user;
  if (isObject(user["auth-provider"])) {
    throw new Error(
      `the kubeconfig's user of context "${context.name}" has an auth-provider, which Kubernetes dropped; use exec`,
    );
  }
  if (isObject(user["exec"])) {
    return execSource(user["exec"], context.cluster, folder);
  }
  return () => Promise.resolve(staticCredentials(user, folder));
}

function staticCredentials(user: JsonObject, folder: string | undefined): Credentials {
  const cert = material(user, "client-certificate", folder);
  const key = material(user, "client-key", folder);
  const tokenFile = stringAt(user, "tokenFile");
  const token =
    tokenFile === undefined ? stringAt(user, "token") : fs.readFileSync(resolve(tokenFile, folder), "utf8").trim();
  const username = stringAt(user, "username");
  let authorization: string | undefined;
  if (token) {
    authorization = `Bearer ${token}`;
  } else if (username) {
    const pair = `${username}:${stringAt(user, "password") ?? ""}`;
    authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  return definedOnly({ cert, key, authorization });
}

function execSource(spec: JsonObject, cluster: JsonObject, folder: string | undefined): CredentialSource {
  let cached: { credentials: Credentials; until: number } | undefined;
  return async () => {
    if (cached === undefined || cached.until <= Date.now()) {
      cached = await runExec(spec, cluster, folder);
    }
    return cached.credentials;
  };
}

async function runExec(spec: JsonObject, cluster: JsonObject, folder: string | undefined) {
  const name = stringAt(spec, "command") ?? "";
  const command = folder !== undefined && name.includes("/") ? path.resolve(folder, name) : name;
  const args = listAt(spec, "args").map(String);
  const env: NodeJS.ProcessEnv = {};
  for (const entry of listAt(spec, "env")) env[stringAt(entry, "name") ?? ""] = stringAt(entry, "value") ?? "";
  const info = {
    apiVersion: stringAt(spec, "apiVersion") ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: { interactive: false, ...(at(spec, "provideClusterInfo") === true ? { cluster: execCluster(cluster) } : {}) },
  };
  const environment = { ...process.env, ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  let status: unknown;
  try {
    const { stdout } = await run(command, args, { env: environment, timeout: 60_000 });
    status = at(JSON.parse(stdout), "status");
  } catch (error) {
    // Neither output nor arguments are repeated: they may hold the credential.
    const code = (error as NodeJS.ErrnoException).code ?? "bad output";
    throw new Error(`the kubeconfig's credential command "${name}" failed (${code})`);
  }
  const token = stringAt(status, "token");
  const expires = Date.parse(stringAt(status, "expirationTimestamp") ?? "");
  return {
    credentials: definedOnly({
      cert: stringAt(status, "clientCertificateData"),
      key: stringAt(status, "clientKeyData"),
      authorization: token === undefined ? undefined : `Bearer ${token}`,
    }),
    until: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires - 10_000,
  };
}

function execCluster(cluster: JsonObject): JsonObject {
  const keys = ["server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url"];
  return Object.fromEntries(keys.flatMap((key) => (cluster[key] === undefined ? [] : [[key, cluster[key]]])));
}

/** The PEM text of `KEY-data` (base64), else the content of the file that `KEY` names. */
function material(entry: JsonObject, key: string, folder: string | undefined): Buffer | undefined {
  const data = stringAt(entry, `${key}-data`);
  if (data) {
    return Buffer.from(data, "base64");
  }
  const file = stringAt(entry, key);
  return file ? fs.readFileSync(resolve(file, folder)) : undefined;
}

function resolve(file: string, folder: string | undefined): string {
  return folder === undefined ? path.resolve(file) : path.resolve(folder, file);
}

function definedOnly(credentials: { [K in keyof Credentials]: Credentials[K] | undefined }): Credentials {
  return Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== undefined));
}
