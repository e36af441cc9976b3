import { expect } from "chai";
import { judged, testCases, textOf } from "../support/cases";
import { endpointsCases } from "./cases/others";

describe("verify's checks of endpoints", () => {
  testCases(endpointsCases);

  describe("where a cluster could not be read", () => {
    /** What is said of west's endpoints: those, beside the gateway of east. */
    const said = async (address: string, port: number): Promise<string | undefined> => {
      const findings = await judged((mesh) => {
        mesh.unread("north");
        mesh.endpoints({ address: "172.18.255.202", port: 15443 }, { address, port });
      });
      return textOf(findings.filter(({ check, cluster }) => check === "endpoints.via-gateways" && cluster === "west"));
    };

    it("do not call an endpoint wrong that may be a gateway of it", async () => {
      expect(await said("172.18.255.222", 15443)).to.match(/^unknown .*: also at what may be a gateway of north, which could not be read$/);
    });

    it("find what no gateway can be", async () => {
      expect(await said("172.18.255.222", 80)).to.match(/^fail .*: not addresses of the peer's gateways /);
      for (const port of [3000, 15443]) expect(await said("10.20.0.7", port)).to.match(/^fail .*: pod addresses of another network /);
    });
  });
});
