import { expect } from "chai";
import { sendFrom, sendThrough } from "../../../../cli/trace/send";
import { place } from "../live/support/places";
import { pod } from "../verify/support/fake-cluster";

const request = { id: "usmesh-1", url: "http://catalog.shop:80/", timeoutSeconds: 5 };
const answer = { code: 0, stdout: "{}\nusmesh-trace 200 0.001 0.010\n", stderr: "" };

describe("the request of a trace", () => {
  it("is sent by curl from the workload's own container, not from its proxy's", async () => {
    const { kube } = place("west");
    kube.command = answer;
    expect(await sendFrom(kube, pod("web-1"), request)).to.include({ by: "curl", status: 200 });
    expect(kube.commands.map((command) => command.slice(0, 4))).to.deep.equal([["shop", "web-1", "app", "curl"]]);
  });

  it("is sent by wget where there is no curl, and refused where there is neither, with what to do", async () => {
    const { kube } = place("west");
    kube.command = { code: 127, stdout: "", stderr: "not found" };
    const withPort = pod("web-1");
    withPort.spec.containers[0]!.ports = [{ containerPort: 8080 }];
    const refusal: unknown = await sendFrom(kube, withPort, request).catch((error: unknown) => error);
    expect(kube.commands.map((command) => command[3])).to.deep.equal(["curl", "wget"]);
    expect(refusal).to.include({ message: "no container of shop/web-1 has curl or wget, so that nothing can be sent from it", exitCode: 2 });
    expect(refusal).to.have.property("hint").that.contains("--through 8080/<path>");
  });

  it("is not sent where no command may be run, which is said", async () => {
    const { kube } = place("west");
    kube.command = new Error('pods "web-1" is forbidden');
    expect(await sendFrom(kube, pod("web-1"), request).catch((error: unknown) => error)).to.include({ message: 'no command can be run in shop/web-1: pods "web-1" is forbidden', exitCode: 1 });
  });

  it("is left to the workload by a request to a port of its own; what does not answer there is said", async () => {
    const { kube } = place("west");
    kube.localPort = 1;
    expect(await sendThrough(kube, pod("web-1"), { port: 8080, path: "/" }, request)).to.have.property("error").that.contains("the workload did not answer at port 8080");
  });
});
