import { testCases } from "../support/cases";
import { failoverCases } from "./cases/failover";

describe("verify's checks of failover", () => testCases(failoverCases));
