/** A tls resource: it is made once from its inputs, lives in the state alone, and a change of inputs makes another. */
import { equal } from "../lib/compare";
import type { ChangeKind, DiffRequest, DiffResult, ResourceType, Log } from "../lib/plugin";
import { violations, type Rules } from "../lib/schema";
import { annotateSecrets, markSecrets } from "../lib/secrets";
import { given, hasUnknown, reveal, UNKNOWN, type Props } from "../lib/values";
import { isAlwaysDue, isDue, RENEWAL } from "./renewal";

/** What makes one resource type. */
export interface Recipe {
  type: string;
  rules: Rules;
  /** What stands for an input that is not given. */
  defaults: Props;
  /** Inputs that the official schema calls secret. */
  secretInputs: readonly string[];
  /** Outputs that no input gives. */
  computed: readonly string[];
  /** Outputs that the official schema calls secret. */
  secretOutputs: readonly string[];
  /** Inputs that can change without another resource being made. */
  updatable: readonly string[];
  /** Optional inputs that keep the value they had when the program no longer gives one. */
  sticky: readonly string[];
  /** Bookkeeping that official state carries. */
  meta: Props;
  /** Whether it ends, and is made anew in time. */
  expires: boolean;
  /** Makes it. The inputs are complete and in the clear; the outputs become secret by the lists above. */
  make(inputs: Props, log: Log): Promise<{ id: string; outputs: Props }>;
}

/** The resource type that a recipe describes. */
export function resourceTypeOf(recipe: Recipe): ResourceType {
  const { type, rules, defaults, secretInputs, computed, secretOutputs, updatable, meta, expires } = recipe;
  const secretNames = [...secretInputs, ...secretOutputs];

  /** The whole state: inputs with defaults, outputs, secrets marked. Null properties are not kept. */
  const stateOf = (inputs: Props, rest: Props): Props => {
    const renewal: Props = expires ? { [RENEWAL]: isAlwaysDue(inputs) } : {};
    const whole = given({ ...defaults, ...given(inputs), ...renewal, ...rest });
    return annotateSecrets(markSecrets(whole, secretNames), inputs);
  };

  return {
    async check({ news }) {
      return { inputs: markSecrets(news, secretInputs), failures: violations(news, rules, { plugin: "tls", type }) };
    },

    async diff(r) {
      return difference(recipe, r);
    },

    async create({ inputs, preview, log }) {
      if (preview || hasUnknown(inputs)) {
        const unknown = Object.fromEntries(computed.map((name) => [name, UNKNOWN]));
        return { id: "", state: stateOf(inputs, unknown) };
      }
      const { id, outputs } = await recipe.make(reveal<Props>({ ...defaults, ...given(inputs) }), log);
      return { id, state: stateOf(inputs, { ...outputs, ...meta, id }) };
    },

    async read({ id, state, inputs }) {
      if (Object.keys(state).length === 0) throw new Error(`${type} cannot be imported: it lives in the state alone`);
      const due = expires && isDue(state, new Date());
      return { id, state: due ? { ...state, [RENEWAL]: true } : state, inputs };
    },

    async update({ state, inputs }) {
      const changed = Object.fromEntries(updatable.map((name) => [name, inputs[name] ?? defaults[name] ?? null]));
      return { state: { ...state, ...changed, ...(expires ? { [RENEWAL]: isAlwaysDue(inputs) } : {}) } };
    },

    async delete() {
      // It lives in the state alone.
    },
  };
}

/** What changed; anything that is not updatable makes another resource, and so does the time for renewal. */
function difference(recipe: Recipe, { state, oldInputs, news }: DiffRequest): DiffResult {
  const detailed: Record<string, ChangeKind> = {};
  for (const name of Object.keys(recipe.rules)) {
    const before = oldInputs[name] ?? recipe.defaults[name];
    const after = news[name] ?? (recipe.sticky.includes(name) ? before : recipe.defaults[name]);
    if (equal(before, after)) continue;
    const change = before === undefined ? "add" : after === undefined ? "delete" : "update";
    detailed[name] = recipe.updatable.includes(name) ? change : `${change}-replace`;
  }
  const due = recipe.expires && isDue({ ...state, ...given(recipe.defaults), ...given(news) }, new Date());
  if (due) detailed[RENEWAL] = "update-replace";
  return {
    changes: Object.keys(detailed).length > 0,
    replaces: Object.keys(detailed).filter((name) => detailed[name]?.endsWith("-replace")),
    detailed,
    aboutState: [RENEWAL],
  };
}
