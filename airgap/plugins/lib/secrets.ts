/** How secrets pass from what goes into a resource to what comes out of it. */
import { hasSecret, isObject, Secret, type Props, type Value } from "./values";

/**
 * Marks what was made of secret inputs as secret: a property of `outs` becomes secret when the property of the same name
 * in `ins` is, or holds, a secret; objects are gone through property by property. It is what the engine does on behalf
 * of official plugins that do not handle secrets themselves.
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

/** The value as a secret; one that is a secret already stays as it is. */
export function secret(v: Value): Secret {
  return v instanceof Secret ? v : new Secret(v);
}

/** The inputs with the named properties marked secret, where they are given: what an official schema calls secret. */
export function markSecrets(props: Props, names: readonly string[]): Props {
  const marked: Props = { ...props };
  for (const name of names) {
    const v = marked[name];
    if (v !== undefined && v !== null) marked[name] = secret(v);
  }
  return marked;
}
