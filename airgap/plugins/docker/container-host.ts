/** The properties that say what a container has of its host: networks, ports, files, rights and limits. */
import type { Rule } from "../lib/schema";
import type { Value } from "../lib/values";
import { FLAG, host, MAP, NUMBER, refused, SET, TEXT, type ContainerFields } from "./container-field";
import { MOUNT_FIELDS } from "./container-mounts";
import { readPorts, writePorts, type Port } from "./ports";

const MIB = 1024 * 1024;

const NETWORKS: Rule = {
  type: "array",
  unordered: true,
  items: {
    type: "object",
    properties: {
      name: { ...TEXT, required: true },
      aliases: SET,
      ipv4Address: TEXT,
      ipv6Address: TEXT,
      linkLocalIps: SET,
      macAddress: TEXT,
      driverOpts: SET,
      gwPriority: { type: "refused" },
    },
  },
};

const PORTS: Rule = {
  type: "array",
  unordered: true,
  items: {
    type: "object",
    properties: {
      internal: { ...NUMBER, required: true },
      external: NUMBER,
      ip: { ...TEXT, default: "0.0.0.0" },
      protocol: { type: "string", default: "tcp", oneOf: ["tcp", "udp", "sctp"] },
    },
  },
};

const HOSTS: Rule = {
  type: "array",
  unordered: true,
  items: { type: "object", properties: { host: { ...TEXT, required: true }, ip: { ...TEXT, required: true } } },
};

const LIMIT: Rule = { ...NUMBER, required: true };
const ULIMITS: Rule = {
  type: "array",
  unordered: true,
  items: { type: "object", properties: { name: { ...TEXT, required: true }, soft: LIMIT, hard: LIMIT } },
};

/** Rights as the engine has them: in capitals, with their prefix. */
function capabilities(list: Value | undefined): string[] {
  return ((list ?? []) as string[]).map((name) => `CAP_${name.toUpperCase().replace(/^CAP_/, "")}`).sort();
}

export const HOST_FIELDS: ContainerFields = {
  ...MOUNT_FIELDS,
  networkMode: host("NetworkMode", { ...TEXT, default: "bridge" }),
  // Joined one by one after the container is made; see container-networks.ts.
  networksAdvanced: { rule: NETWORKS },
  ports: {
    rule: PORTS,
    partial: true,
    write: (body, v: Port[]) => Object.assign(body, writePorts(v, body)),
    // A container that does not run has no ports; that is no change of what was asked.
    read: (c) => (c.State.Running ? readPorts(c.NetworkSettings.Ports) : undefined),
    // Ports are also published because the image exposes them.
    readIfAsked: true,
  },
  publishAllPorts: host("PublishAllPorts", FLAG),
  dns: host("Dns", SET),
  dnsOpts: host("DnsOptions", SET),
  dnsSearches: host("DnsSearch", SET),
  hosts: {
    rule: HOSTS,
    write: (body, v: { host: string; ip: string }[]) => {
      body.HostConfig["ExtraHosts"] = v.map(({ host: name, ip }) => `${name}:${ip}`);
    },
    read: (c) =>
      ((c.HostConfig["ExtraHosts"] as string[] | null) ?? []).map((line) => {
        // Addresses may hold colons themselves, names may not.
        const at = line.indexOf(":");
        return { host: line.slice(0, at), ip: line.slice(at + 1) };
      }),
  },
  privileged: host("Privileged", FLAG),
  capabilities: {
    rule: { type: "object", properties: { adds: SET, drops: SET } },
    normalize: (v) => {
      const { adds, drops } = (v ?? {}) as Record<string, Value>;
      return { adds: capabilities(adds), drops: capabilities(drops) };
    },
    write: (body, v: { adds?: string[]; drops?: string[] }) =>
      Object.assign(body.HostConfig, { CapAdd: v.adds, CapDrop: v.drops }),
    read: (c) => {
      const [adds, drops] = [c.HostConfig["CapAdd"], c.HostConfig["CapDrop"]] as (string[] | null)[];
      return adds?.length || drops?.length ? { adds: adds ?? [], drops: drops ?? [] } : undefined;
    },
  },
  securityOpts: host("SecurityOpt", SET, { computed: true }),
  groupAdds: host("GroupAdd", SET),
  runtime: host("Runtime", TEXT, { computed: true }),
  pidMode: host("PidMode", TEXT),
  ipcMode: host("IpcMode", TEXT, { computed: true }),
  usernsMode: host("UsernsMode", TEXT),
  cgroupnsMode: host("CgroupnsMode", { type: "string", oneOf: ["private", "host"] }, { read: undefined }),
  cgroupParent: host("CgroupParent", TEXT, { read: undefined }),
  sysctls: host("Sysctls", MAP),
  ulimits: {
    rule: ULIMITS,
    write: (body, v: { name: string; soft: number; hard: number }[]) => {
      body.HostConfig["Ulimits"] = v.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard }));
    },
  },
  readOnly: host("ReadonlyRootfs", { ...FLAG, default: false }),
  shmSize: mebibytes("ShmSize", { computed: true }),
  memory: mebibytes("Memory", { updatable: true }),
  memoryReservation: mebibytes("MemoryReservation", { updatable: true, default: 0 }),
  logDriver: {
    rule: TEXT,
    computed: true,
    write: (body, v: string) => Object.assign((body.HostConfig["LogConfig"] ??= {}), { Type: v }),
    read: (c) => (c.HostConfig["LogConfig"] as { Type: string } | undefined)?.Type,
  },
  logOpts: {
    rule: MAP,
    write: (body, v: object) => Object.assign((body.HostConfig["LogConfig"] ??= {}), { Config: v }),
  },
  attach: { rule: { type: "boolean", only: false, default: false }, updatable: true },
  logs: { rule: { type: "boolean", only: false, default: false }, updatable: true },
  uploads: refused("mount a file, or put it into the image"),
  ...Object.fromEntries(
    ["cpuPeriod", "cpuQuota", "cpuSet", "cpuShares", "cpus", "deviceCgroupRules", "deviceReadBps"]
      .concat("deviceReadIops", "deviceRequests", "devices", "deviceWriteBps", "deviceWriteIops", "gpus", "memorySwap")
      .concat("platform", "storageOpts")
      .map((name) => [name, refused()]),
  ),
};

/** A size that the resource has in mebibytes and the engine in bytes. */
function mebibytes(key: string, more: { computed?: boolean; updatable?: boolean; default?: number }) {
  const { default: standard, ...rest } = more;
  return host(
    key,
    { type: "integer", min: 0, ...(standard !== undefined && { default: standard }) },
    {
      ...rest,
      write: (body, v: number) => {
        body.HostConfig[key] = v * MIB;
      },
      read: (c) => Math.floor(((c.HostConfig[key] as number | undefined) ?? 0) / MIB),
    },
  );
}

