/** A resource of the tls plugin: it is created once from its inputs, exists only in the state, and changed inputs replace it. */
import { equal } from "../lib/compare";
import type { ChangeKind, DiffRequest, DiffResult, ResourceType, Log } from "../lib/plugin";
import { violations, type Rules } from "../lib/schema";
import { annotateSecrets, markSecrets } from "../lib/secrets";
import { given, hasUnknown, reveal, UNKNOWN, type Props } from "../lib/values";
import { isAlwaysDue, isDue, RENEWAL } from "./renewal";

/** The description of one resource type. */
export interface Recipe {
  type: string;
  rules: Rules;
  /** Defaults of inputs. */
  defaults: Props;
  /** Inputs that the official schema declares secret. */
  secretInputs: readonly string[];
  /** Outputs that are not inputs. */
  computed: readonly string[];
  /** Outputs that the official schema declares secret. */
  secretOutputs: readonly string[];
  /** Inputs whose change does not replace the resource. */
  updatable: readonly string[];
  /** Optional inputs that keep their value when the program no longer sets them. */
  sticky: readonly string[];
  /** Metadata in the official plugin's state. */
  meta: Props;
  /** Whether it expires, and is replaced before. */
  expires: boolean;
  /** Creates it. The inputs include defaults, with secrets in plain text; the outputs become secret according to the lists above. */
  make(inputs: Props, log: Log): Promise<{ id: string; outputs: Props }>;
}

/** The resource type that a recipe describes. */
export function resourceTypeOf(recipe: Recipe): ResourceType {
  const { type, rules, defaults, secretInputs, computed, secretOutputs, updatable, meta, expires } = recipe;
  const secretNames = [...secretInputs, ...secretOutputs];

  /** The whole state: inputs with defaults, and outputs, with secrets marked and without properties that are null. */
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
      if (Object.keys(state).length === 0) throw new Error(`${type} cannot be imported: it exists only in the state`);
      const due = expires && isDue(state, new Date());
      return { id, state: due ? { ...state, [RENEWAL]: true } : state, inputs };
    },

    async update({ state, inputs }) {
      const changed = Object.fromEntries(updatable.map((name) => [name, inputs[name] ?? defaults[name] ?? null]));
      return { state: { ...state, ...changed, ...(expires ? { [RENEWAL]: isAlwaysDue(inputs) } : {}) } };
    },

    async delete() {
      // It exists only in the state.
    },
  };
}

/** What changed. A change of an input that is not updatable replaces the resource, and so does the time for renewal. */
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
