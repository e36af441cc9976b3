/** The air gap's docker plugin; README.md says what it does. */
import { version } from "@pulumi/docker/package.json";
import type { ResourceType, Plugin } from "../lib/plugin";
import { violations, type Rules } from "../lib/schema";
import { serve } from "../lib/serve";
import { reveal } from "../lib/values";
import { refused, rulesOf } from "./bridged";
import { CONTAINER_TYPE, containerResource } from "./container";
import { DockerEngine, hostOf } from "./engine";
import { REMOTE_IMAGE_TYPE, remoteImageResource } from "./remote-image";

/** The provider's settings. Values that are not strings arrive as JSON. */
const SETTINGS: Rules = {
  host: { type: "string", test: (host) => (host.startsWith("unix://") ? undefined : "a socket of this machine, unix:///path") },
  disableDockerDaemonCheck: { type: "any" },
  ...rulesOf(refused("context", "registryAuth", "caMaterial", "certMaterial", "certPath", "keyMaterial", "sshOpts")),
};

const resourceTypes = new Map<string, ResourceType>();

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
    resourceTypes.set(CONTAINER_TYPE, containerResource(engine));
    resourceTypes.set(REMOTE_IMAGE_TYPE, remoteImageResource(engine));
  },
  resourceType: (type) => resourceTypes.get(type),
};

serve(DOCKER);
