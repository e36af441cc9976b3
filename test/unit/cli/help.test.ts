import { expect } from "chai";
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
});
