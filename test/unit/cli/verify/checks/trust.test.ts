import { testCases } from "../support/cases";
import { trustCases } from "./cases/trust";

describe("verify's checks of trust", () => testCases(trustCases));
