import * as path from "node:path";
import type { Step } from "../builder/step";
import { engineAnswers, ensureEngine } from "../engine/ensure-engine";
import { goStep } from "../steps/go-step";
import { catalog, observers, toolsTag, type CatalogImage } from "./catalog";
import { debianStep, toolsStep } from "./debian";
import { dockerBuild } from "./docker-build";
import { nodeStep } from "./node";

/** Makes sure that there is an engine to build images in. */
const engineStep: Step = {
  name: "docker-engine",
  kind: "engine",
  version: "20.10 or later",
  source: "the engine that runs here, else Debian's package docker.io",
  needs: [],
  inputs: [],
  recipe: null,
  outputs: [],
  cost: { seconds: 30, diskMiB: 400, memoryMiB: 200 },
  lane: "light",
  async check() {
    return (await engineAnswers()) ? undefined : "the Docker engine does not answer";
  },
  async build({ run, log }) {
    const { version } = await ensureEngine({ say: log, run });
    log(`Docker engine ${version}`);
  },
};

/** A program of this project, with no dependencies but Go's standard library. Its tests are not among its inputs. */
function ownProgram(name: string, module: string, sources: readonly string[]): Step {
  const source = `airgap/go/${module} of this repository`;
  const cost = { seconds: 10, diskMiB: 10, cacheMiB: 100, memoryMiB: 1024 };
  const step = goStep({ name, module, package: ".", sources: "all", version: "1", source, cost });
  return { ...step, inputs: ["go.mod", ...sources].map((file) => `airgap/go/${module}/${file}`) };
}

/** The programs of the pause, client and demo images. */
const programs = [ownProgram("pause", "pause", ["main.go"]), ownProgram("demo-server", "demo", ["main.go", "service.go", "settings.go"])];

/** The step that builds an image of the catalog. */
function imageStep({ name, tag, version, files, needs, dockerfile, size }: CatalogImage): Step {
  const folder = "folder" in dockerfile ? `airgap/images/${dockerfile.folder}` : undefined;
  const text = "text" in dockerfile ? dockerfile.text : undefined;
  return {
    name,
    kind: "image",
    version,
    source: `${files.map((file) => path.basename(file)).join(", ")} of this air gap`,
    needs,
    inputs: folder ? [folder] : [],
    recipe: { dockerfile: text ?? null },
    outputs: [],
    images: [tag],
    cost: { seconds: 3, diskMiB: size, memoryMiB: 100 },
    lane: "light",
    async build(context) {
      const { paths, repository } = context;
      await dockerBuild(context, {
        tag,
        folder: folder && path.join(repository, folder),
        dockerfile: text,
        files: files.map((file) => path.join(paths.home, file)),
        arguments: folder ? { TOOLS: toolsTag } : {},
      });
    },
  };
}

/** The Docker engine, and every image that the air gap builds in it. */
export const imageSteps: readonly Step[] = [engineStep, debianStep, toolsStep, ...programs, ...catalog.map(imageStep), ...observers.map((image) => ({ ...imageStep(image), optional: true })), nodeStep];
