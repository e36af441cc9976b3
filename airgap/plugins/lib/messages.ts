/** Responses to check and diff in the engine's protocol. */
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import type { ChangeKind, CheckResult, DiffResult } from "./plugin";
import { marshal } from "./values";

const CHANGE_KINDS: Record<ChangeKind, rpc.PropertyDiff.Kind> = {
  add: rpc.PropertyDiff.Kind.ADD,
  "add-replace": rpc.PropertyDiff.Kind.ADD_REPLACE,
  delete: rpc.PropertyDiff.Kind.DELETE,
  "delete-replace": rpc.PropertyDiff.Kind.DELETE_REPLACE,
  update: rpc.PropertyDiff.Kind.UPDATE,
  "update-replace": rpc.PropertyDiff.Kind.UPDATE_REPLACE,
};

/** The response to a check. */
export function checkResponse(result: CheckResult): rpc.CheckResponse {
  const failures = (result.failures ?? []).map(({ property, reason }) =>
    new rpc.CheckFailure().setProperty(property).setReason(reason),
  );
  return new rpc.CheckResponse().setInputs(marshal(result.inputs)).setFailuresList(failures);
}

/** The response to a diff. */
export function diffResponse(result: DiffResult): rpc.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
  const response = new rpc.DiffResponse();
  response.setChanges(result.changes ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(result.replaces ?? []);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  if (!result.detailed) return response;

  response.setHasdetaileddiff(true);
  const paths = Object.entries(result.detailed);
  for (const [path, kind] of paths) {
    // Tells the engine whether the old value that it shows is in the inputs or in the state.
    const ofInputs = !result.aboutState?.includes(path);
    response.getDetaileddiffMap().set(path, new rpc.PropertyDiff().setKind(CHANGE_KINDS[kind]).setInputdiff(ofInputs));
  }
  response.setDiffsList([...new Set(paths.map(([path]) => path.split(/[.[]/, 1)[0] as string))]);
  return response;
}
