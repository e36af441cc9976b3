import type { BenchCase } from "../case";
import type { CaseName } from "./about";

/** Each case is loaded when it runs: what they use takes seconds to load, and the help shall not. */
const LOADERS: Readonly<Record<CaseName, () => Promise<BenchCase>>> = {
  unit: async () => (await import("./unit.js")).unit,
  discovery: async () => (await import("./discovery.js")).discovery,
  scale: async () => (await import("./scale.js")).scale,
  up: async () => (await import("./up.js")).up,
  "scale-kind": async () => (await import("./scale-kind.js")).scaleKind,
  noop: async () => (await import("./noop.js")).noop,
  change: async () => (await import("./change.js")).change,
  verify: async () => (await import("./verify.js")).verify,
  propagation: async () => (await import("./propagation.js")).propagation,
  failover: async () => (await import("./failover.js")).failover,
  dataplane: async () => (await import("./dataplane.js")).dataplane,
  join: async () => (await import("./join.js")).join,
};

/** The case of a name. */
export function loadCase(name: CaseName): Promise<BenchCase> {
  return LOADERS[name]();
}
