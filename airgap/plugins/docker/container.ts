/** `docker:index/container:Container`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CreateRequest, Kind } from "../lib/kind";
import { violations } from "../lib/schema";
import { given, reveal, type Props } from "../lib/values";
import { difference, rulesOf, withDefaults, withName, withoutNotes } from "./bridged";
import type { ContainerBody, ContainerInspect } from "./container-field";
import { volumeComplaint } from "./container-mounts";
import { joinNetworks, type NetworkAdvanced } from "./container-networks";
import { CONTAINER_FIELDS, creationOf, previewOf, stateOf } from "./container-state";
import type { DockerEngine } from "./engine";
import { ensureImage } from "./images";

export const CONTAINER_TYPE = "docker:index/container:Container";

/** The inputs that decide how a container is gone about; all have defaults but the last two. */
interface Handling {
  name: string;
  image: string;
  start: boolean;
  wait: boolean;
  waitTimeout: number;
  mustRun: boolean;
  removeVolumes: boolean;
  destroyGraceSeconds?: number;
  networksAdvanced?: NetworkAdvanced[];
}

const RULES = rulesOf(CONTAINER_FIELDS);
/** The changes that the engine is told of in place, all at once. */
const LIVE = ["restart", "maxRetryCount", "memory", "memoryReservation"];
const REMOVAL_MS = 30_000;
const INTERVAL_MS = 250;

/** The resource type. */
export function containerKind(engine: DockerEngine): Kind {
  const inspect = (id: string, signal: AbortSignal) =>
    engine.request<ContainerInspect>("GET", `/containers/${encodeURIComponent(id)}/json`, { accept: [404], signal });

  async function present(id: string, signal: AbortSignal): Promise<ContainerInspect> {
    const found = await inspect(id, signal);
    if (!found) throw new Error("the container was gone as soon as it was made: with rm it goes when it ends");
    return found;
  }

  return {
    async check(r) {
      const failures = violations(r.news, RULES, { plugin: "docker", type: CONTAINER_TYPE });
      const reason = volumeComplaint(reveal(r.news["volumes"] ?? null));
      if (reason) failures.push({ property: "volumes", reason });
      return { inputs: withName(withDefaults(r.news, RULES), r), failures };
    },

    async diff({ state, news }) {
      // Two containers of one name, or of one port, cannot be there at once.
      return { ...difference(CONTAINER_FIELDS, state, news), deleteBeforeReplace: true };
    },

    async create({ inputs, preview, signal }: CreateRequest) {
      const asked = withoutNotes(given(inputs));
      if (preview) return { id: "", state: previewOf(asked) };
      const plain = reveal<Props>(asked);
      const handling = plain as unknown as Handling;
      await ensureImage(engine, handling.image, { signal });
      const path = `/containers/create?name=${encodeURIComponent(handling.name)}`;
      const created = await engine.request<{ Id: string }>("POST", path, { body: creationOf(plain), signal });
      const id = created?.Id ?? "";
      try {
        await joinNetworks(engine, id, handling.networksAdvanced ?? [], signal);
        if (handling.start) await engine.request("POST", `/containers/${id}/start`, { accept: [304], signal });
        if (handling.start && handling.wait) await untilHealthy(id, handling.waitTimeout, signal);
        return { id, state: stateOf(await present(id, signal), asked) };
      } catch (error) {
        // Half a container is of no use to anybody, and would be in the way of the next attempt.
        await engine.request("DELETE", `/containers/${id}?force=true&v=true`, { accept: [404, 409] });
        throw error;
      }
    },

    async read({ id, state, inputs, signal }) {
      const found = await inspect(id, signal);
      if (!found) return undefined;
      if (Object.keys(state).length > 0) return { id: found.Id, state: stateOf(found, state), inputs };
      // What the engine cannot tell of a container that is imported is taken to be as it is by default.
      const imported = stateOf(found, { ...withoutNotes(withDefaults({}, RULES)), ports: [] });
      const known = Object.keys(CONTAINER_FIELDS).filter((name) => imported[name] !== undefined);
      const asked = Object.fromEntries(known.map((name) => [name, imported[name] ?? null]));
      return { id: found.Id, state: imported, inputs: { __defaults: [], ...asked } };
    },

    async update({ id, state, inputs, preview, signal }) {
      const asked = withoutNotes(given(inputs));
      if (preview) return { state: { ...state, ...asked } };
      const plain = reveal<Props>(asked);
      const changed = Object.keys(difference(CONTAINER_FIELDS, state, inputs).detailed ?? {});
      if (changed.some((name) => LIVE.includes(name))) {
        await engine.request("POST", `/containers/${id}/update`, { body: liveChange(creationOf(plain)), signal });
      }
      const { mustRun, start } = plain as unknown as Handling;
      if (changed.includes("mustRun") && mustRun && start) {
        await engine.request("POST", `/containers/${id}/start`, { accept: [304], signal });
      }
      const kept = Object.fromEntries(Object.keys(CONTAINER_FIELDS).map((name) => [name, null]));
      return { state: stateOf(await present(id, signal), given({ ...state, ...kept, ...computedOf(state), ...asked })) };
    },

    async delete({ id, state, signal }) {
      const { destroyGraceSeconds = 0, removeVolumes } = reveal<Props>(state) as unknown as Handling;
      // 304 says that it was stopped before, 404 that it is gone.
      await engine.request("POST", `/containers/${id}/stop?t=${destroyGraceSeconds}`, { accept: [304, 404], signal });
      // 409 says that its removal is under way: a container with rm goes by itself.
      const path = `/containers/${id}?force=true&v=${removeVolumes !== false}`;
      await engine.request("DELETE", path, { accept: [404, 409], signal });
      const end = Date.now() + REMOVAL_MS;
      while (await inspect(id, signal)) {
        if (Date.now() > end) throw new Error(`the container is still there ${REMOVAL_MS / 1000} s after its removal`);
        await sleep(INTERVAL_MS, undefined, { signal });
      }
    },
  };

  async function untilHealthy(id: string, seconds: number, signal: AbortSignal): Promise<void> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const health = (await present(id, signal)).State.Health;
      if (!health) throw new Error("wait needs a healthcheck, and the container has none");
      if (health.Status === "healthy") return;
      if (Date.now() > end) throw new Error(`the container was ${health.Status} and not healthy after ${seconds} s`);
      await sleep(INTERVAL_MS, undefined, { signal });
    }
  }
}

/** Of what would be asked of a new container the part that a running one can be changed to. */
function liveChange({ HostConfig: { RestartPolicy, Memory, MemoryReservation } }: ContainerBody): object {
  return { RestartPolicy, Memory, MemoryReservation };
}

/** What the engine decided before and goes on deciding. */
function computedOf(state: Props): Props {
  const open = Object.keys(CONTAINER_FIELDS).filter((name) => CONTAINER_FIELDS[name]?.computed);
  return Object.fromEntries(open.map((name) => [name, state[name] ?? null]));
}
