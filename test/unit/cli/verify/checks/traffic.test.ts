import { testCases } from "../support/cases";
import { trafficCases } from "./cases/others";

describe("verify's checks of traffic", () => testCases(trafficCases));
