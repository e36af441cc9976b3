import { testCases } from "../support/cases";
import { gatewaysCases } from "./cases/gateways";

describe("verify's checks of gateways", () => testCases(gatewaysCases));
