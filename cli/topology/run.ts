import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "../../lib/errors";
import { replaceFile } from "../../lib/writable";
import type { Target } from "../verify/targets";
import type { Format } from "./format";
import { readTopology } from "./gather";
import { topologyHtml } from "./html";
import { topologyMermaid } from "./mermaid";
import type { Topology } from "./schema";
import { topologySvg } from "./svg";
import { topologyText } from "./text";

/** Seconds from one reading of the mesh to the next with `--watch`. */
const RENEW_SECONDS = 5;

/** How the mesh is shown. */
export interface TopologyOptions {
  readonly format: Format;
  /** Width of a picture in pixels. */
  readonly width: number;
  /** File that it is written to; standard output unless given. */
  readonly output?: string;
  /** Whether it is renewed until the signal ends it. */
  readonly watch: boolean;
  readonly signal: AbortSignal;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
  /** Called when there is something to show: no progress is said any more. */
  readonly done: () => void;
  /** Where it goes without a file. */
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Shows the mesh, once or again and again.
 *
 * @param read reads it.
 * @returns the exit code: 0 when nothing fails and everything could be read, else 1; 0 when the signal ended it.
 */
export async function showTopology(targets: readonly Target[], options: TopologyOptions, read = readTopology): Promise<number> {
  const { watch, signal, progress } = options;
  for (;;) {
    const topology = await unlessEnded(read(targets, signal, progress), options);
    if (topology === undefined) return EXIT.ok;
    show(topology, options);
    if (!watch) return topology.condition === "fail" || topology.condition === "unknown" ? EXIT.failed : EXIT.ok;
    await unlessEnded(sleep(RENEW_SECONDS * 1000, undefined, { signal }), options);
    if (signal.aborted) return EXIT.ok;
  }
}

/** What is done; undefined when it was ended meanwhile: with `--watch`, that is how it is meant to end. */
async function unlessEnded<T>(work: Promise<T>, { watch, signal }: TopologyOptions): Promise<T | undefined> {
  const ended = new Promise<undefined>((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
  try {
    return await Promise.race([work, ended]);
  } catch (error) {
    if (watch && signal.aborted) return undefined;
    throw error;
  }
}

function show(topology: Topology, options: TopologyOptions): void {
  const { output, watch, stdout, format, done } = options;
  done();
  if (output !== undefined) return replaceFile(output, rendered(topology, options, false));
  const text = rendered(topology, options, stdout.isTTY);
  // A terminal shows the newest alone; a file or a pipe gets all of them.
  if (watch && stdout.isTTY) stdout.write(`\x1b[H\x1b[2J${text}`);
  else stdout.write(watch && format !== "json" ? `${text}\n` : text);
}

/** The mesh in a format, with a newline at its end. */
export function rendered(topology: Topology, { format, width, watch }: Pick<TopologyOptions, "format" | "width" | "watch">, colour: boolean): string {
  switch (format) {
    case "text":
      return `${topologyText(topology, colour)}\n`;
    case "mermaid":
      return `${topologyMermaid(topology)}\n`;
    case "svg":
      return topologySvg(topology, width);
    case "html":
      return topologyHtml(topology, watch ? RENEW_SECONDS : undefined);
    case "json":
      return `${JSON.stringify(topology, undefined, watch ? undefined : 2)}\n`;
  }
}
