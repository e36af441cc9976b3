import { expect } from "chai";
import { suitableSubnet } from "../../../program/docker-subnet";
import { parseSettings } from "../../../settings/config";

describe("a Docker network whose subnet is known only once it exists", () => {
  const clusters = (settings: object) => parseSettings({ clusters: settings }, { stack: "local" }).clusters;

  it("is used when every cluster can be there", () => {
    expect(suitableSubnet(clusters({ west: {}, east: { addresses: ["172.25.9.0/28"] } }), "172.25.0.0/16")).to.equal("172.25.0.0/16");
  });

  it("is refused where a cluster's own networks overlap it", () => {
    expect(() => suitableSubnet(clusters({ west: { podSubnet: "172.25.0.0/17" }, east: { serviceSubnet: "172.25.128.0/17" } }), "172.25.0.0/16")).to.throw(
      "usmesh:clusters.west.podSubnet: 172.25.0.0/17 overlaps the Docker network, which is 172.25.0.0/16; choose another, or set usmesh:docker.subnet\n" +
        "usmesh:clusters.east.serviceSubnet: 172.25.128.0/17 overlaps the Docker network, which is 172.25.0.0/16; choose another, or set usmesh:docker.subnet",
    );
  });

  it("is refused where load balancers have addresses outside it, or those of containers", () => {
    expect(() => suitableSubnet(clusters({ west: { addresses: ["172.18.9.0/28"] } }), "172.25.0.0/16")).to.throw(/usmesh:clusters\.west\.addresses: 172\.18\.9\.0\/28 is outside the Docker network 172\.25\.0\.0\/16/);
    expect(() => suitableSubnet(clusters({ west: { addresses: ["172.25.0.2-172.25.0.9"] } }), "172.25.0.0/16")).to.throw(/where Docker gives containers their addresses/);
  });

  it("does not matter to clusters without MetalLB, and to those that exist", () => {
    const settings = { west: { metallb: false }, east: { driver: "existing", kubeconfig: "k", context: "c", metallb: true, addresses: ["10.0.0.1-10.0.0.9"] } };
    expect(suitableSubnet(clusters(settings), "192.168.7.0/28")).to.equal("192.168.7.0/28");
  });
});
