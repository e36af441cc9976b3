import { expect } from "chai";
import { Command, InvalidArgumentError } from "commander";
import { chooseTargets, seconds, withClusterOptions } from "../../../../cli/live/options";

const refusal = async (stacks: string[], options: { context: string[]; kubeconfig?: string }): Promise<unknown> => chooseTargets(stacks, options, 1000, async () => undefined).catch((error: unknown) => error);

describe("the clusters that a command is to look at", () => {
  it("are contexts, as many as are named, in a kubeconfig", () => {
    const command = withClusterOptions(new Command()).exitOverride();
    command.parse(["--context", "west=kind-west", "--context", "kind-east", "--kubeconfig", "file"], { from: "user" });
    expect(command.opts()).to.deep.equal({ context: ["west=kind-west", "kind-east"], kubeconfig: "file" });
  });

  it("are refused where both stacks and contexts are named, or a kubeconfig and no context", async () => {
    expect(await refusal(["local"], { context: ["west"] })).to.include({ message: "stacks and --context were both given", exitCode: 2 });
    expect(await refusal([], { context: [], kubeconfig: "file" })).to.include({ message: "--kubeconfig was given without --context", exitCode: 2 });
  });

  it("are asked within a number of seconds above zero", () => {
    expect(seconds("1.5")).to.equal(1.5);
    for (const wrong of ["0", "-1", "x", "Infinity"]) expect(() => seconds(wrong)).to.throw(InvalidArgumentError);
  });
});
