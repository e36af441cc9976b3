/** The discovery proxy as a process on this machine, in front of an API server without Docker. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { parse } from "yaml";
import { envoyFiles } from "../../../../components/discovery/envoy";
import { run } from "../../../support/run";
import { until } from "../../../support/wait";
import type { ApiServer } from "../../support/api-server";
import { airgapBinary } from "../../support/home";
import { returnPorts, takePorts } from "../../support/ports";

/** The name in the proxy's certificate. */
export const HOST = "east.discovery.usmesh.internal";

/** An answer of the proxy. */
export interface Answer {
  /** HTTP status; 0 where the connection was closed without one. */
  readonly status: number;
  readonly body: string;
}

export class ProxyUnderTest {
  private readonly folder = mkdtempSync(join(tmpdir(), "usmesh-discovery-"));
  private issued = 0;
  private child?: ChildProcess;
  private said = "";

  private constructor(
    readonly port: number,
    readonly statusPort: number,
    private readonly adminPort: number,
  ) {}

  /** Starts a proxy in front of a server and waits until it is ready. `stop` it in the end. */
  static async start(server: ApiServer, system = "istio-system"): Promise<ProxyUnderTest> {
    const [port, statusPort, adminPort] = (await takePorts(3)) as readonly [number, number, number];
    const proxy = new ProxyUnderTest(port, statusPort, adminPort);
    await proxy.prepare(server, system);
    await proxy.launch();
    return proxy;
  }

  /** PEM of the authority of the proxy's certificates. */
  get authority(): string {
    return readFileSync(join(this.folder, "ca.pem"), "utf8");
  }

  /** Id of the process. */
  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** What it has logged. */
  get log(): string {
    return this.said;
  }

  private async prepare(server: ApiServer, system: string): Promise<void> {
    const config = join(this.folder, "config");
    mkdirSync(config);
    mkdirSync(join(this.folder, "certificate"));
    await run("openssl", ["req", "-x509", ...newKey("ca"), "-out", "ca.pem", "-days", "30", "-subj", "/CN=discovery CA"], { cwd: this.folder });
    await this.renew();
    const { clusters } = parse(server.kubeconfig) as { clusters: [{ cluster: { "certificate-authority-data": string } }] };
    writeFileSync(join(this.folder, "api-server.pem"), Buffer.from(clusters[0].cluster["certificate-authority-data"], "base64"));
    const at = { config, certificate: join(this.folder, "certificate"), apiServerCA: join(this.folder, "api-server.pem"), port: this.port, statusPort: this.statusPort, adminPort: this.adminPort };
    const files = envoyFiles({ system, logAll: true, apiServer: { host: "127.0.0.1", port: Number(new URL(server.url).port) }, at });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(config, name), text);
  }

  /** Issues another certificate and puts it in place as the kubelet does: all files at once, by a link. */
  async renew(): Promise<void> {
    const data = `data-${(this.issued += 1)}`;
    const at = join(this.folder, "certificate", data);
    mkdirSync(at);
    writeFileSync(join(at, "extensions"), `subjectAltName=DNS:${HOST}\nextendedKeyUsage=serverAuth\n`);
    await run("openssl", ["req", "-new", ...newKey("tls"), "-out", "tls.csr", "-subj", `/CN=${data}`], { cwd: at });
    const signer = ["-CA", join(this.folder, "ca.pem"), "-CAkey", join(this.folder, "ca.key"), "-CAcreateserial", "-extfile", "extensions"];
    await run("openssl", ["x509", "-req", "-in", "tls.csr", ...signer, "-days", "10", "-out", "tls.crt"], { cwd: at });
    const [link, fresh] = ["..data", "..data_tmp"].map((name) => join(this.folder, "certificate", name)) as [string, string];
    symlinkSync(data, fresh);
    renameSync(fresh, link);
    if (this.issued > 1) return;
    for (const file of ["tls.crt", "tls.key"]) symlinkSync(join("..data", file), join(this.folder, "certificate", file));
  }

  private async launch(): Promise<void> {
    const args = ["--config-path", join(this.folder, "config", "envoy.yaml"), "--concurrency", "2", "--disable-hot-restart", "--log-level", "warn"];
    this.child = spawn(airgapBinary("envoy"), args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
    const isReady = async (): Promise<boolean> => (await this.status("/ready").catch(() => undefined)) === 200;
    await until("the discovery proxy to be ready", isReady, { timeoutMs: 30_000, intervalMs: 100, seen: () => this.said });
  }

  /** The status of a path of its plain port. */
  async status(path: string): Promise<number> {
    return (await fetch(`http://127.0.0.1:${this.statusPort}${path}`, { signal: AbortSignal.timeout(5000) })).status;
  }

  /** Sends one request by HTTP/2, with a path that nothing on this side changes. */
  async http2(path: string, token: string, headers: Record<string, string> = {}): Promise<Answer> {
    const session = connectHttp2(`https://127.0.0.1:${this.port}`, { ca: this.authority, servername: HOST });
    session.on("error", () => undefined);
    try {
      return await new Promise<Answer>((resolve) => {
        const stream = session.request({ ":path": path, ":method": "GET", authorization: `Bearer ${token}`, ...headers });
        let [status, body] = [0, ""];
        stream.on("response", (answer) => (status = Number(answer[":status"])));
        stream.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
        stream.on("error", () => undefined);
        stream.on("close", () => resolve({ status, body }));
        stream.setTimeout(3000, () => stream.close());
        stream.end();
      });
    } finally {
      session.destroy();
    }
  }

  /** Sends bytes by HTTP/1.1 as they are, and gives back everything that came until the connection was silent for a while. */
  async raw(bytes: string): Promise<string> {
    const socket = tls.connect({ host: "127.0.0.1", port: this.port, ca: this.authority, servername: HOST, ALPNProtocols: ["http/1.1"] });
    await once(socket, "secureConnect");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.write(bytes);
    await new Promise<void>((resolve) => {
      socket.setTimeout(400, resolve);
      socket.on("close", () => resolve());
    });
    socket.destroy();
    return answer;
  }

  /** The common name of the certificate that a new connection is shown. */
  async presented(): Promise<string> {
    const socket = tls.connect({ host: "127.0.0.1", port: this.port, ca: this.authority, servername: HOST });
    await once(socket, "secureConnect");
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null) {
      this.child.kill("SIGKILL");
      await once(this.child, "exit");
    }
    returnPorts([this.port, this.statusPort, this.adminPort]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function newKey(name: string): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
}
