import { testCases } from "../support/cases";
import { policiesCases } from "./cases/policies";

describe("verify's checks of policies", () => testCases(policiesCases));
