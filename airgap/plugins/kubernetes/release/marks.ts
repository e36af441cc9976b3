/** Carries what is unknown or secret from what went in to what comes out. */
import { annotateSecrets, secret } from "../../lib/secrets";
import { Secret, Unknown, hasSecret, isObject, type Props, type Value } from "../../lib/values";

/** `outs` with the marks of `ins`: what was made of an unknown is unknown, what was made of a secret is secret. */
export function annotate(outs: Props, ins: Props): Props {
  return annotateSecrets(annotateUnknowns(outs, ins), ins);
}

/**
 * Keeps secret what was secret `before` and is there still, though `ins` no longer says it: values that the program took
 * away and Helm kept (`reuseValues`).
 */
export function keepSecrets(outs: Props, ins: Value | undefined, before: Value | undefined): Props {
  const kept: Props = { ...outs };
  for (const [key, value] of Object.entries(outs)) {
    const [given, was] = [memberOf(ins, key), memberOf(before, key)];
    if (was === undefined || !hasSecret(was)) continue;
    if (given === undefined) Object.assign(kept, annotateSecrets({ [key]: value }, { [key]: was }));
    else if (isObject(value)) kept[key] = keepSecrets(value, given, was);
  }
  return kept;
}

/** A member of an object; secret where the object is. */
function memberOf(object: Value | undefined, key: string): Value | undefined {
  if (!(object instanceof Secret)) return isObject(object) ? object[key] : undefined;
  const member = memberOf(object.value, key);
  return member === undefined ? undefined : secret(member);
}

function annotateUnknowns(outs: Props, ins: Props): Props {
  const marked: Props = { ...outs };
  for (const [key, input] of Object.entries(ins)) {
    const output = marked[key];
    if (output !== undefined) marked[key] = annotateUnknown(output, input);
  }
  return marked;
}

function annotateUnknown(output: Value, input: Value | undefined): Value {
  if (input instanceof Secret) return annotateUnknown(output, input.value);
  if (input instanceof Unknown) return input;
  if (isObject(output) && isObject(input)) return annotateUnknowns(output, input);
  if (Array.isArray(output) && Array.isArray(input)) return output.map((item, i) => annotateUnknown(item, input[i]));
  return output;
}
