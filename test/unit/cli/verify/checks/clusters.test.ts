import { testCases } from "../support/cases";
import { clustersCases } from "./cases/clusters";

describe("verify's checks of clusters", () => testCases(clustersCases));
