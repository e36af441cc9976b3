/** Joining a container to its networks. */
import type { Value } from "../lib/values";
import type { Endpoint } from "./container-field";
import type { DockerEngine } from "./engine";

/** One network that a container is to be in. */
export interface NetworkAdvanced {
  /** The network's name or id. */
  name: string;
  aliases?: string[];
  ipv4Address?: string;
  ipv6Address?: string;
  linkLocalIps?: string[];
  macAddress?: string;
  /** Each `key=value`. */
  driverOpts?: string[];
}

/** Takes a container out of the default network and puts it into others instead. */
export async function joinNetworks(
  engine: DockerEngine,
  id: string,
  networks: readonly NetworkAdvanced[],
  signal: AbortSignal,
): Promise<void> {
  if (networks.length === 0) return;
  // A container of another network mode is not in it: the engine says 404 or 500 then, by its version.
  await engine.request("POST", "/networks/bridge/disconnect", { body: { Container: id }, accept: [403, 404, 500], signal });
  for (const network of networks) {
    const body = { Container: id, EndpointConfig: endpointOf(network) };
    await engine.request("POST", `/networks/${encodeURIComponent(network.name)}/connect`, { body, signal });
  }
}

function endpointOf(network: NetworkAdvanced) {
  const { aliases, ipv4Address, ipv6Address, linkLocalIps, macAddress, driverOpts = [] } = network;
  return {
    Aliases: aliases,
    IPAMConfig: { IPv4Address: ipv4Address, IPv6Address: ipv6Address, LinkLocalIPs: linkLocalIps },
    MacAddress: macAddress,
    DriverOpts: Object.fromEntries(driverOpts.map((option) => option.split(/=(.*)/s).slice(0, 2) as [string, string])),
  };
}

/** The `networkDatas` output: where a container is, by the networks' names. */
export function networkDatas(networks: Record<string, Endpoint> | null | undefined): Value[] {
  return Object.entries(networks ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([networkName, e]) => ({
      networkName,
      ipAddress: e.IPAddress,
      ipPrefixLength: e.IPPrefixLen,
      gateway: e.Gateway,
      globalIpv6Address: e.GlobalIPv6Address,
      globalIpv6PrefixLength: e.GlobalIPv6PrefixLen,
      ipv6Gateway: e.IPv6Gateway,
      macAddress: e.MacAddress,
    }));
}
