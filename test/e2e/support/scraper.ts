import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { until } from "../../support/wait";
import { NAMES, type TestMesh } from "./mesh";

/** A value by its series: the name, and the labels in order, such as `mesh_pair_up{from="west",to="east"}`. */
export type Values = ReadonlyMap<string, number>;

interface Vector {
  readonly data?: { readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[] };
}

/** A Prometheus on this machine's own network, in the image that the mesh's clusters have, until it is stopped. */
export class Scraper {
  private constructor(
    private readonly mesh: TestMesh,
    private readonly name: string,
    private readonly port: number,
  ) {}

  /** Starts one with a configuration, and waits until it answers. */
  static async start(mesh: TestMesh, image: string, config: string): Promise<Scraper> {
    const file = path.join(mesh.home, "scraper.yaml");
    fs.writeFileSync(file, config, { mode: 0o644 });
    const scraper = new Scraper(mesh, `${NAMES.network}-scraper`, await freePort());
    const container = `--name ${scraper.name} --network host --user 65534:65534 --tmpfs /prometheus:mode=1777 ${image}`;
    const args = `--config.file=/scraper.yaml --storage.tsdb.path=/prometheus --web.listen-address=127.0.0.1:${scraper.port}`;
    try {
      // Copied, not mounted: the engine need not see this folder.
      await mesh.sh(`docker create ${container} ${args} && docker cp ${file} ${scraper.name}:/scraper.yaml && docker start ${scraper.name}`);
      await until("Prometheus to answer", () => scraper.answers());
      return scraper;
    } catch (error) {
      const { stdout, stderr } = await mesh.shell(`docker logs ${scraper.name}`);
      await scraper.stop();
      throw new Error(`${(error as Error).message}\n${stdout}${stderr}`);
    }
  }

  /** What a query gives now, without the labels that say where it was read. */
  async query(expression: string): Promise<Values> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data } = (await response.json()) as Vector;
    return new Map((data?.result ?? []).map(({ metric: { __name__: name = "", instance: _host, job: _job, ...labels }, value }) => [seriesName(name, labels), Number(value[1])]));
  }

  async stop(): Promise<void> {
    await this.mesh.shell(`docker rm --force --volumes ${this.name}`);
  }

  private async answers(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

/** The values in Prometheus' text format. */
export function valuesIn(text: string): Values {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[seriesName(name, labelsIn(labels)), Number(value)]];
    }),
  );
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = "", value = ""]) => [label, value]));
}

function seriesName(name: string, labels: Readonly<Record<string, string>>): string {
  // A bound of a histogram is a number, which Prometheus writes in its own way.
  const number = (text: string): string => (text === "+Inf" ? text : String(Number(text)));
  const texts = Object.entries(labels).map(([label, value]) => `${label}="${label === "le" ? number(value) : value}"`);
  return `${name}{${texts.sort().join(",")}}`;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
