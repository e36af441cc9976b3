/** The formats of the mesh's picture. */
export const FORMATS = ["text", "mermaid", "svg", "json", "html"] as const;

export type Format = (typeof FORMATS)[number];

/** Width of a picture in pixels, unless another is wanted. */
export const DEFAULT_WIDTH = 800;
