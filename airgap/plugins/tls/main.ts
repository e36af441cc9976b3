/** The tls plugin of the air gap; see README.md for what it does. */
import { version } from "@pulumi/tls/package.json";
import type { Kind, Plugin } from "../lib/kind";
import { violations } from "../lib/schema";
import { serve } from "../lib/serve";
import { kindOf } from "./recipe";
import { CERT_REQUEST, LOCALLY_SIGNED_CERT, PRIVATE_KEY, SELF_SIGNED_CERT } from "./resources";

const KINDS = new Map<string, Kind>(
  [PRIVATE_KEY, CERT_REQUEST, SELF_SIGNED_CERT, LOCALLY_SIGNED_CERT].map((recipe) => [recipe.type, kindOf(recipe)]),
);

const TLS: Plugin = {
  name: "tls",
  version,
  async checkConfig(news) {
    // The only setting of the official plugin is a proxy, for a function that this one does not do.
    const { version: _, ...settings } = news;
    return { inputs: news, failures: violations(settings, {}, { plugin: "tls", type: "the provider" }) };
  },
  async configure() {
    // There is nothing to set.
  },
  kind: (type) => KINDS.get(type),
};

serve(TLS);
