import { expect } from "chai";
import { parseService, parseWorkload } from "../../../../cli/trace/names";
import { parseThrough } from "../../../../cli/trace/through";

describe("the names that a trace is given", () => {
  it("are a workload with its cluster and namespace", () => {
    expect(parseWorkload("west/istioinaction/webapp")).to.deep.equal({ cluster: "west", namespace: "istioinaction", workload: "webapp" });
    for (const wrong of ["", "webapp", "west/webapp", "west/a/b/c", "west//webapp", "/a/b", "west/A/b"]) expect(() => parseWorkload(wrong), wrong).to.throw("is not the name of a workload").with.property("exitCode", 2);
  });

  it("are a service, of the workload's namespace unless another is named", () => {
    expect(parseService("catalog", "shop")).to.deep.equal({ name: "catalog", namespace: "shop" });
    expect(parseService("catalog:8080", "shop")).to.deep.equal({ name: "catalog", namespace: "shop", port: 8080 });
    for (const same of ["catalog.other", "catalog.other.svc", "catalog.other.svc.cluster.local"]) expect(parseService(same, "shop")).to.deep.equal({ name: "catalog", namespace: "other" });
    for (const wrong of ["", "a/b", "http://catalog", "catalog:0", "catalog:70000", "catalog:x", "catalog.shop.example.com", "-x"]) expect(() => parseService(wrong, "shop"), wrong).to.throw("is not the name of a service");
  });

  it("are a port and a path at which the workload is asked", () => {
    expect(parseThrough("8080/api/catalog?x=1")).to.deep.equal({ port: 8080, path: "/api/catalog?x=1" });
    expect(parseThrough("8080")).to.deep.equal({ port: 8080, path: "/" });
    for (const wrong of ["", "/api", "0/x", "70000/", "8080 /x", "8080/a b"]) expect(() => parseThrough(wrong), wrong).to.throw("is not a port and a path");
  });
});
