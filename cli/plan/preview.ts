import { z } from "zod";
import { istioRevisions } from "../../outputs/contract";
import { WAYS } from "../../topology/discovery";
import type { Operation, Resource, ResourceState } from "./resources";
import { TYPES } from "./types";

const trust = z.object({
  authority: z.string(),
  roots: z.array(z.string()),
  signer: z.string(),
  rootCertificates: z.string(),
});

const cluster = z.object({
  clusterName: z.string(),
  network: z.string(),
  region: z.string(),
  zone: z.string(),
  driver: z.enum(["kind", "existing"]),
  through: z.enum(WAYS).optional().catch(undefined),
  versions: z.object({ istio: z.string(), metallb: z.string().optional() }),
  istio: istioRevisions.optional().catch(undefined),
});

/** The plain outputs of a stack's last `up` that a plan compares with. Each is left out when it is absent or of another shape. */
const previousOutputs = z.object({
  clusters: z.record(z.string(), cluster).optional().catch(undefined),
  trust: trust.optional().catch(undefined),
  pairs: z.array(z.string()).optional().catch(undefined),
});

export type PreviousOutputs = z.infer<typeof previousOutputs>;
export type PreviousCluster = z.infer<typeof cluster>;
export type PreviousTrust = z.infer<typeof trust>;

/** A preview of a stack. */
export interface Preview {
  /** All resources of the stack, whether something happens to them or not. */
  readonly resources: readonly Resource[];
  /** The outputs of its last `up`; undefined when there was none, or everything was destroyed since. */
  readonly previous: PreviousOutputs | undefined;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

const record = z.record(z.string(), z.unknown());

const state = z.object({
  inputs: record.nullish(),
  outputs: record.nullish(),
  parent: z.string().nullish(),
  provider: z.string().nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullish()).nullish(),
});

/** The parts of `pulumi preview --json` that are read. Without resources or messages their lists are left out. */
const digest = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: state.nullish(),
        newState: state.nullish(),
        replaceReasons: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
  diagnostics: z.array(z.object({ message: z.string().nullish(), severity: z.string().nullish() })).nullish(),
});

type Step = NonNullable<z.infer<typeof digest>["steps"]>[number];

/** Which of the engine's operations change something. All others leave the resource as it is, or are half of a replacement. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  delete: "delete",
};

const OWN = "usmesh:index:";

/**
 * Reads what `pulumi preview --json --show-sames` printed.
 *
 * @returns undefined when the text is not a preview, as when Pulumi failed before it began.
 */
export function readPreview(text: string): Preview | undefined {
  const parsed = digest.safeParse(json(text));
  if (!parsed.success) return undefined;
  const steps = parsed.data.steps ?? [];
  const messages = (severity: string): string[] => {
    const found = (parsed.data.diagnostics ?? []).filter((message) => message.severity === severity);
    return [...new Set(found.map(({ message }) => (message ?? "").trim().replace(new RegExp(`^${severity}: `), "")))].filter(Boolean);
  };
  return { resources: resourcesIn(steps), previous: previousIn(steps), warnings: messages("warning"), errors: messages("error") };
}

function resourcesIn(steps: readonly Step[]): Resource[] {
  const resources = new Map<string, Resource>();
  for (const step of steps) {
    const { type, name, components } = parseUrn(step.urn);
    const other = resources.get(step.urn);
    const operation = OPERATIONS[step.op];
    // One resource may have several steps: the halves of a replacement, and the deletion of what an earlier one left.
    if (type === TYPES.stack || (other?.after && operation === undefined)) continue;
    const [before, after] = [stateOf(step.oldState), stateOf(step.newState)];
    resources.set(step.urn, { urn: step.urn, name, type, components, operation, reasons: step.replaceReasons ?? [], before, after });
  }
  return [...resources.values()];
}

function stateOf(state: Step["oldState"]): ResourceState | undefined {
  if (!state) return undefined;
  const { inputs, parent, provider, propertyDependencies } = state;
  return {
    inputs: inputs ?? {},
    ...(parent ? { parent } : {}),
    // A provider's reference ends with its id, which is not part of its URN.
    ...(provider ? { provider: provider.split("::").slice(0, -1).join("::") } : {}),
    sources: Object.fromEntries(Object.entries(propertyDependencies ?? {}).map(([input, urns]) => [input, urns ?? []])),
  };
}

function previousIn(steps: readonly Step[]): PreviousOutputs | undefined {
  const stack = steps.find(({ urn }) => parseUrn(urn).type === TYPES.stack);
  const outputs = stack?.oldState?.outputs ?? {};
  return Object.keys(outputs).length === 0 ? undefined : previousOutputs.parse(outputs);
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
function parseUrn(urn: string): { type: string; name: string; components: string[] } {
  const [, , types = "", ...name] = urn.split("::");
  const chain = types.split("$");
  const components = chain.filter((type) => type.startsWith(OWN)).map((type) => type.slice(OWN.length));
  return { type: chain.at(-1) ?? "", name: name.join("::"), components };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
