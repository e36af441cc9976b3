import { expect } from "chai";
import { CommanderError } from "commander";
import { program } from "../../../cli/main";

describe("the help", () => {
  it("names every command with a summary, how to start, the exit codes and the variables", () => {
    let text = "";
    const root = program().configureOutput({ writeOut: (part) => (text += part) });
    root.outputHelp();
    for (const command of root.commands) {
      expect(command.summary(), command.name()).to.match(/^\S.{10,}$/);
      expect(text).to.match(new RegExp(`^  ${command.name()} `, "m"));
    }
    for (const needed of ["./mesh up", "Exit codes", "MESH_HOME", "MESH_AIRGAP"]) expect(text).to.contain(needed);
  });

  it("of each command describes it and every option", () => {
    for (const command of program().commands) {
      const help = command.helpInformation();
      expect(help, command.name()).to.contain(`./mesh ${command.name()}`);
      expect(command.description().length, command.name()).to.be.greaterThan(20);
      for (const option of command.options) expect(option.description, `${command.name()} ${option.flags}`).to.match(/\S{3}/);
    }
  });

  for (const words of [["nope"], ["verify", "--only", "x"], ["airgap", "build", "--nope"]]) {
    it(`and the documentation are named after wrong usage: ${words.join(" ")}`, async () => {
      const printed: string[] = [];
      const mesh = program();
      const command = words.slice(0, -1).reduce((parent, word) => parent.commands.find((sub) => sub.name() === word) ?? parent, mesh);
      command.configureOutput({ writeErr: (part) => printed.push(part) });
      const error: unknown = await mesh.parseAsync(words, { from: "user" }).catch((failure: unknown) => failure);
      expect(error).to.be.instanceOf(CommanderError);
      expect(printed.join("")).to.match(/^error: .*\n(?:.*\n)*Run it with --help to see its arguments and options\.\nSee docs\/troubleshooting\.md#wrong-usage\n/);
    });
  }
});
