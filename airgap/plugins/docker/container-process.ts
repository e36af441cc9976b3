/** The properties that say what runs in a container, and how it is treated. */
import type { Rule } from "../lib/schema";
import type { Value } from "../lib/values";
import { FLAG, handling, LIST, NUMBER, own, host, SET, TEXT, type ContainerBody, type ContainerFields } from "./container-field";
import { duration, nanoseconds } from "./durations";
import { fromLabels, LABELS, type Label } from "./labels";

const DURATION: Rule = {
  type: "string",
  default: "0s",
  test: (text) => (nanoseconds(text) === undefined ? "a duration such as 1m30s" : undefined),
};

interface Healthcheck {
  tests?: string[];
  interval: string;
  timeout: string;
  startPeriod: string;
  startInterval: string;
  retries: number;
}

const HEALTHCHECK: Rule = {
  type: "object",
  properties: {
    tests: LIST,
    interval: DURATION,
    timeout: DURATION,
    startPeriod: DURATION,
    startInterval: DURATION,
    retries: { ...NUMBER, default: 0 },
  },
};

/** Restart policies are one thing to the engine and two properties here. */
function restartPolicy(body: ContainerBody): Record<string, unknown> {
  return (body.HostConfig["RestartPolicy"] ??= {}) as Record<string, unknown>;
}

export const PROCESS_FIELDS: ContainerFields = {
  name: { rule: TEXT, read: (c) => c.Name.replace(/^\//, "") },
  // Read apart from the others: what it is compared with depends on how it was named.
  image: own("Image", { ...TEXT, required: true }, { read: undefined }),
  command: own("Cmd", LIST, { computed: true }),
  entrypoints: own("Entrypoint", LIST, { computed: true }),
  // The engine's environment and labels are those of the image too, so nothing can be said of them from there.
  envs: own("Env", SET, { computed: true, read: undefined }),
  labels: {
    rule: LABELS,
    computed: true,
    write: (body, v: Label[]) => {
      body["Labels"] = fromLabels(v);
    },
  },
  hostname: own("Hostname", TEXT, { computed: true }),
  domainname: own("Domainname", TEXT),
  // Where they are not given, user and folder are the image's.
  user: own("User", TEXT, { computed: true }),
  workingDir: own("WorkingDir", TEXT, { computed: true }),
  tty: own("Tty", { ...FLAG, default: false }),
  stdinOpen: own("OpenStdin", { ...FLAG, default: false }),
  stopSignal: own("StopSignal", TEXT, { computed: true }),
  stopTimeout: own("StopTimeout", NUMBER, { computed: true }),
  init: host("Init", FLAG, { computed: true, read: (c) => c.HostConfig["Init"] === true }),
  healthcheck: {
    rule: HEALTHCHECK,
    computed: true,
    write: (body, v: Healthcheck) => {
      body["Healthcheck"] = {
        Test: v.tests,
        Interval: nanoseconds(v.interval),
        Timeout: nanoseconds(v.timeout),
        StartPeriod: nanoseconds(v.startPeriod),
        // Engines of old do not know it, and refuse nothing that they do not know.
        StartInterval: nanoseconds(v.startInterval),
        Retries: v.retries,
      };
    },
    read: (c) => readHealthcheck(c.Config["Healthcheck"] as EngineHealthcheck | null | undefined),
  },
  restart: {
    rule: { ...TEXT, default: "no", oneOf: ["no", "on-failure", "always", "unless-stopped"] } as Rule,
    updatable: true,
    write: (body, v: string) => {
      restartPolicy(body)["Name"] = v;
    },
    read: (c) => (c.HostConfig["RestartPolicy"] as { Name: string } | undefined)?.Name,
  },
  maxRetryCount: {
    rule: NUMBER,
    updatable: true,
    write: (body, v: number) => {
      restartPolicy(body)["MaximumRetryCount"] = v;
    },
    read: (c) => (c.HostConfig["RestartPolicy"] as { MaximumRetryCount: number } | undefined)?.MaximumRetryCount,
  },
  rm: host("AutoRemove", { ...FLAG, default: false }),
  mustRun: handling({ ...FLAG, default: true }),
  start: handling({ ...FLAG, default: true }),
  wait: handling({ ...FLAG, default: false }),
  waitTimeout: handling({ type: "integer", default: 60, min: 0 }),
  removeVolumes: handling({ ...FLAG, default: true }),
  destroyGraceSeconds: handling({ type: "integer", min: 0 }),
  containerReadRefreshTimeoutMilliseconds: handling({ ...NUMBER, default: 15000 }),
};

interface EngineHealthcheck {
  Test?: string[] | null;
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

function readHealthcheck(h: EngineHealthcheck | null | undefined): Value | undefined {
  if (!h) return undefined;
  return {
    tests: h.Test ?? [],
    interval: duration(h.Interval),
    timeout: duration(h.Timeout),
    startPeriod: duration(h.StartPeriod),
    startInterval: duration(h.StartInterval),
    retries: h.Retries ?? 0,
  };
}
