/** The plugin `pulumi-resource-usmesh`: what Pulumi's engine starts for a program in another language. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "@pulumi/pulumi/provider";
import { repositoryRoot } from "../lib/paths";
import { MeshProvider } from "./provider";

/** Of the package, whose file is above the compiled sources. */
const { version } = JSON.parse(readFileSync(join(repositoryRoot, "..", "package.json"), "utf8")) as { version: string };

// Also when it is required: Pulumi's Node.js host does that with a package that has a PulumiPlugin.yaml.
void main(new MeshProvider(version), process.argv.slice(2));
