/** The properties of the Container resource: how each is written to the engine's interface, and read from it. */
import type { Rule } from "../lib/schema";
import type { Value } from "../lib/values";
import { refused, rulesOf, type Field } from "./bridged";

/** The engine's request to create a container. */
export interface ContainerBody {
  HostConfig: Record<string, unknown>;
  [key: string]: unknown;
}

/** The fields of the engine's description of a container that are read. */
export interface ContainerInspect {
  Id: string;
  Name: string;
  /** The image's id. */
  Image: string;
  State: { Running: boolean; ExitCode: number };
  /** The image's name as it was given, and what is run. */
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
  /** Writes it into the request; called only for given properties, with secrets in plain text. */
  write?(body: ContainerBody, v: never): void;
  /** Reads it from the engine's description; undefined where that does not say, and the state stays as it is. */
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

/** Properties that can only have the official plugin's defaults, which it writes into the inputs. */
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

/** Those of them whose change replaces the container. */
const REPLACING = ["readOnly", "stdinOpen", "tty"];

interface Port {
  internal: number;
  /** When undefined, the engine chooses a free one. */
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

/** Every property of the Container resource, supported or refused. */
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
  // Not read: what the engine reports includes the image's own variables and labels.
  envs: { rule: SET, computed: true, write: (body, v: string[]) => void (body["Env"] = v) },
  labels: {
    rule: setOf({ label: NAME, value: NAME }),
    computed: true,
    write: (body, v: { label: string; value: string }[]) => {
      body["Labels"] = Object.fromEntries(v.map(({ label, value }) => [label, value]));
    },
  },
  // A change is written to the state but not applied, as by the official plugin.
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
  // Joined one by one after the container is created; they are not read from the engine.
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
    // With 0, the engine chooses.
    (bindings[key] ??= []).push({ HostPort: String(external), HostIp: ip });
  }
  body["ExposedPorts"] = exposed;
  body.HostConfig["PortBindings"] = bindings;
}

/** The published ports, sorted by their internal numbers. */
function readPorts(c: ContainerInspect): Value[] {
  return Object.entries(c.NetworkSettings.Ports ?? {})
    .flatMap(([key, bindings]) => {
      const [internal, protocol = "tcp"] = key.split("/");
      return (bindings ?? []).map((b) => ({ internal: Number(internal), external: Number(b.HostPort), ip: b.HostIp, protocol }));
    })
    .sort((a, b) => a.internal - b.internal);
}

/** Fills in the external ports that the engine chose, by position in the list, whatever the internal ports are. */
function fillPorts(want: Value, have: Value): Value {
  if (!Array.isArray(want) || !Array.isArray(have)) return want;
  const [wanted, had] = [want, have] as unknown as [Port[], Partial<Port>[]];
  return wanted.map((port, at) => ({ ...port, external: port.external || (had[at]?.external ?? 0) }));
}
