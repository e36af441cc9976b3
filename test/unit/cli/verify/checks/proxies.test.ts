import { testCases } from "../support/cases";
import { proxiesCases } from "./cases/others";

describe("verify's checks of proxies", () => testCases(proxiesCases));
