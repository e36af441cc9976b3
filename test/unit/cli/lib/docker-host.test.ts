import { expect } from "chai";
import { dockerHost } from "../../../../cli/lib/docker-host";

describe("the Docker engine that plugins use", () => {
  const answering = (stdout: string, code = 0) => async () => ({ code, stdout, stderr: "" });

  it("is that of docker's current context", async () => {
    expect(await dockerHost({}, answering("unix:///home/me/.docker/desktop.sock\n"))).to.equal("unix:///home/me/.docker/desktop.sock");
  });

  it("is not set when it is the default, when docker fails, and without docker", async () => {
    expect(await dockerHost({}, answering("unix:///var/run/docker.sock\n"))).to.equal(undefined);
    expect(await dockerHost({}, answering("", 1))).to.equal(undefined);
    expect(await dockerHost({}, () => Promise.reject(new Error("docker was not found")))).to.equal(undefined);
  });

  it("is the user's when DOCKER_HOST is set", async () => {
    expect(await dockerHost({ DOCKER_HOST: "tcp://10.0.0.1:2375" }, answering("unix:///other.sock"))).to.equal(undefined);
  });
});
