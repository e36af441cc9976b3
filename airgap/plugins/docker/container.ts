/** `docker:index/container:Container`. */
import { InitializationFailed, type ResourceType } from "../lib/plugin";
import { violations } from "../lib/schema";
import { annotateSecrets } from "../lib/secrets";
import { given, reveal, UNKNOWN, type Props, type Value } from "../lib/values";
import { difference, rulesOf, withDefaults, withoutNotes } from "./bridged";
import { CONTAINER_FIELDS, type ContainerBody, type ContainerInspect } from "./container-fields";
import type { DockerEngine } from "./engine";

export const CONTAINER_TYPE = "docker:index/container:Container";

const RULES = rulesOf(CONTAINER_FIELDS);
const META: Props = { __meta: '{"schema_version":"2"}' };
/** Outputs that are not inputs. */
const OUTPUTS = ["exitCode", "networkDatas"];

/** A network that a container joins, by name or id. */
interface Network {
  name: string;
  aliases?: string[];
  ipv4Address?: string;
}

/** The resource type. */
export function containerResource(engine: DockerEngine): ResourceType {
  const inspect = (id: string) => engine.request<ContainerInspect>("GET", `/containers/${id}/json`, { accept: [404] });

  /** Disconnects a container from the default network and connects it to others. */
  async function join(id: string, networks: readonly Network[]): Promise<void> {
    if (networks.length === 0) return;
    await engine.request("POST", "/networks/bridge/disconnect", { body: { Container: id } }).catch((error: Error) => {
      // A container with another network mode is not in the default network.
      if (!error.message.includes("is not connected to")) throw error;
    });
    for (const { name, aliases, ipv4Address } of networks) {
      const EndpointConfig = { Aliases: aliases, IPAMConfig: { IPv4Address: ipv4Address } };
      await engine.request("POST", `/networks/${name}/connect`, { body: { Container: id, EndpointConfig } });
    }
  }

  return {
    async check({ news }) {
      return { inputs: withDefaults(news, RULES), failures: violations(news, RULES, { plugin: "docker", type: CONTAINER_TYPE }) };
    },

    async diff({ state, news }) {
      // Two containers with the same name or the same published port cannot exist at the same time.
      return { ...difference(CONTAINER_FIELDS, state, news), deleteBeforeReplace: true };
    },

    async create({ inputs, preview }) {
      const asked = withoutNotes(given(inputs));
      if (preview) return { id: "", state: previewOf(asked) };
      const { name, image, networksAdvanced = [] } = reveal<{ name: string; image: string; networksAdvanced?: Network[] }>(asked);
      await engine.ensureImage(image);
      const path = `/containers/create?name=${encodeURIComponent(name)}`;
      const created = await engine.request<{ Id: string }>("POST", path, { body: creationOf(asked) });
      const id = created?.Id ?? "";
      try {
        await join(id, networksAdvanced);
        await engine.request("POST", `/containers/${id}/start`, { accept: [304] });
        const made = await inspect(id);
        if (!made) throw new Error("the container was removed as soon as it was created");
        return { id, state: stateOf(made, asked) };
      } catch (error) {
        // The container is kept, also in the state.
        throw new InitializationFailed(id, { ...META, ...asked, id }, (error as Error).message);
      }
    },

    async read({ id, state, inputs }) {
      if (Object.keys(state).length === 0) throw new Error(`${CONTAINER_TYPE} cannot be imported by the air-gap plugin docker`);
      const found = await inspect(id);
      return found && { id: found.Id, state: stateOf(found, state), inputs };
    },

    async update({ id, state, inputs, preview }) {
      const asked = withoutNotes(given(inputs));
      const changed = Object.keys(difference(CONTAINER_FIELDS, state, inputs).detailed ?? {});
      if (!preview && changed.includes("mustRun")) await engine.request("POST", `/containers/${id}/start`, { accept: [304] });
      if (!preview && changed.includes("restart")) {
        const { RestartPolicy } = creationOf(asked).HostConfig;
        await engine.request("POST", `/containers/${id}/update`, { body: { RestartPolicy } });
      }
      // The container is not inspected: the inputs count as applied until the next refresh.
      return { state: { ...state, ...asked } };
    },

    async delete({ id }) {
      // 304 means that it is stopped already, 404 that it does not exist, 409 that it is being removed.
      await engine.request("POST", `/containers/${id}/stop?t=0`, { accept: [304, 404] });
      await engine.request("DELETE", `/containers/${id}?force=true&v=true`, { accept: [404, 409] });
      await engine.request("POST", `/containers/${id}/wait`, { accept: [404] });
    },
  };
}

/** The request to create a container. */
function creationOf(asked: Props): ContainerBody {
  // The official plugin sends false when the program does not set it.
  const body: ContainerBody = { HostConfig: { Init: false } };
  const plain = reveal<Props>(asked);
  for (const [name, field] of Object.entries(CONTAINER_FIELDS)) {
    if (plain[name] !== undefined) field.write?.(body, plain[name] as never);
  }
  return body;
}

/** What is known of a container before it is created. */
function previewOf(asked: Props): Props {
  const open = Object.keys(CONTAINER_FIELDS).filter((name) => CONTAINER_FIELDS[name]?.computed);
  return { ...Object.fromEntries([...open, ...OUTPUTS].map((name) => [name, UNKNOWN])), ...asked };
}

/**
 * The state of a container: what was asked for, replaced by what the engine reports.
 *
 * For a container that has stopped, `mustRun` is false in the state, so that the next update finds a change and starts it again.
 *
 * @param asked the inputs, or the previous state
 */
function stateOf(c: ContainerInspect, asked: Props): Props {
  const { exitCode: _, ...before } = given(asked);
  const read: Props = {};
  for (const [name, field] of Object.entries(CONTAINER_FIELDS)) {
    // Not read from a stopped container, which has none, nor where none are asked for: the image may publish ports of its own.
    if (name === "ports" && !(before["ports"] && (c.State.Running || before["mustRun"] === true))) continue;
    const v = field.read?.(c);
    if (v !== undefined) read[name] = v;
  }
  const stopped: Props = c.State.Running ? {} : { exitCode: c.State.ExitCode, mustRun: false };
  const outputs: Props = { id: c.Id, image: imageOf(c, reveal(asked["image"] ?? null)), networkDatas: networkDatas(c) };
  return annotateSecrets({ ...META, ...before, ...read, ...outputs, ...stopped }, asked);
}

/** The image as it was given: by its id or by its name. */
function imageOf(c: ContainerInspect, asked: Value): string {
  return typeof asked === "string" && asked.startsWith("sha256:") ? c.Image : c.Config.Image;
}

/** A container's networks and addresses, sorted by the networks' names. */
function networkDatas(c: ContainerInspect): Value[] {
  return Object.entries(c.NetworkSettings.Networks ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([networkName, e]) => ({
      networkName,
      ipAddress: e.IPAddress,
      ipPrefixLength: e.IPPrefixLen,
      gateway: e.Gateway,
      macAddress: e.MacAddress,
    }));
}
