/** Most memory that what observes a cluster may take there, in MiB, where nobody says otherwise. */
export const DEFAULT_MEMORY_MIB = 400;
/** Traces that Jaeger keeps where nobody says otherwise. */
export const DEFAULT_TRACES = 1_000;
/** Limit of each of the two sidecars, in MiB. They know only of what observes the mesh, so this does not grow with the mesh. */
export const SIDECAR_MIB = 72;
/** What Jaeger takes without traces, in MiB. */
const JAEGER_MIB = 96;
/** What a trace takes in Jaeger, in KiB: some ten spans of a proxy, with their tags. */
const TRACE_KIB = 24;
/** With less Prometheus does not start reliably, in MiB. */
const LEAST_PROMETHEUS_MIB = 128;

/** What the memory of a cluster's observers is for. */
export interface ObserverMemory {
  /** Most memory that all of them may take together, in MiB. */
  readonly memoryMiB: number;
  /** Traces that Jaeger keeps. */
  readonly maxTraces: number;
}

/** The limit of Jaeger's container, in MiB. */
export function jaegerMiB(maxTraces: number): number {
  return JAEGER_MIB + Math.ceil((maxTraces * TRACE_KIB) / 1024);
}

/** The limit of Prometheus' container, in MiB: what the sidecars and Jaeger leave of the whole. */
export function prometheusMiB({ memoryMiB, maxTraces }: ObserverMemory): number {
  return memoryMiB - 2 * SIDECAR_MIB - jaegerMiB(maxTraces);
}

/** The least memory with which all of them work, in MiB. */
export function leastMemoryMiB(maxTraces: number): number {
  return LEAST_PROMETHEUS_MIB + 2 * SIDECAR_MIB + jaegerMiB(maxTraces);
}
