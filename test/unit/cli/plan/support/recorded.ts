import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPreview, type Preview } from "../../../../../cli/plan/preview";
import type { StackPlan } from "../../../../../cli/plan/report";
import { planStack } from "../../../../../cli/plan/stack-plan";
import { settings } from "./facts";

const FOLDER = join(__dirname, "..", "recorded");

/** Settings with which the previews were recorded, on a stack that was up with west and east. What is not here is as it was. */
const SETTINGS: Readonly<Record<string, Record<string, unknown>>> = {
  "new-root-and-tokens": { trust: { roots: ["1", "2"], signer: "1" }, peering: { generation: 2 }, demo: false },
  "other-signer": { trust: { roots: ["1", "2"], signer: "2" }, peering: { generation: 3 } },
  "removed-root": { trust: { roots: ["2"], signer: "2" }, peering: { generation: 3 } },
  "replaced-roots": { trust: { roots: ["1", "2"], signer: "2", keyAlgorithm: "ECDSA-P384" }, peering: { generation: 3 } },
};

/** Names of all previews that the real engine printed, cut down to what is read of them. */
export const RECORDED = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));

/** A recorded preview as Pulumi printed it. */
export function recordedJson(name: string): string {
  return readFileSync(join(FOLDER, `${name}.json`), "utf8");
}

/** A recorded preview. */
export function recorded(name: string): Preview {
  return readPreview(recordedJson(name))!;
}

/** The plan that a recorded preview leads to, or another one that was made from it. */
export function recordedPlan(name: string, json = recordedJson(name)): StackPlan {
  const { peering, ...others } = SETTINGS[name] ?? {};
  const model = settings(["west", "east"], { istio: { version: "1.31.0" }, peering: { through: "apiServer", ...(peering as object | undefined) }, ...others }, "local");
  return planStack({ stack: "local", model, peers: [], ...readPreview(json)! });
}

/** A preview in which every resource but the stack has another name, which says nothing. */
export function renamed(json: string): string {
  const names = new Map<string, string>();
  // urn:pulumi:STACK::PROJECT::TYPES::NAME, and in a reference to a provider its id.
  return json.replace(/"(urn:pulumi:[^"]+)"/g, (text, reference: string) => {
    const [stack = "", project = "", types = "", name = "", ...id] = reference.split("::");
    if (types === "pulumi:pulumi:Stack") return text;
    const other = names.get(`${types} ${name}`) ?? `thing-${names.size}`;
    names.set(`${types} ${name}`, other);
    return `"${[stack, project, types, other, ...id].join("::")}"`;
  });
}
