import { expect } from "chai";
import { canonicalServer, isLoopback } from "../../../lib/api-server-url";

describe("the address of an API server", () => {
  it("is loopback when it leads to whichever machine uses it", () => {
    for (const url of ["https://127.0.0.1:6443", "https://127.9.9.9", "https://LOCALHOST:1", "https://a.localhost", "https://[::1]:6443", "https://[::]", "https://0.0.0.0", "https://[::ffff:127.0.0.1]", "https://127.1"]) {
      expect(isLoopback(url), url).to.equal(true);
    }
    for (const url of ["https://128.0.0.1", "https://localhost.example", "https://mylocalhost", "https://10.127.0.1", "https://[::2]", "not a URL", ""]) {
      expect(isLoopback(url), url).to.equal(false);
    }
  });

  it("is the same in two spellings", () => {
    for (const url of ["https://api.example", "https://API.example:443", "https://api.example/", "https://api.example."]) {
      expect(canonicalServer(url), url).to.equal("https://api.example:443");
    }
    expect(canonicalServer("http://api.example")).to.equal("http://api.example:80");
    for (const url of ["https://api.example:6443", "https://api.example/a", "https://other.example"]) expect(canonicalServer(url), url).not.to.equal("https://api.example:443");
    expect(canonicalServer("not a URL")).to.equal("not a URL");
  });
});
