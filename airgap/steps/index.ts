import type { Step } from "../builder/step";
import { imageSteps } from "../images/steps";
import { imageSteps } from "../images/steps";
import { binarySteps } from "./binaries";
import { chartSteps } from "./charts";
import { envoyStep } from "./envoy";
import { pluginsStep } from "./plugins";
import { settingsStep } from "./settings";

/** Every piece of the air gap. Of two that could be built next, the one listed first is. */
export const allSteps: readonly Step[] = [...imageSteps, ...chartSteps, envoyStep, ...binarySteps, pluginsStep, settingsStep];
