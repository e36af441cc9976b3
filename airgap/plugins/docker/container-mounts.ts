/** The properties that say what of the host's files a container sees. */
import type { Rule } from "../lib/schema";
import type { Value } from "../lib/values";
import { FLAG, host, MAP, NUMBER, TEXT, type ContainerFields } from "./container-field";
import { fromLabels, LABELS, toLabels, type Label } from "./labels";

interface Mount {
  target: string;
  type: string;
  source?: string;
  readOnly?: boolean;
  bindOptions?: { propagation?: string };
  tmpfsOptions?: { mode?: number; sizeBytes?: number };
  volumeOptions?: { driverName?: string; driverOptions?: Record<string, string>; labels?: Label[]; noCopy?: boolean };
}

interface EngineMount {
  Target: string;
  Type: string;
  Source?: string;
  ReadOnly?: boolean;
  BindOptions?: { Propagation?: string } | null;
  TmpfsOptions?: { Mode?: number; SizeBytes?: number } | null;
  VolumeOptions?: {
    NoCopy?: boolean;
    Labels?: Record<string, string> | null;
    DriverConfig?: { Name?: string; Options?: Record<string, string> | null } | null;
  } | null;
}

interface Volume {
  containerPath?: string;
  fromContainer?: string;
  hostPath?: string;
  readOnly?: boolean;
  selinuxRelabel?: string;
  volumeName?: string;
}

const PROPAGATION: Rule = { type: "string", oneOf: ["private", "rprivate", "shared", "rshared", "slave", "rslave"] };

const MOUNT: Rule = {
  type: "object",
  properties: {
    target: { ...TEXT, required: true },
    type: { type: "string", required: true, oneOf: ["bind", "volume", "tmpfs"] },
    source: TEXT,
    readOnly: FLAG,
    bindOptions: { type: "object", properties: { propagation: PROPAGATION } },
    tmpfsOptions: { type: "object", properties: { mode: NUMBER, sizeBytes: NUMBER } },
    volumeOptions: {
      type: "object",
      properties: { driverName: TEXT, driverOptions: MAP, labels: LABELS, noCopy: FLAG, subpath: { type: "refused" } },
    },
  },
};

const VOLUME: Rule = {
  type: "object",
  properties: {
    containerPath: TEXT,
    fromContainer: TEXT,
    hostPath: TEXT,
    readOnly: FLAG,
    selinuxRelabel: { type: "string", oneOf: ["z", "Z"] },
    volumeName: TEXT,
  },
};

export const MOUNT_FIELDS: ContainerFields = {
  mounts: {
    rule: { type: "array", items: MOUNT, unordered: true },
    write: (body, v: Mount[]) => {
      body.HostConfig["Mounts"] = v.map(toEngine);
    },
    read: (c) => ((c.HostConfig["Mounts"] as EngineMount[] | null | undefined) ?? []).map(fromEngine),
  },
  volumes: {
    rule: { type: "array", items: VOLUME, unordered: true },
    write: (body, v: Volume[]) => {
      const own = v.filter(({ containerPath }) => containerPath);
      body["Volumes"] = Object.fromEntries(own.map(({ containerPath }) => [containerPath, {}]));
      body.HostConfig["Binds"] = own.flatMap(bindOf);
      body.HostConfig["VolumesFrom"] = v.flatMap(({ fromContainer }) => fromContainer || []);
    },
  },
  tmpfs: host("Tmpfs", MAP),
};

/** What is wrong with volumes that no single property shows; undefined when nothing is. */
export function volumeComplaint(volumes: Value | undefined): string | undefined {
  const all = (Array.isArray(volumes) ? volumes : []) as unknown as Volume[];
  const wrong = all.some((v) => !v.containerPath === !v.fromContainer);
  return wrong ? "each volume needs either containerPath or fromContainer" : undefined;
}

function bindOf({ hostPath, volumeName, containerPath, readOnly, selinuxRelabel }: Volume): string[] {
  const source = hostPath || volumeName;
  const options = [readOnly ? "ro" : "rw", ...(selinuxRelabel ? [selinuxRelabel] : [])].join(",");
  return source ? [`${source}:${containerPath}:${options}`] : [];
}

function toEngine(m: Mount): EngineMount {
  const { bindOptions, tmpfsOptions, volumeOptions } = m;
  const driver = volumeOptions?.driverName || volumeOptions?.driverOptions;
  return {
    Target: m.target,
    Type: m.type,
    Source: m.source,
    ReadOnly: m.readOnly,
    BindOptions: m.type === "bind" && bindOptions ? { Propagation: bindOptions.propagation } : undefined,
    TmpfsOptions:
      m.type === "tmpfs" && tmpfsOptions ? { Mode: tmpfsOptions.mode, SizeBytes: tmpfsOptions.sizeBytes } : undefined,
    VolumeOptions:
      m.type === "volume" && volumeOptions
        ? {
            NoCopy: volumeOptions.noCopy,
            Labels: fromLabels(volumeOptions.labels),
            DriverConfig: driver ? { Name: volumeOptions.driverName, Options: volumeOptions.driverOptions } : undefined,
          }
        : undefined,
  };
}

function fromEngine(m: EngineMount): Value {
  const { BindOptions: bind, TmpfsOptions: tmpfs, VolumeOptions: volume } = m;
  return {
    target: m.Target,
    type: m.Type,
    source: m.Source ?? "",
    readOnly: m.ReadOnly ?? false,
    ...(bind && { bindOptions: { propagation: bind.Propagation ?? "" } }),
    ...(tmpfs && { tmpfsOptions: { mode: tmpfs.Mode ?? 0, sizeBytes: tmpfs.SizeBytes ?? 0 } }),
    ...(volume && {
      volumeOptions: {
        noCopy: volume.NoCopy ?? false,
        labels: toLabels(volume.Labels ?? null),
        driverName: volume.DriverConfig?.Name ?? "",
        driverOptions: volume.DriverConfig?.Options ?? {},
      },
    }),
  };
}
