/** `docker:index/network:Network`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Kind } from "../lib/kind";
import { violations, type Rule } from "../lib/schema";
import { annotateSecrets } from "../lib/secrets";
import { given, reveal, UNKNOWN, type Props } from "../lib/values";
import { difference, rulesOf, withDefaults, withName, withoutNotes, type Fields } from "./bridged";
import { EngineError, type DockerEngine } from "./engine";
import { fromLabels, LABELS, toLabels, type Label } from "./labels";

export const NETWORK_TYPE = "docker:index/network:Network";

/** A network as the engine describes it. */
interface NetworkInspect {
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

interface NetworkInputs {
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

const FIELDS: Fields = {
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
  options: { rule: TEXTS, computed: true },
};

/** Outputs that only the engine knows. */
const COMPUTED = ["driver", "internal", "ipamConfigs", "options", "scope"];

const META: Props = { __meta: '{"schema_version":"1"}' };

/** How long a network that is still in use is waited for when it is to go, and how often it is looked at. */
const REMOVAL_MS = 30_000;
const INTERVAL_MS = 500;

/** The resource type. */
export function networkKind(engine: DockerEngine): Kind {
  const inspect = (id: string, signal: AbortSignal) =>
    engine.request<NetworkInspect>("GET", `/networks/${encodeURIComponent(id)}`, { accept: [404], signal });

  return {
    async check(r) {
      const inputs = withName(withDefaults(r.news, rulesOf(FIELDS)), r);
      return { inputs, failures: violations(r.news, rulesOf(FIELDS), { plugin: "docker", type: NETWORK_TYPE }) };
    },

    async diff({ state, news }) {
      return difference(FIELDS, state, news);
    },

    async create({ inputs, preview, signal }) {
      const asked = withoutNotes(given(inputs));
      if (preview) {
        const unknown = COMPUTED.map((name) => [name, UNKNOWN] as const);
        return { id: "", state: { ...Object.fromEntries(unknown), ...asked } };
      }
      const body = creation(reveal<Props>(asked) as unknown as NetworkInputs);
      const created = await engine.request<{ Id: string }>("POST", "/networks/create", { body, signal });
      const id = created?.Id ?? "";
      const found = await inspect(id, signal);
      if (!found) throw new Error(`the network ${body.Name} was gone as soon as it was made`);
      return { id, state: annotateSecrets(stateOf(found), asked) };
    },

    async read({ id, inputs, state, signal }) {
      const found = await inspect(id, signal);
      if (!found) return undefined;
      const imported = Object.keys(state).length === 0;
      const read = annotateSecrets(stateOf(found), inputs);
      return { id: found.Id, state: read, inputs: imported ? importedInputs(read) : inputs };
    },

    async update({ state }) {
      // Every change makes another network.
      return { state };
    },

    async delete({ id, signal, log }) {
      const end = Date.now() + REMOVAL_MS;
      for (;;) {
        try {
          await engine.request("DELETE", `/networks/${id}`, { accept: [404], signal });
          return;
        } catch (error) {
          const inUse = error instanceof EngineError && error.message.includes("has active endpoints");
          if (!inUse || Date.now() > end) throw error;
          log.status("waiting for the containers in it to leave");
          await sleep(INTERVAL_MS, undefined, { signal });
        }
      }
    },
  };
}

function creation(inputs: NetworkInputs) {
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

function stateOf(n: NetworkInspect): Props {
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

/** The inputs that would make this network, for a resource that is imported. */
function importedInputs(state: Props): Props {
  return { __defaults: [], ...Object.fromEntries(Object.keys(FIELDS).map((name) => [name, state[name] ?? null])) };
}
