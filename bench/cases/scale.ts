import { statSync } from "node:fs";
import { join } from "node:path";
import { openSite, type Site } from "../../test/integration/program/support/site";
import { done } from "../../test/integration/support/events";
import { readState } from "../../test/soak/support/state";
import type { BenchCase, Goal, Series } from "../case";
import { peakDuring } from "../lib/memory";
import { linePlot } from "../report/lines";
import { sizesFor } from "../sizes";
import { median } from "../statistics";
import { ABOUT } from "./about";

const STACK = "local";

/** How the clusters read each other. Through gateways each has an account for each other one, so there are some resources more with each. */
const WAYS = ["gateway", "apiServer"] as const;
type Way = (typeof WAYS)[number];
const SIDES: Readonly<Record<Way, string>> = { gateway: "through gateways", apiServer: "at API servers" };

/** What was measured at one size and in one way, of each run. */
export interface Size {
  readonly clusters: number;
  readonly way: Way;
  readonly up: number[];
  readonly noop: number[];
  readonly down: number[];
  readonly upMiB: number[];
  readonly noopMiB: number[];
  readonly resources: number[];
  readonly stateMiB: number[];
}

/** What is measured, in words. Those with `flat` are to be the same for each cluster, however many there are. */
const MEASURES = [
  { of: "up", name: "first up", unit: "s", flat: true },
  { of: "noop", name: "up without a change", unit: "s", flat: true },
  { of: "down", name: "down", unit: "s", flat: false },
  { of: "upMiB", name: "memory of command, engine, program and plugins, first up", unit: "MiB", flat: true },
  { of: "noopMiB", name: "memory of engine, program and plugins, up without a change", unit: "MiB", flat: true },
  { of: "resources", name: "resources", unit: "count", flat: true },
  { of: "stateMiB", name: "state", unit: "MiB", flat: false },
] as const;
type Measure = (typeof MEASURES)[number];

/** Milliseconds that a command may take: sixteen clusters on two cores were not up after 280 seconds. */
const LIMIT_MS = 3_600_000;

/** How much more of something a cluster of the largest mesh may take than one of two. */
const FLAT = 1.15;

/**
 * Each size is one stack on as many API servers, without Docker and without the demo, and with small charts in place of Istio's. So it
 * measures the program, the engine and the plugins, but neither image pulls nor Istio.
 */
export const scale: BenchCase = {
  name: "scale",
  ...ABOUT.scale,
  async run({ runs, signal, say }) {
    const sizes: Size[] = [];
    for (const clusters of sizesFor(process.availableMemory())) {
      signal.throwIfAborted();
      const keys = keysOf(clusters);
      const measured = WAYS.map((way): Size => ({ clusters, way, up: [], noop: [], down: [], upMiB: [], noopMiB: [], resources: [], stateMiB: [] }));
      const site = await openSite(keys, { light: false, limitMs: LIMIT_MS });
      try {
        for (let index = 1; index <= runs; index += 1) {
          for (const size of measured) {
            say(`scale: ${clusters} clusters ${SIDES[size.way]}, run ${index} of ${runs}`);
            site.configure(STACK, keys, { demo: false, peering: { through: size.way } });
            await measure(site, size, signal);
          }
        }
      } finally {
        await site.close();
      }
      sizes.push(...measured);
    }
    return { series: MEASURES.flatMap((one) => seriesOf(one, sizes)), goals: WAYS.flatMap((way) => flatGoals(inWay(sizes, way))), notes: NOTES, pictures: plots(sizes) };
  },
};

const NOTES = [
  "The clusters are API servers (etcd, API server, controllers) with simulated nodes, on the same cores. Nothing answers at their gateways, and no istiod reads: what is measured is making and comparing the resources.",
  "Through gateways each cluster has an account and a token for each other cluster: resources for each cluster grow with the clusters.",
  "The start of the engine and of the program is the same for any number of clusters, so each of two takes a larger share of it; “each further cluster” leaves it out.",
  "Memory is the most that all processes took together; what they share counts for each of them.",
];

/** Keys of so many clusters; the first two are those that the stack's file has. */
function keysOf(clusters: number): string[] {
  return ["west", "east", ...Array.from({ length: clusters - 2 }, (_, index) => `c${index + 3}`)];
}

/** Once up, once without a change, and down. */
async function measure(site: Site, into: Size, signal: AbortSignal): Promise<void> {
  const timed = async (task: () => Promise<unknown>, seconds: number[], mebibytes?: number[]): Promise<void> => {
    signal.throwIfAborted();
    const started = performance.now();
    const peak = await peakDuring(() => site.processIds(), task);
    seconds.push((performance.now() - started) / 1000);
    mebibytes?.push(peak);
  };
  await timed(() => site.meshDoes("up", STACK), into.up, into.upMiB);
  const { resources } = await readState(site, STACK);
  into.resources.push(resources.length);
  into.stateMiB.push(statSync(join(site.home, "state", ".pulumi", "stacks", "usmesh", `${STACK}.json`)).size / 2 ** 20);
  await timed(() => unchanged(site), into.noop, into.noopMiB);
  await timed(() => site.meshDoes("down", "--yes", STACK), into.down);
}

/** An `up` that has to change nothing. */
async function unchanged(site: Site): Promise<void> {
  const changes = done(await site.pulumi("up", STACK));
  if (changes.length > 0) throw new Error(`a second up changed something: ${changes.join(", ")}`);
}

function inWay(sizes: readonly Size[], way: Way): Size[] {
  return sizes.filter((size) => size.way === way);
}

function seriesOf({ of, name, unit }: Measure, sizes: readonly Size[]): Series[] {
  const series = (what: string, { way }: Size, values: readonly number[]): Series => ({ name: `${name}, ${what}`, side: SIDES[way], unit, values });
  const whole = sizes.map((size) => series(`${size.clusters} clusters`, size, size[of]));
  const each = sizes.map((size) => series(`for each of ${size.clusters} clusters`, size, size[of].map((value) => value / size.clusters)));
  const further = WAYS.flatMap((way) => {
    const own = inWay(sizes, way);
    return own.slice(1).map((size, index) => {
      const less = own[index]!;
      const value = (median(size[of]) - median(less[of])) / (size.clusters - less.clusters);
      return series(`each further cluster from ${less.clusters} to ${size.clusters}`, size, [value]);
    });
  });
  return [...whole, ...each, ...further];
}

/** What a cluster of the largest mesh takes, divided by what one of two takes. @param sizes of one way, the smallest first */
export function flatGoals(sizes: readonly Size[]): Goal[] {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const each = (size: Size, { of }: Measure): number => median(size[of]) / size.clusters;
  return MEASURES.filter(({ flat }) => flat).map((measured) => ({
    name: `${measured.name}, ${SIDES[last.way]}: each of ${last.clusters} clusters, beside each of ${first.clusters}`,
    actual: each(last, measured) / each(first, measured),
    atMost: FLAT,
    unit: "×",
  }));
}

function plots(sizes: readonly Size[]): Record<string, string> {
  return Object.fromEntries(
    MEASURES.filter(({ flat }) => flat).map(({ of, name, unit }) => {
      const curves = WAYS.map((way) => ({ name: SIDES[way], points: inWay(sizes, way).map((size) => ({ x: size.clusters, y: median(size[of]) / size.clusters })) }));
      return [`scale-${of.toLowerCase()}.svg`, linePlot(`${name}: for each cluster`, "clusters", unit, curves).svg()];
    }),
  );
}
