/** Marks a resource's outputs as secret when its inputs are. */
import { hasSecret, isObject, Secret, type Props, type Value } from "./values";

/**
 * Marks outputs as secret: a property of `outs` becomes secret when the property of the same name in `ins` is or contains a secret.
 * Objects are compared property by property. The engine does the same for official plugins that do not handle secrets themselves.
 */
export function annotateSecrets(outs: Props, ins: Props): Props {
  const marked: Props = { ...outs };
  for (const [key, input] of Object.entries(ins)) {
    const output = marked[key];
    if (output !== undefined) marked[key] = annotate(output, input);
  }
  return marked;
}

function annotate(output: Value, input: Value): Value {
  if (isObject(output) && isObject(input)) return annotateSecrets(output, input);
  return hasSecret(input) ? secret(output) : output;
}

/** The value as a secret; unchanged when it is one already. */
export function secret(v: Value): Secret {
  return v instanceof Secret ? v : new Secret(v);
}

/** The inputs with the named properties marked secret, if they are given: those that an official schema declares secret. */
export function markSecrets(props: Props, names: readonly string[]): Props {
  const marked: Props = { ...props };
  for (const name of names) {
    const v = marked[name];
    if (v !== undefined && v !== null) marked[name] = secret(v);
  }
  return marked;
}
