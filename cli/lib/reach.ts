import * as http from "node:http";
import * as https from "node:https";
import * as tls from "node:tls";
import type { Duplex } from "node:stream";

/** An official download site, with a URL that shows whether it can be used. */
export interface Site {
  /** What comes from there. */
  readonly what: string;
  readonly url: string;
}

/** The sites of official downloads: Pulumi and its plugins, images, Istio's charts, MetalLB's chart. */
export const OFFICIAL_SITES: readonly Site[] = [
  { what: "Pulumi", url: "https://get.pulumi.com/" },
  { what: "images", url: "https://registry-1.docker.io/v2/" },
  { what: "Istio's charts", url: "https://istio-release.storage.googleapis.com/charts/index.yaml" },
  { what: "MetalLB's chart", url: "https://metallb.github.io/metallb/index.yaml" },
];

/** Time after which a site counts as out of reach. */
const TIMEOUT_MS = 3000;

/**
 * Which sites do not answer; all are asked at the same time. Any answer of the site itself counts, even one that asks for credentials. A
 * proxy's refusal or somebody else's certificate does not.
 */
export async function outOfReach(sites: readonly Site[], env: NodeJS.ProcessEnv = process.env): Promise<Site[]> {
  const reachable = await Promise.all(sites.map((site) => answers(new URL(site.url), env)));
  return sites.filter((_site, index) => !reachable[index]);
}

async function answers(url: URL, env: NodeJS.ProcessEnv): Promise<boolean> {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  try {
    const socket = proxy ? await tunnel(new URL(proxy), url.hostname) : undefined;
    return await new Promise<boolean>((resolve) => {
      const request = https.request(url, {
        method: "HEAD",
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        createConnection: socket && (() => tls.connect({ socket, servername: url.hostname })),
      });
      request.once("response", (response) => {
        response.destroy();
        resolve((response.statusCode ?? 500) < 500);
      });
      request.once("error", () => resolve(false));
      request.end();
    });
  } catch {
    return false;
  }
}

/** A connection to the site's HTTPS port through a proxy. */
function tunnel(proxy: URL, host: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const authorization = Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString("base64");
    const request = http.request({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: "CONNECT",
      path: `${host}:443`,
      headers: proxy.username ? { "Proxy-Authorization": `Basic ${authorization}` } : {},
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    request.once("connect", (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else reject(new Error(`the proxy answered ${response.statusCode}`));
    });
    request.once("error", reject);
    request.end();
  });
}
