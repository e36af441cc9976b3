/** The process that runs a part of the tests. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { constants } from "node:os";
import { repositoryRoot } from "../../lib/paths";
import { endMarked, MARK } from "./processes";

/** How it is run. */
export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where its output goes: to the terminal as it comes, to standard error alone, or to {@link ChildResult.output}. */
  readonly output: "terminal" | "stderr" | "kept";
  /** Ends it when it is aborted, with everything that it has started. */
  readonly limit: AbortSignal;
}

/** How it ended. */
export interface ChildResult {
  /** Exit code; 128 plus the signal's number when a signal ended it. */
  readonly code: number;
  /** Whether it was ended because its time was over. */
  readonly overLimit: boolean;
  /** What it printed, standard output and standard error as they came; empty unless it was kept. */
  readonly output: string;
}

/** Runs Node.js with these arguments to the end. Ctrl-C reaches the process itself; SIGTERM and SIGHUP end all that it has started. */
export async function runChild(args: readonly string[], { env, output, limit }: ChildOptions): Promise<ChildResult> {
  const mark = randomUUID();
  const out = { terminal: "inherit", stderr: 2, kept: "pipe" } as const;
  const stdio = ["inherit", out[output], output === "kept" ? "pipe" : "inherit"] as const;
  const child = spawn(process.execPath, args, { cwd: repositoryRoot, env: { ...env, [MARK]: mark }, stdio: [...stdio] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => chunks.push(chunk));

  let ending: Promise<void> | undefined;
  const end = (): void => void (ending ??= endMarked(mark));
  const wait = (): void => undefined;
  process.on("SIGINT", wait).on("SIGTERM", end).on("SIGHUP", end);
  limit.addEventListener("abort", end);
  try {
    const [code, signal] = (await once(child, output === "kept" ? "close" : "exit")) as [number | null, NodeJS.Signals | null];
    await ending;
    return { code: code ?? 128 + (signal ? constants.signals[signal] : 0), overLimit: limit.aborted, output: Buffer.concat(chunks).toString() };
  } finally {
    limit.removeEventListener("abort", end);
    process.off("SIGINT", wait).off("SIGTERM", end).off("SIGHUP", end);
  }
}
