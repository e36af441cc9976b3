/** `docker:index/remoteImage:RemoteImage`. */
import type { ResourceType } from "../lib/plugin";
import { violations } from "../lib/schema";
import { annotateSecrets } from "../lib/secrets";
import { given, reveal, UNKNOWN, type Props } from "../lib/values";
import { difference, refused, rulesOf, withDefaults, withoutNotes, type Fields } from "./bridged";
import type { DockerEngine, Image } from "./engine";

export const REMOTE_IMAGE_TYPE = "docker:index/remoteImage:RemoteImage";

/** Every property of the RemoteImage resource, supported or refused. */
export const REMOTE_IMAGE_FIELDS: Fields = {
  name: { rule: { type: "string", required: true } },
  keepLocally: { rule: { type: "boolean" }, updatable: true },
  platform: { rule: { type: "constant", value: "", default: "" } },
  ...refused("build", "forceRemove", "pullTriggers", "triggers"),
};

const RULES = rulesOf(REMOTE_IMAGE_FIELDS);

/** The resource type. */
export function remoteImageResource(engine: DockerEngine): ResourceType {
  const nameOf = (props: Props): string => reveal<{ name: string }>(props).name;
  const made = async (inputs: Props): Promise<{ id: string; state: Props }> => {
    const asked = withoutNotes(given(inputs));
    const image = await engine.ensureImage(nameOf(asked));
    return { id: idOf(image, nameOf(asked)), state: stateOf(image, asked) };
  };
  const stateOf = (image: Image, asked: Props): Props =>
    annotateSecrets({ ...asked, id: idOf(image, nameOf(asked)), imageId: image.Id }, asked);

  return {
    async check({ news }) {
      return { inputs: withDefaults(news, RULES), failures: violations(news, RULES, { plugin: "docker", type: REMOTE_IMAGE_TYPE }) };
    },

    async diff({ state, news }) {
      return difference(REMOTE_IMAGE_FIELDS, state, news);
    },

    async create({ inputs, preview }) {
      return preview ? { id: "", state: { ...withoutNotes(given(inputs)), imageId: UNKNOWN } } : made(inputs);
    },

    async read({ state, inputs }) {
      if (Object.keys(state).length === 0) throw new Error(`${REMOTE_IMAGE_TYPE} cannot be imported`);
      const image = await engine.image(nameOf(state));
      return image && { id: idOf(image, nameOf(state)), state: stateOf(image, state), inputs };
    },

    async update({ state, inputs, preview }) {
      return preview ? { state: { ...state, ...withoutNotes(given(inputs)) } } : made(inputs);
    },

    async delete({ state }) {
      const { name, keepLocally } = reveal<Props>(state) as { name: string; keepLocally?: boolean };
      if (keepLocally) return;
      await engine.request("DELETE", `/images/${name}`, { accept: [404] }).catch((error: Error) => {
        throw new Error(`unable to remove the image ${name}: ${error.message}`);
      });
    },
  };
}

/** The id as in the official plugin: the image's id and its name. */
function idOf(image: Image, name: string): string {
  return `${image.Id}${name}`;
}
