import type { Step } from "../builder/step";
import { benchImages } from "../images/catalog";
import { imageStep } from "../images/steps";
import { versions } from "../versions";
import { goStep } from "./go-step";

/** The load generator. */
const fortio = goStep({
  name: "fortio",
  module: "fortio",
  package: "fortio.org/fortio",
  version: versions.fortio,
  source: `go module fortio.org/fortio v${versions.fortio}`,
  cost: { seconds: 40, diskMiB: 15, cacheMiB: 400, memoryMiB: 1024 },
});

/** The pieces that only the benchmark needs. They are built by name alone: `./mesh airgap build image-fortio`. */
export const benchSteps: readonly Step[] = [fortio, ...benchImages.map(imageStep)];
