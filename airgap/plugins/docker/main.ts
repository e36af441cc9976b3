/** The docker plugin of the air gap; see README.md for what it does. */
import { version } from "@pulumi/docker/package.json";
import type { Kind } from "../lib/kind";
import { serve, type Plugin } from "../lib/plugin";
import { violations, type Rules } from "../lib/schema";
import { reveal, type Props } from "../lib/values";
import { CONTAINER_TYPE, containerKind } from "./container";
import { DockerEngine } from "./engine";
import { NETWORK_TYPE, networkKind } from "./network";
import { REMOTE_IMAGE_TYPE, remoteImageKind } from "./remote-image";

const CREDENTIALS = { type: "refused", why: "log in with the docker command line" } as const;
const ENDPOINT = { type: "refused", why: "describe the engine in a context of the docker command line" } as const;

/** The provider's settings. Values that are no texts arrive as JSON. */
const SETTINGS: Rules = {
  host: { type: "string" },
  context: { type: "string" },
  disableDockerDaemonCheck: { type: "any" },
  registryAuth: CREDENTIALS,
  caMaterial: ENDPOINT,
  certMaterial: ENDPOINT,
  certPath: ENDPOINT,
  keyMaterial: ENDPOINT,
  sshOpts: ENDPOINT,
};

interface Settings {
  host?: string | null;
  context?: string | null;
  disableDockerDaemonCheck?: boolean | string | null;
}

const kinds = new Map<string, Kind>();

const DOCKER: Plugin = {
  name: "docker",
  version,
  async checkConfig(news) {
    const { version: _, ...settings } = news;
    return { inputs: news, failures: violations(settings, SETTINGS, { plugin: "docker", type: "the provider" }) };
  },
  async configure(config: Props) {
    const { host, context, disableDockerDaemonCheck } = reveal<Props>(config) as Settings;
    // A context wins over a host, as in the official plugin; the command line would have it the other way round.
    const engine = new DockerEngine(context ? { DOCKER_CONTEXT: context, DOCKER_HOST: "" } : host ? { DOCKER_HOST: host } : {});
    if (String(disableDockerDaemonCheck) !== "true") await engine.ping();
    kinds.set(NETWORK_TYPE, networkKind(engine));
    kinds.set(CONTAINER_TYPE, containerKind(engine));
    kinds.set(REMOTE_IMAGE_TYPE, remoteImageKind(engine));
  },
  kind: (type) => kinds.get(type),
};

serve(DOCKER);
