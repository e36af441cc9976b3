/** The properties of the Container resource: how each is said in the engine's words, and read from there. */
import type { Rule } from "../lib/schema";
import type { Value } from "../lib/values";
import { refused, rulesOf, type Field } from "./bridged";

/** What the engine is asked for when it makes a container. Its keys are the engine's. */
export interface ContainerBody {
  HostConfig: Record<string, unknown>;
  [key: string]: unknown;
}

/** A container as the engine describes it, as far as it is read. */
export interface ContainerInspect {
  Id: string;
  Name: string;
  /** The image's id. */
  Image: string;
  State: { Running: boolean; ExitCode: number };
  /** The image as it was named, and what runs. */
  Config: { Image: string; Cmd: string[] | null; Entrypoint: string[] | null };
  HostConfig: {
    Init?: boolean | null;
    NetworkMode: string;
    RestartPolicy: { Name: string };
    Mounts?: { Target: string; Type: string; Source?: string; ReadOnly?: boolean }[] | null;
  };
  NetworkSettings: {
    Ports?: Record<string, { HostIp: string; HostPort: string }[] | null> | null;
    Networks?: Record<string, { IPAddress: string; IPPrefixLen: number; Gateway: string; MacAddress: string }> | null;
  };
}

/** One property of the Container resource. */
export interface ContainerField extends Field {
  /** Says it to the engine; called with values in the clear, only for what is given. */
  write?(body: ContainerBody, v: never): void;
  /** What the engine has; undefined where it does not say, and the state stays as it is. */
  read?(c: ContainerInspect): Value | undefined;
}

const TEXT: Rule = { type: "string" };
const NAME: Rule = { ...TEXT, required: true };
const FLAG: Rule = { type: "boolean" };
const LIST: Rule = { type: "array", items: TEXT };
const SET: Rule = { ...LIST, unordered: true };

/** A set of objects. */
function setOf(properties: Record<string, Rule>): Rule {
  return { type: "array", unordered: true, items: { type: "object", properties } };
}

/** What always is as the official plugin has it by default; it notes them all in the inputs. */
const CONSTANTS: Record<string, boolean | number> = {
  attach: false,
  containerReadRefreshTimeoutMilliseconds: 15000,
  logs: false,
  memoryReservation: 0,
  mustRun: true,
  readOnly: false,
  removeVolumes: true,
  rm: false,
  start: true,
  stdinOpen: false,
  tty: false,
  wait: false,
  waitTimeout: 60,
};

/** Those of them whose change makes a new container. */
const REPLACING = ["readOnly", "stdinOpen", "tty"];

interface Port {
  internal: number;
  /** Absent: the engine takes a free one. */
  external?: number;
  ip: string;
  protocol: string;
}

interface Mount {
  target: string;
  type: string;
  source?: string;
  readOnly?: boolean;
}

/** Every property of the Container resource, done or refused. */
export const CONTAINER_FIELDS: Record<string, ContainerField> = {
  name: { rule: NAME, read: (c) => c.Name.replace(/^\//, "") },
  image: { rule: NAME, write: (body, v: string) => void (body["Image"] = v) },
  command: { rule: LIST, computed: true, write: (body, v: string[]) => void (body["Cmd"] = v), read: (c) => c.Config.Cmd ?? [] },
  entrypoints: {
    rule: LIST,
    computed: true,
    write: (body, v: string[]) => void (body["Entrypoint"] = v),
    read: (c) => c.Config.Entrypoint ?? [],
  },
  // The engine's environment and labels are those of the image too, so nothing can be said of them from there.
  envs: { rule: SET, computed: true, write: (body, v: string[]) => void (body["Env"] = v) },
  labels: {
    rule: setOf({ label: NAME, value: NAME }),
    computed: true,
    write: (body, v: { label: string; value: string }[]) => {
      body["Labels"] = Object.fromEntries(v.map(({ label, value }) => [label, value]));
    },
  },
  // Noted when it changes, and not done, as by the official plugin.
  init: {
    rule: FLAG,
    computed: true,
    updatable: true,
    write: (body, v: boolean) => void (body.HostConfig["Init"] = v),
    read: (c) => c.HostConfig.Init ?? false,
  },
  restart: {
    rule: { type: "string", default: "no", oneOf: ["no", "on-failure", "always", "unless-stopped"] },
    updatable: true,
    write: (body, v: string) => void (body.HostConfig["RestartPolicy"] = { Name: v }),
    read: (c) => c.HostConfig.RestartPolicy.Name,
  },
  networkMode: {
    rule: { type: "string", default: "bridge" },
    write: (body, v: string) => void (body.HostConfig["NetworkMode"] = v),
    read: (c) => c.HostConfig.NetworkMode,
  },
  // Joined one by one after the container is made; the engine is not asked for them again.
  networksAdvanced: {
    rule: setOf({
      name: NAME,
      aliases: SET,
      ipv4Address: TEXT,
      ...rulesOf(refused("driverOpts", "gwPriority", "ipv6Address", "linkLocalIps", "macAddress")),
    }),
  },
  ports: {
    rule: setOf({
      internal: { type: "integer", required: true },
      external: { type: "integer" },
      ip: { type: "string", default: "0.0.0.0" },
      protocol: { type: "string", default: "tcp", oneOf: ["tcp", "udp", "sctp"] },
    }),
    fill: fillPorts,
    write: writePorts,
    read: readPorts,
  },
  mounts: {
    rule: setOf({
      target: NAME,
      type: { type: "string", required: true, oneOf: ["bind", "volume", "tmpfs"] },
      source: TEXT,
      readOnly: FLAG,
      ...rulesOf(refused("bindOptions", "tmpfsOptions", "volumeOptions")),
    }),
    write: (body, v: Mount[]) => {
      body.HostConfig["Mounts"] = v.map((m) => ({ Target: m.target, Type: m.type, Source: m.source, ReadOnly: m.readOnly }));
    },
    read: (c) =>
      (c.HostConfig.Mounts ?? []).map((m) => ({ target: m.Target, type: m.Type, source: m.Source ?? "", readOnly: m.ReadOnly ?? false })),
  },
  ...Object.fromEntries(Object.entries(CONSTANTS).map(([name, value]) => [name, constant(value, !REPLACING.includes(name))])),
  ...refused("capabilities", "cgroupParent", "cgroupnsMode", "cpuPeriod", "cpuQuota", "cpuSet", "cpuShares", "cpus"),
  ...refused("destroyGraceSeconds", "deviceCgroupRules", "deviceReadBps", "deviceReadIops", "deviceRequests", "deviceWriteBps", "deviceWriteIops", "devices"),
  ...refused("dns", "dnsOpts", "dnsSearches", "domainname", "gpus", "groupAdds", "healthcheck", "hostname", "hosts", "ipcMode"),
  ...refused("logDriver", "logOpts", "maxRetryCount", "memory", "memorySwap", "pidMode", "platform", "privileged", "publishAllPorts"),
  ...refused("runtime", "securityOpts", "shmSize", "stopSignal", "stopTimeout", "storageOpts", "sysctls", "tmpfs", "ulimits"),
  ...refused("uploads", "user", "usernsMode", "volumes", "workingDir"),
};

function constant(value: boolean | number, updatable: boolean): ContainerField {
  return { rule: { type: "constant", value, default: value }, updatable };
}

function writePorts(body: ContainerBody, ports: Port[]): void {
  const exposed: Record<string, object> = {};
  const bindings: Record<string, { HostPort: string; HostIp: string }[]> = {};
  for (const { internal, external = 0, ip, protocol } of ports) {
    const key = `${internal}/${protocol}`;
    exposed[key] = {};
    // For 0 the engine chooses.
    (bindings[key] ??= []).push({ HostPort: String(external), HostIp: ip });
  }
  body["ExposedPorts"] = exposed;
  body.HostConfig["PortBindings"] = bindings;
}

/** The ports that are published, in the order of their inner numbers. */
function readPorts(c: ContainerInspect): Value[] {
  return Object.entries(c.NetworkSettings.Ports ?? {})
    .flatMap(([key, bindings]) => {
      const [internal, protocol = "tcp"] = key.split("/");
      return (bindings ?? []).map((b) => ({ internal: Number(internal), external: Number(b.HostPort), ip: b.HostIp, protocol }));
    })
    .sort((a, b) => a.internal - b.internal);
}

/** What the engine chose for outer ports is taken over by the place in the list, whichever inner port is there. */
function fillPorts(want: Value, have: Value): Value {
  if (!Array.isArray(want) || !Array.isArray(have)) return want;
  const [wanted, had] = [want, have] as unknown as [Port[], Partial<Port>[]];
  return wanted.map((port, at) => ({ ...port, external: port.external || (had[at]?.external ?? 0) }));
}
