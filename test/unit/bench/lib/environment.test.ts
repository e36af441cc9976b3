import { expect } from "chai";
import { adoptEnvironment, benchEnvironment } from "../../../../bench/lib/environment";

describe("the environment of the benchmark's commands", () => {
  it("has nothing of the caller's own meshes in its environment, and the Docker engine", () => {
    const kept = benchEnvironment({ PATH: "/bin", MESH_HOME: "/mine", USMESH_SETTINGS: "/mine", KUBECONFIG: "/mine", PULUMI_HOME: "/mine", DOCKER_HOST: "unix:///engine", MESH_AIRGAP: "1" });
    expect(kept).to.deep.equal({ PATH: "/bin", DOCKER_HOST: "unix:///engine", MESH_AIRGAP: "1" });
  });
});

describe("the process's own environment", () => {
  const before = { ...process.env };
  afterEach(() => adoptEnvironment(before));

  it("becomes another one, without what that does not have", () => {
    process.env["MESH_HOME"] = "/mine";
    adoptEnvironment({ ...before, MESH_HOME: undefined, PATH: "/bin" });
    expect(process.env).not.to.have.property("MESH_HOME");
    expect(process.env["PATH"]).to.equal("/bin");
  });
});
