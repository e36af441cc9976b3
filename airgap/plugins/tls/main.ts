/** The air gap's tls plugin; README.md says what it does. */
import { version } from "@pulumi/tls/package.json";
import type { ResourceType, Plugin } from "../lib/plugin";
import { violations } from "../lib/schema";
import { serve } from "../lib/serve";
import { resourceTypeOf } from "./recipe";
import { CERT_REQUEST, LOCALLY_SIGNED_CERT, PRIVATE_KEY, SELF_SIGNED_CERT } from "./resources";

const RESOURCE_TYPES = new Map<string, ResourceType>(
  [PRIVATE_KEY, CERT_REQUEST, SELF_SIGNED_CERT, LOCALLY_SIGNED_CERT].map((recipe) => [recipe.type, resourceTypeOf(recipe)]),
);

const TLS: Plugin = {
  name: "tls",
  version,
  async checkConfig(news) {
    // The only setting of the official plugin is a proxy, for a function that this one does not support.
    const { version: _, ...settings } = news;
    return { inputs: news, failures: violations(settings, {}, { plugin: "tls", type: "the provider" }) };
  },
  async configure() {
    // It has no settings.
  },
  resourceType: (type) => RESOURCE_TYPES.get(type),
};

serve(TLS);
