import { z } from "zod";

/** What happens to a resource, as people count it: both halves of a replacement are one. */
export type Operation = "create" | "update" | "replace" | "delete";

/** One resource that `up` would change. */
export interface Change {
  readonly operation: Operation;
  /** Pulumi's name of the resource. */
  readonly name: string;
  /** Its type, such as `kubernetes:core/v1:Secret`. */
  readonly type: string;
  /** The components that it is in, the outermost first, without `usmesh:index:`. */
  readonly components: readonly string[];
  /** The properties that a replacement is for. */
  readonly reasons: readonly string[];
  /** Inputs before and after; a secret is the text `[secret]`. Empty where there are none. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

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
  versions: z.object({ istio: z.string(), metallb: z.string().optional() }),
});

/** The plain outputs of a stack's last `up` that a plan compares with; each is left out when it is not there or of another shape. */
const standing = z.object({
  clusters: z.record(z.string(), cluster).optional().catch(undefined),
  trust: trust.optional().catch(undefined),
  pairs: z.array(z.string()).optional().catch(undefined),
});

export type Standing = z.infer<typeof standing>;
export type StandingCluster = z.infer<typeof cluster>;
export type StandingTrust = z.infer<typeof trust>;

/** A preview of a stack, read. */
export interface Preview {
  readonly changes: readonly Change[];
  /** What its last `up` left; undefined when there was none, or everything was destroyed since. */
  readonly standing: Standing | undefined;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

const state = z.object({ inputs: z.record(z.string(), z.unknown()).nullish(), outputs: z.record(z.string(), z.unknown()).nullish() });

/** The parts of `pulumi preview --json` that are looked at. Without changes or messages their lists are left out. */
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

/** What the engine calls an operation, and what it is to people. All else changes nothing, or is the other half of a replacement. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  delete: "delete",
};

const STACK = "pulumi:pulumi:Stack";
const OWN = "usmesh:index:";

/**
 * Reads what `pulumi preview --json` printed.
 *
 * @returns undefined when that is no preview, as when Pulumi failed before it began.
 */
export function readPreview(text: string): Preview | undefined {
  const parsed = digest.safeParse(json(text));
  if (!parsed.success) return undefined;
  const steps = parsed.data.steps ?? [];
  const messages = (severity: string): string[] => {
    const found = (parsed.data.diagnostics ?? []).filter((message) => message.severity === severity);
    return [...new Set(found.map(({ message }) => (message ?? "").trim().replace(new RegExp(`^${severity}: `), "")))].filter(Boolean);
  };
  return { changes: changesIn(steps), standing: standingIn(steps), warnings: messages("warning"), errors: messages("error") };
}

function changesIn(steps: readonly Step[]): Change[] {
  const changes = new Map<string, Change>();
  for (const step of steps) {
    const operation = OPERATIONS[step.op];
    const { type, name, components } = parseUrn(step.urn);
    if (operation === undefined || type === STACK) continue;
    // A replacement shown in halves is one.
    if (changes.get(step.urn)?.operation === "replace") continue;
    const [before, after] = [step.oldState?.inputs ?? {}, step.newState?.inputs ?? {}];
    changes.set(step.urn, { operation, name, type, components, reasons: step.replaceReasons ?? [], before, after });
  }
  return [...changes.values()];
}

function standingIn(steps: readonly Step[]): Standing | undefined {
  const stack = steps.find(({ urn }) => parseUrn(urn).type === STACK);
  const outputs = stack?.oldState?.outputs ?? {};
  return Object.keys(outputs).length === 0 ? undefined : standing.parse(outputs);
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
