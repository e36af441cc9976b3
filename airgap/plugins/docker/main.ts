/** The docker plugin of the air gap; see README.md for what it does. */
import { version } from "@pulumi/docker/package.json";
import type { Kind, Plugin } from "../lib/kind";
import { violations, type Rules } from "../lib/schema";
import { serve } from "../lib/serve";
import { reveal } from "../lib/values";
import { refused, rulesOf } from "./bridged";
import { CONTAINER_TYPE, containerKind } from "./container";
import { DockerEngine, hostOf } from "./engine";
import { REMOTE_IMAGE_TYPE, remoteImageKind } from "./remote-image";

/** The provider's settings. Values that are no texts arrive as JSON. */
const SETTINGS: Rules = {
  host: { type: "string", test: (host) => (host.startsWith("unix://") ? undefined : "a socket of this machine, unix:///path") },
  disableDockerDaemonCheck: { type: "any" },
  ...rulesOf(refused("context", "registryAuth", "caMaterial", "certMaterial", "certPath", "keyMaterial", "sshOpts")),
};

const kinds = new Map<string, Kind>();

const DOCKER: Plugin = {
  name: "docker",
  version,
  async checkConfig(news) {
    const { version: _, ...settings } = news;
    return { inputs: news, failures: violations(settings, SETTINGS, { plugin: "docker", type: "the provider" }) };
  },
  async configure(config) {
    const { host } = reveal<{ host?: string | null }>(config);
    const engine = new DockerEngine(hostOf(host, process.env));
    kinds.set(CONTAINER_TYPE, containerKind(engine));
    kinds.set(REMOTE_IMAGE_TYPE, remoteImageKind(engine));
  },
  kind: (type) => kinds.get(type),
};

serve(DOCKER);
