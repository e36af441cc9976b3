import { testCases } from "../support/cases";
import { observabilityCases } from "./cases/others";

describe("verify's checks of what observes the mesh", () => testCases(observabilityCases));
