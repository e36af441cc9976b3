import type { Step } from "../builder/step";
import { imageSteps } from "../images/steps";
import { binarySteps } from "./binaries";
import { chartSteps } from "./charts";
import { envoyStep } from "./envoy";
import { pluginsStep } from "./plugins";
import { settingsStep } from "./settings";

/**
 * Every piece of the air gap. Of two steps that could be built next, the first one listed is: quick ones, then images and their binaries,
 * so that one lane builds images while the other compiles what no image needs.
 */
export const allSteps: readonly Step[] = [...chartSteps, envoyStep, pluginsStep, ...imageSteps, ...binarySteps, settingsStep];
