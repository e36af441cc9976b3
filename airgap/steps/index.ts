import type { Step } from "../builder/step";
import { imageSteps } from "../images/steps";
import { binarySteps } from "./binaries";
import { chartSteps } from "./charts";
import { envoyStep } from "./envoy";
import { pluginsStep } from "./plugins";
import { settingsStep } from "./settings";

/**
 * Every piece of the air gap. Of two that could be built next, the one listed first is: what is quick, then images with the binaries
 * that they are made of, so that the one lane makes images while the other compiles what none of them needs.
 */
export const allSteps: readonly Step[] = [...chartSteps, envoyStep, pluginsStep, ...imageSteps, ...binarySteps, settingsStep];
