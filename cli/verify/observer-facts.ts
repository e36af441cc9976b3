import type { Result } from "./result";

/** Whether Prometheus or Jaeger of a cluster answers. */
export interface ObserverFacts {
  readonly app: "prometheus" | "jaeger";
  readonly answers: Result<undefined>;
  /** Keys of the clusters whose Prometheus it cannot read. */
  readonly unread: readonly string[];
}
