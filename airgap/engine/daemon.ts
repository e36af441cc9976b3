import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { MeshError } from "../../lib/errors";
import { lacksSysResource } from "./capabilities";
import { diagnose } from "./diagnosis";
import { systemPath } from "./host";
import { daemonArguments, type Place } from "./place";
import { processName } from "../../lib/pid-files";
import { removeRecord, writeRecord } from "./record";

/** The wrapper around runc, in this repository. */
const WRAPPER = path.join(__dirname, "runc-without-sys-resource.sh");

/** Milliseconds that dockerd is given to answer; on a slow disk it takes a while to read its images. */
const TIMEOUT_MS = 120_000;

/** Number of bytes at the end of the log that a diagnosis reads. */
const TAIL_BYTES = 16_384;

/** Copies the wrapper to where it stays when this repository is removed, if this machine needs it. */
function installWrapper(place: Place): string | undefined {
  if (!lacksSysResource(fs.readFileSync("/proc/self/status", "utf8"))) return undefined;
  const target = path.join(place.runtime, path.basename(WRAPPER, ".sh"));
  fs.mkdirSync(place.runtime, { recursive: true });
  // Renamed into place: a container may be starting with the old one at this moment.
  fs.copyFileSync(WRAPPER, `${target}.new`);
  fs.chmodSync(`${target}.new`, 0o755);
  fs.renameSync(`${target}.new`, target);
  return target;
}

/** The end of what was added to a file after a position. */
function tail(file: string, from: number): string {
  const text = fs.readFileSync(file).subarray(from);
  return text.subarray(Math.max(0, text.length - TAIL_BYTES)).toString();
}

/** The error for a dockerd that does not start. */
function failure(problem: string, log: string, said: string, place: Place): MeshError {
  const lines = said.trim().split("\n").slice(-5);
  const meaning = diagnose(said, place.data);
  const hint = [...(meaning ? [`Its log means: ${meaning}.`] : []), `Its log is ${log} and ends with:`, ...lines.map((line) => `  ${line}`)];
  return new MeshError("docker-does-not-start", `the Docker engine ${problem}`, hint.join("\n"));
}

/**
 * Waits until an engine answers.
 *
 * @param answers asks whether it does.
 * @param over called between two attempts; when it returns a problem, the waiting ends with it.
 * @param fail makes the error of a problem.
 * @throws MeshError for a problem, or after two minutes.
 */
async function waitFor(answers: () => Promise<boolean>, over: () => string | undefined, fail: (problem: string) => MeshError): Promise<void> {
  const until = Date.now() + TIMEOUT_MS;
  for (;;) {
    if (await answers()) return;
    const problem = over() ?? (Date.now() > until ? `does not answer after ${TIMEOUT_MS / 1000} seconds` : undefined);
    if (problem) throw fail(problem);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/**
 * Starts dockerd so that it keeps running when this process ends, and waits until it answers.
 *
 * @param place where it runs.
 * @param folder the engine's folder, for its log and record.
 * @param answers asks whether it answers.
 * @throws MeshError that says what its log means, when it does not start.
 */
export async function startDaemon(place: Place, folder: string, answers: () => Promise<boolean>): Promise<void> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = path.join(folder, "dockerd.log");
  const handle = fs.openSync(log, "a", 0o600);
  const before = fs.fstatSync(handle).size;
  const args = daemonArguments(place, installWrapper(place));
  // Not by execa: it outlives this process. Its containers may open as many files as it may, so it gets the machine's hard limit.
  const child = spawn("sh", ["-c", 'ulimit -n "$(ulimit -Hn)"; exec dockerd "$@"', "dockerd", ...args], {
    cwd: "/",
    detached: true,
    env: { ...process.env, PATH: systemPath(process.env.PATH) },
    stdio: ["ignore", handle, handle],
  });
  fs.closeSync(handle);
  child.unref();
  let ended = false;
  child.on("exit", () => (ended = true));
  child.on("error", () => (ended = true));
  if (child.pid !== undefined) writeRecord(folder, child.pid);
  const fail = (problem: string): MeshError => failure(problem, log, tail(log, before), place);
  try {
    await waitFor(answers, () => (ended ? "ended as soon as it was started" : undefined), fail);
  } catch (error) {
    if (ended) removeRecord(folder);
    throw error;
  }
}

/**
 * Waits for a dockerd that runs but does not answer yet; another process may just have started it.
 *
 * @param pid its process id.
 * @param answers asks whether it answers.
 * @throws MeshError when it ends, or does not answer within two minutes.
 */
export async function awaitDaemon(pid: number, answers: () => Promise<boolean>): Promise<void> {
  const over = (): string | undefined => (processName(pid) === "dockerd" ? undefined : "ended while it was starting; try again");
  const fail = (problem: string): MeshError =>
    new MeshError("docker-does-not-start", `the Docker engine (process ${pid}) ${problem}`, `If it hangs, end it (kill ${pid}) and run this again.`);
  await waitFor(answers, over, fail);
}
