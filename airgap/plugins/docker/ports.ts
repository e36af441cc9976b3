/** A container's ports: a list for the resource, two maps for the engine. */
import type { Value } from "../lib/values";
import type { ContainerBody } from "./container-field";

/** One published port. */
export interface Port {
  internal: number;
  /** Absent: the engine takes a free one. */
  external?: number;
  ip: string;
  protocol: string;
}

/** The body with ports exposed and published. */
export function writePorts(ports: Port[], body: ContainerBody): ContainerBody {
  const exposed: Record<string, object> = {};
  const bindings: Record<string, { HostPort: string; HostIp: string }[]> = {};
  for (const { internal, external, ip, protocol } of ports) {
    const key = `${internal}/${protocol}`;
    exposed[key] = {};
    // 0, as well as nothing, lets the engine choose.
    (bindings[key] ??= []).push({ HostPort: external ? String(external) : "", HostIp: ip });
  }
  return { ...body, ExposedPorts: exposed, HostConfig: { ...body.HostConfig, PortBindings: bindings } };
}

/** The ports that are published, in the order of their inner numbers. */
export function readPorts(ports: Record<string, { HostIp: string; HostPort: string }[] | null> | null | undefined): Value[] {
  return Object.entries(ports ?? {})
    .flatMap(([key, bindings]) => {
      const [internal, protocol = "tcp"] = key.split("/");
      return (bindings ?? []).map(({ HostIp, HostPort }) => ({
        internal: Number(internal),
        external: Number(HostPort),
        ip: HostIp,
        protocol,
      }));
    })
    .sort((a, b) => a.internal - b.internal);
}
