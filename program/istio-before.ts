import type { ClusterOutputs } from "../outputs/contract";
import type { ClusterIstio, IstioInstall } from "../settings/model";
import { buildDifferences, sourceOf, type BuildDifference, type IstioSource } from "../topology/istio-builds";
import { DEFAULT_REVISION } from "../topology/revisions";

/** An istiod since the last `up`. */
interface InstalledBefore {
  readonly version: string;
  /** Undefined where it was not recorded. */
  readonly source?: IstioSource | undefined;
  readonly revision: string;
}

/** Istio in a cluster since the last `up`. */
export interface IstioBefore extends InstalledBefore {
  readonly upgrade?: InstalledBefore & { readonly step: string };
}

/** What a cluster's outputs say of its istiods. */
export function istioOutputs({ next, ...installed }: ClusterIstio): NonNullable<ClusterOutputs["istio"]> {
  const upgrade = next && { version: next.version, source: sourceOf(next), revision: next.revision, step: next.step };
  return { revision: installed.revision, source: sourceOf(installed), ...(upgrade ? { upgrade } : {}) };
}

/** What there is of Istio in a cluster, by its outputs. */
export function istioBefore({ versions, istio = { revision: DEFAULT_REVISION } }: { readonly versions: Pick<ClusterOutputs["versions"], "istio">; readonly istio?: ClusterOutputs["istio"] }): IstioBefore {
  const { revision, source, upgrade } = istio;
  return { version: versions.istio, source, revision, ...(upgrade ? { upgrade } : {}) };
}

/** An istiod that stays, and gets another build with everything that it serves. */
export interface ReplacedInPlace {
  readonly before: InstalledBefore;
  readonly after: IstioInstall;
  readonly differences: readonly BuildDifference[];
}

/** The istiods of a cluster that an `up` with these settings would replace in place. */
export function replacedInPlace(istio: ClusterIstio, before: IstioBefore): ReplacedInPlace[] {
  const there = [before, ...(before.upgrade ? [before.upgrade] : [])];
  return [istio, ...(istio.next ? [istio.next] : [])].flatMap((after): ReplacedInPlace[] => {
    const found = there.find(({ revision }) => revision === after.revision);
    const differences = found === undefined ? [] : buildDifferences(found, after);
    return found === undefined || differences.length === 0 ? [] : [{ before: found, after, differences }];
  });
}
