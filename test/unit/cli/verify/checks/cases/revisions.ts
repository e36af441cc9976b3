import type { ControlPlane, FollowingProxy } from "../../../../../../cli/verify/revision-facts";
import { type Case, noAnswer } from "../../support/cases";

const blue: ControlPlane = { revision: "blue", version: "1.31.5", ready: 1, total: 1 };
const old: ControlPlane = { revision: "default", version: "1.31.4", ready: 1, total: 1 };
const tag = { name: "istio-revision-tag-default", revision: "blue", tag: "default" };
const webhook = { name: "istio-sidecar-injector-blue", revision: "blue" };
const proxy = (revision: string, next?: string): FollowingProxy => ({ id: "web-1.shop", revision, ...(next === undefined ? {} : { next }) });

export const revisionsCases: readonly Case[] = [
  { what: "a second istiod beside the first", change: (m) => m.revisions({ istiods: [blue, old], injectors: [{ ...tag, revision: "default" }, webhook] }), found: [] },
  { what: "one istiod of a revision, and a tag that leads to it", change: (m) => m.revisions({ istiods: [blue], injectors: [tag, webhook], proxies: [proxy("blue", "blue")] }), found: [] },
  { what: "a tag that leads to a revision that does not exist", change: (m) => m.revisions({ injectors: [tag] }), found: ["fail proxies.revisions west"] },
  { what: "a tag that leads to an istiod that is not ready", change: (m) => m.revisions({ istiods: [{ ...blue, ready: 0 }, old], injectors: [tag] }), found: ["fail proxies.revisions west"] },
  { what: "a namespace that no istiod serves", change: (m) => m.revisions({ namespaces: [{ namespace: "shop", label: "istio.io/rev=canary" }] }), found: ["fail proxies.namespaces west"] },
  { what: "no namespace with sidecars", change: (m) => m.revisions({ namespaces: [] }), found: [] },
  { what: "a proxy whose istiod was removed", change: (m) => m.revisions({ istiods: [blue], injectors: [tag], proxies: [proxy("default", "blue")] }), found: ["fail proxies.retired west"] },
  { what: "a pod that was not restarted since the tag moved", change: (m) => m.revisions({ istiods: [blue, old], injectors: [tag], proxies: [proxy("default", "blue")] }), found: ["warn proxies.restarted west"] },
  { what: "a pod that would get no proxy today", change: (m) => m.revisions({ proxies: [proxy("default")] }), found: [] },
  { what: "an istiod of a revision two minor versions ahead", change: (m) => m.revisions({ istiods: [{ ...blue, version: "1.33.0" }, old] }), found: ["warn proxies.versions mesh"] },
  {
    what: "webhooks that may not be read",
    change: (m) => (m.west.revisions = noAnswer),
    found: ["unknown proxies.revisions west", "unknown proxies.namespaces west", "unknown proxies.retired west", "unknown proxies.restarted west"],
  },
  { what: "no istiod that could be followed", change: (m) => m.revisions({ istiods: [], injectors: [] }), found: [], skipped: ["proxies.revisions west", "proxies.retired west"] },
];
