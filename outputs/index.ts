/** What another Pulumi program uses of a mesh: `import { readMesh } from "usmesh/outputs"`. */
export { Mesh, type MeshCluster } from "./mesh";
export { readMesh } from "./read-mesh";
