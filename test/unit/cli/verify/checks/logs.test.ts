import { testCases } from "../support/cases";
import { logsCases } from "./cases/others";

describe("verify's checks of logs", () => testCases(logsCases));
