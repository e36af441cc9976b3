/** What the resource keeps of a network, and what it asks the engine for. */
import type { Rule } from "../lib/schema";
import type { Props } from "../lib/values";
import type { Fields } from "./bridged";
import { fromLabels, LABELS, toLabels, type Label } from "./labels";

/** A network as the engine describes it. */
export interface NetworkInspect {
  Id: string;
  Name: string;
  Driver: string;
  Scope: string;
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  EnableIPv6: boolean;
  Options: Record<string, string> | null;
  Labels: Record<string, string> | null;
  IPAM: { Driver: string; Options: Record<string, string> | null; Config: IpamConfig[] | null };
}

interface IpamConfig {
  Subnet?: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string> | null;
}

/** The inputs, with defaults. */
export interface NetworkInputs {
  name: string;
  attachable?: boolean;
  driver?: string;
  ingress?: boolean;
  internal?: boolean;
  ipamConfigs?: { subnet?: string; ipRange?: string; gateway?: string; auxAddress?: Record<string, string> }[];
  ipamDriver?: string;
  ipamOptions?: Record<string, string>;
  ipv6?: boolean;
  labels?: Label[];
  options?: Record<string, string>;
}

const TEXT: Rule = { type: "string" };
const FLAG: Rule = { type: "boolean" };
const TEXTS: Rule = { type: "map", values: TEXT };
const IPAM: Rule = { type: "object", properties: { auxAddress: TEXTS, gateway: TEXT, ipRange: TEXT, subnet: TEXT } };

/** Every property of the Network resource. */
export const NETWORK_FIELDS: Fields = {
  attachable: { rule: FLAG },
  driver: { rule: TEXT, computed: true },
  ingress: { rule: FLAG },
  internal: { rule: FLAG, computed: true },
  ipamConfigs: { rule: { type: "array", items: IPAM, unordered: true }, computed: true, partial: true },
  ipamDriver: { rule: { ...TEXT, default: "default" } },
  ipamOptions: { rule: TEXTS },
  ipv6: { rule: FLAG },
  labels: { rule: LABELS },
  name: { rule: TEXT },
  options: { rule: TEXTS, computed: true, partial: true },
};

const META: Props = { __meta: '{"schema_version":"1"}' };

/** What the engine is asked for. */
export function creationOf(inputs: NetworkInputs): { Name: string; [key: string]: unknown } {
  return {
    Name: inputs.name,
    // Engines of old make two networks of one name without this.
    CheckDuplicate: true,
    Attachable: inputs.attachable ?? false,
    Ingress: inputs.ingress ?? false,
    Internal: inputs.internal ?? false,
    EnableIPv6: inputs.ipv6 ?? false,
    Driver: inputs.driver,
    Labels: fromLabels(inputs.labels),
    Options: inputs.options,
    IPAM: {
      Driver: inputs.ipamDriver,
      Options: inputs.ipamOptions,
      Config: inputs.ipamConfigs?.map((c) => ({
        Subnet: c.subnet,
        IPRange: c.ipRange,
        Gateway: c.gateway,
        AuxiliaryAddresses: c.auxAddress,
      })),
    },
  };
}

/** What is kept of a network. */
export function stateOf(n: NetworkInspect): Props {
  return {
    ...META,
    attachable: n.Attachable,
    driver: n.Driver,
    id: n.Id,
    ingress: n.Ingress,
    internal: n.Internal,
    ipamConfigs: (n.IPAM.Config ?? []).map((c) => ({
      auxAddress: c.AuxiliaryAddresses ?? {},
      gateway: c.Gateway ?? "",
      ipRange: c.IPRange ?? "",
      subnet: c.Subnet ?? "",
    })),
    ipamDriver: n.IPAM.Driver,
    ipamOptions: n.IPAM.Options ?? {},
    ipv6: n.EnableIPv6,
    labels: toLabels(n.Labels),
    name: n.Name,
    options: n.Options ?? {},
    scope: n.Scope,
  };
}
