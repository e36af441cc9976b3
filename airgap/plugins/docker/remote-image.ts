/** `docker:index/remoteImage:RemoteImage`. */
import type { Kind } from "../lib/kind";
import { violations } from "../lib/schema";
import { annotateSecrets } from "../lib/secrets";
import { given, reveal, UNKNOWN, type Props } from "../lib/values";
import { difference, rulesOf, withDefaults, withoutNotes, type Fields } from "./bridged";
import { EngineError, type DockerEngine } from "./engine";
import { ensureImage, findImage, imagePath, repoDigest, type ImageInspect } from "./images";

export const REMOTE_IMAGE_TYPE = "docker:index/remoteImage:RemoteImage";

interface RemoteImageInputs {
  name: string;
  forceRemove?: boolean;
  keepLocally?: boolean;
  platform?: string;
}

/** Every property of the RemoteImage resource. */
export const REMOTE_IMAGE_FIELDS: Fields = {
  build: { rule: { type: "refused", why: "build the image outside of the program" } },
  forceRemove: { rule: { type: "boolean" }, updatable: true },
  keepLocally: { rule: { type: "boolean" }, updatable: true },
  name: { rule: { type: "string", required: true } },
  platform: { rule: { type: "string", default: "" } },
  pullTriggers: { rule: { type: "array", items: { type: "string" }, unordered: true } },
  triggers: { rule: { type: "map", values: { type: "string" } } },
};

/** The resource type. */
export function remoteImageKind(engine: DockerEngine): Kind {
  const inputsOf = (props: Props) => reveal<Props>(props) as unknown as RemoteImageInputs;

  return {
    async check({ news }) {
      const inputs = withDefaults(news, rulesOf(REMOTE_IMAGE_FIELDS));
      return { inputs, failures: violations(news, rulesOf(REMOTE_IMAGE_FIELDS), { plugin: "docker", type: REMOTE_IMAGE_TYPE }) };
    },

    async diff({ state, news }) {
      return difference(REMOTE_IMAGE_FIELDS, state, news);
    },

    async create({ inputs, preview, signal }) {
      const asked = withoutNotes(given(inputs));
      if (preview) return { id: "", state: { ...asked, imageId: UNKNOWN, repoDigest: UNKNOWN } };
      const { name, platform } = inputsOf(asked);
      const image = await ensureImage(engine, name, { platform, signal });
      return { id: idOf(image, name), state: stateOf(image, name, asked) };
    },

    async read({ state, inputs, signal }) {
      if (Object.keys(state).length === 0) throw new Error(`${REMOTE_IMAGE_TYPE} cannot be imported`);
      const { name } = inputsOf(state);
      const image = await findImage(engine, name, signal);
      return image && { id: idOf(image, name), state: { ...state, ...stateOf(image, name, {}) }, inputs };
    },

    async update({ state, inputs, preview, signal }) {
      const asked = withoutNotes(given(inputs));
      if (preview) return { state: { ...state, ...asked } };
      const { name, platform } = inputsOf(asked);
      return { state: stateOf(await ensureImage(engine, name, { platform, signal }), name, asked) };
    },

    async delete({ state, signal }) {
      const { name, keepLocally, forceRemove = false } = inputsOf(state);
      if (keepLocally) return;
      const path = `/images/${imagePath(name)}?force=${forceRemove}`;
      await engine.request("DELETE", path, { accept: [404], signal }).catch((error: unknown) => {
        const hint = error instanceof EngineError && error.status === 409 ? " (keepLocally leaves it where it is)" : "";
        throw new Error(`unable to remove the image ${name}: ${(error as Error).message}${hint}`);
      });
    },
  };
}

/** The official plugin's id: of the image, and its name. */
function idOf(image: ImageInspect, name: string): string {
  return `${image.Id}${name}`;
}

function stateOf(image: ImageInspect, name: string, asked: Props): Props {
  const outputs = { id: idOf(image, name), imageId: image.Id, repoDigest: repoDigest(name, image) };
  return annotateSecrets({ ...asked, ...outputs }, asked);
}
