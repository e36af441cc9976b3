import * as pulumi from "@pulumi/pulumi";
import { readMesh } from "usmesh/outputs";
import { Hello } from "./hello";

/** One `Hello` in every cluster of the stacks that the settings name. */
async function program(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  const meshes = await Promise.all(config.requireObject<string[]>("stacks").map((stack) => readMesh(stack)));
  const image = config.require("image");

  const everywhere = meshes.flatMap((mesh) =>
    Object.values(mesh.clusters).map(({ key, clusterName }) => new Hello(`hello-${key}`, { clusterName, image }, { provider: mesh.provider(key) })),
  );
  return { url: everywhere[0]?.url, clusters: meshes.flatMap(({ clusters }) => Object.keys(clusters)) };
}

export = program;
