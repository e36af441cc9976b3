import { MeshError } from "../../../../../lib/errors";
import type { Finished, Runner, RunOptions } from "../../../../../lib/process";

/** Programs that do not run: answers by command line, and what was asked of them. */
export class FakeRunner implements Runner {
  /** Command lines, in order. */
  readonly calls: string[] = [];
  readonly options: RunOptions[] = [];

  /** @param answer how a command line ends; one that prints nothing and succeeds unless it says otherwise. */
  constructor(private readonly answer: (line: string) => Partial<Finished> | undefined = () => undefined) {}

  readonly capture = async (command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> => {
    const line = [command, ...args].join(" ");
    this.calls.push(line);
    this.options.push(options);
    return { code: 0, stdout: "", stderr: "", ...this.answer(line) };
  };

  readonly run = async (command: string, args: readonly string[], options: RunOptions = {}): Promise<string> => {
    const { code, stdout } = await this.capture(command, args, options);
    if (code !== 0) throw new MeshError("command-failed", `${command} failed with exit code ${code}`);
    return stdout;
  };
}
