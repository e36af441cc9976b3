/** Check: the program's wishes in the form that all later operations use. */
import type { CheckRequest, CheckResult } from "../../lib/kind";
import { type Gvk, stringAt } from "../objects";
import { markSecrets, toObject, toProps } from "../props";
import { keepManagedBy } from "../rules/managed-by";
import { isGenerated, withName } from "../rules/naming";
import { normalize } from "../rules/normalize";
import { type Context, hasNamespace, withIdentity, withNamespace } from "./context";

/**
 * Fills in apiVersion, kind, name and namespace, and gives values their normal form. A wish that cannot be granted comes
 * back as a failure.
 */
export async function check(context: Context, gvk: Gvk, request: CheckRequest): Promise<CheckResult> {
  const { access } = context;
  if (access.unreachable !== undefined && access.flags.skipUpdateUnreachable && Object.keys(request.olds).length > 0) {
    return { inputs: request.olds };
  }
  const wished = toObject(request.news);
  const olds = toObject(request.olds);
  const kind = stringAt(wished, "kind");
  if (kind !== undefined && `${kind}Patch` === gvk.kind) {
    return refusal(request, "kind", `the air-gap kubernetes plugin does not do ${request.type}: Patch resources are not imitated`);
  }
  if (isGenerated(wished)) {
    return refusal(request, "metadata.generateName", "generateName does not go with server-side apply; give a name, or none");
  }
  let object = withName(normalize(withIdentity(wished, gvk)), olds, request);
  object = keepManagedBy(object, olds, process.env);
  if (!hasNamespace(object) && (await context.isNamespaced(gvk))) {
    object = withNamespace(object, access.namespace);
  }
  context.definitions.add(object);
  return { inputs: markSecrets(toProps(object), request.news) };
}

function refusal(request: CheckRequest, property: string, reason: string): CheckResult {
  return { inputs: request.news, failures: [{ property, reason }] };
}
