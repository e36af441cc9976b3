import { testCases } from "../support/cases";
import { discoveryCases } from "./cases/discovery";

describe("verify's checks of discovery", () => testCases(discoveryCases));
