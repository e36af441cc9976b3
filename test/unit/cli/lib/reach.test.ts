import { expect } from "chai";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { outOfReach } from "../../../../cli/lib/reach";

describe("a download site", () => {
  it("is out of reach when its name is unknown or the proxy refuses", async () => {
    const sites = [{ what: "nothing", url: "https://does-not-exist.invalid/" }];
    expect(await outOfReach(sites, {})).to.deep.equal(sites);
    const proxy = http.createServer().on("connect", (_request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    try {
      expect(await outOfReach(sites, { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })).to.deep.equal(sites);
    } finally {
      proxy.close();
    }
  });
});
