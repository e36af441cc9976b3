/** Carries what is unknown or secret from what went in to what comes out. */
import { annotateSecrets } from "../../lib/secrets";
import { Secret, Unknown, isObject, type Props, type Value } from "../../lib/values";

/** `outs` with the marks of `ins`: what was made of an unknown is unknown, what was made of a secret is secret. */
export function annotate(outs: Props, ins: Props): Props {
  return annotateSecrets(annotateUnknowns(outs, ins), ins);
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
