/** Shows what is being done and for how long: one line that renews itself on a terminal, a line for each step elsewhere. */
export function progressLine(stream: NodeJS.WriteStream): { say(line: string): void; clear(): void } {
  const started = performance.now();
  const elapsed = (): string => `${Math.floor((performance.now() - started) / 1000)} s`;
  let current = "";
  const draw = (): void => void stream.write(`\r\x1b[2K${current} … ${elapsed()}`);
  let timer: NodeJS.Timeout | undefined;
  return {
    say(line) {
      current = line;
      if (!stream.isTTY) {
        stream.write(`mesh: ${line}\n`);
        return;
      }
      timer ??= setInterval(draw, 500).unref();
      draw();
    },
    clear() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      stream.write("\r\x1b[2K");
    },
  };
}
