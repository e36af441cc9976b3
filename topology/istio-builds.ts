/** What an istiod was installed from. A version is not enough to tell two of them apart: images and charts can be of one's own. */

/** Where charts and images come from, where it is not the default: a folder of charts, the registry and path of images, and their tag. */
export interface IstioSource {
  readonly charts?: string | undefined;
  readonly hub?: string | undefined;
  readonly tag?: string | undefined;
}

/** The settings of {@link IstioSource}. */
export const SOURCE_SETTINGS = ["charts", "hub", "tag"] as const satisfies readonly (keyof IstioSource)[];

/** What of a build is different from another one. */
export interface BuildDifference {
  readonly what: "version" | keyof IstioSource;
  /** Undefined: the default. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What is not the default, and nothing else. */
export function sourceOf({ charts, hub, tag }: IstioSource): { charts?: string; hub?: string; tag?: string } {
  return { ...(charts === undefined ? {} : { charts }), ...(hub === undefined ? {} : { hub }), ...(tag === undefined ? {} : { tag }) };
}

/**
 * What is different between what was installed and what is wanted. Empty: it is the same build.
 *
 * @param before without a source where it was not recorded: then the versions alone are compared
 */
export function buildDifferences(before: { readonly version: string; readonly source?: IstioSource | undefined }, after: { readonly version: string } & IstioSource): BuildDifference[] {
  const { version, source } = before;
  const all: BuildDifference[] = [
    { what: "version", from: version, to: after.version },
    ...(source === undefined ? [] : SOURCE_SETTINGS.map((what) => ({ what, from: source[what], to: after[what] }))),
  ];
  return all.filter(({ from, to }) => from !== to);
}
