import { expect } from "chai";
import { curlCommand, readCurl, readWget, wgetCommand } from "../../../../cli/trace/sent";

describe("the request that is followed", () => {
  it("has its id in the header by which proxies know it, and an end", () => {
    expect(curlCommand("http://catalog.shop:80/", "usmesh-1", 5)).to.include.members(["x-request-id: usmesh-1", "--max-time", "5"]);
    expect(curlCommand("http://catalog.shop:80/", "usmesh-1", 5).at(-1)).to.equal("http://catalog.shop:80/");
    expect(wgetCommand("http://catalog.shop:80/", "usmesh-1", 5)).to.include.members(["x-request-id: usmesh-1", "-T", "5", "http://catalog.shop:80/"]);
  });

  it("is told by curl: status, the answer, and times", () => {
    const stdout = '{"name": "catalog"}\n\nusmesh-trace 200 0.001234 0.014500\n';
    expect(readCurl({ code: 0, stdout, stderr: "" })).to.deep.equal({ by: "curl", status: 200, body: '{"name": "catalog"}\n', lookupMs: 1, totalMs: 15 });
  });

  it("did not get anywhere where curl says that the name does not resolve", () => {
    const ended = { code: 6, stdout: "\nusmesh-trace 000 0.000000 0.003000\n", stderr: "curl: (6) Could not resolve host: nobody.shop\n" };
    expect(readCurl(ended)).to.deep.equal({ by: "curl", error: "curl: (6) Could not resolve host: nobody.shop", unresolved: true, totalMs: 3 });
    expect(readCurl({ code: 28, stdout: "\nusmesh-trace 000 0.001000 5.001000\n", stderr: "curl: (28) Operation timed out" })).to.deep.include({ unresolved: false, error: "curl: (28) Operation timed out" });
  });

  it("is told by wget, without times: busybox's and GNU's", () => {
    expect(readWget({ code: 0, stdout: "hello", stderr: "Connecting to catalog.shop (10.0.0.1:80)\n  HTTP/1.1 200 OK\n" })).to.deep.equal({ by: "wget", status: 200, body: "hello" });
    expect(readWget({ code: 1, stdout: "", stderr: "  HTTP/1.1 403 Forbidden\nwget: server returned error: HTTP/1.1 403 Forbidden\n" })).to.include({ status: 403 });
    expect(readWget({ code: 1, stdout: "", stderr: "wget: bad address 'nobody.shop:80'\n" })).to.include({ unresolved: true, error: "wget: bad address 'nobody.shop:80'" });
    expect(readWget({ code: 1, stdout: "", stderr: "" })).to.include({ error: "wget ended with 1", unresolved: false });
  });

  it("keeps the beginning of a long answer", () => {
    expect(readCurl({ code: 0, stdout: `${"x".repeat(5000)}\nusmesh-trace 200 0 0.1\n`, stderr: "" }).body).to.have.length(300);
  });
});
