import { testCases } from "../support/cases";
import { endpointsCases } from "./cases/others";

describe("verify's checks of endpoints", () => testCases(endpointsCases));
