import { testCases } from "../support/cases";
import { identityCases } from "./cases/identity";

describe("verify's checks of identity", () => testCases(identityCases));
