/** `docker:index/network:Network`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Kind } from "../lib/kind";
import { violations } from "../lib/schema";
import { annotateSecrets } from "../lib/secrets";
import { given, reveal, UNKNOWN, type Props } from "../lib/values";
import { difference, rulesOf, withDefaults, withName, withoutNotes } from "./bridged";
import { EngineError, type DockerEngine } from "./engine";
import { creationOf, NETWORK_FIELDS, stateOf, type NetworkInputs, type NetworkInspect } from "./network-state";

export const NETWORK_TYPE = "docker:index/network:Network";

/** Outputs that only the engine knows. */
const COMPUTED = ["driver", "internal", "ipamConfigs", "options", "scope"];

/** How long a network that is still in use is waited for when it is to go, and how often it is looked at. */
const REMOVAL_MS = 30_000;
const INTERVAL_MS = 500;

/** The resource type. */
export function networkKind(engine: DockerEngine): Kind {
  const inspect = (id: string, signal: AbortSignal) =>
    engine.request<NetworkInspect>("GET", `/networks/${encodeURIComponent(id)}`, { accept: [404], signal });

  return {
    async check(r) {
      const inputs = withName(withDefaults(r.news, rulesOf(NETWORK_FIELDS)), r);
      return { inputs, failures: violations(r.news, rulesOf(NETWORK_FIELDS), { plugin: "docker", type: NETWORK_TYPE }) };
    },

    async diff({ state, news }) {
      return difference(NETWORK_FIELDS, state, news);
    },

    async create({ inputs, preview, signal }) {
      const asked = withoutNotes(given(inputs));
      if (preview) {
        const unknown = COMPUTED.map((name) => [name, UNKNOWN] as const);
        return { id: "", state: { ...Object.fromEntries(unknown), ...asked } };
      }
      const body = creationOf(reveal<Props>(asked) as unknown as NetworkInputs);
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

/** The inputs that would make this network, for a resource that is imported. */
function importedInputs(state: Props): Props {
  return { __defaults: [], ...Object.fromEntries(Object.keys(NETWORK_FIELDS).map((name) => [name, state[name] ?? null])) };
}
