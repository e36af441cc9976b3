/** A frame of a stack, with V8's own text: the function and its place. */
export type Frame = NodeJS.CallSite & { toString(): string };
/** What makes a stack trace of an error: text, unless somebody wants something else. */
export type Prepare = (error: Error, frames: Frame[]) => unknown;

/** V8's hook for it. It is not a method: nothing binds it. */
const hook = Error as { prepareStackTrace?: Prepare };

/**
 * Makes stack traces cheap, and leaves their text as it is. The SDK takes one for each of its promises, some twenty for each resource, and
 * the language host maps every frame of each from JavaScript to TypeScript. The same few places appear again and again.
 */
export function rememberStackFrames(): void {
  // Without it, V8 writes the text by itself, and nothing is mapped.
  if (hook.prepareStackTrace) hook.prepareStackTrace = remembering(hook.prepareStackTrace);
}

/** The same function, which is asked only once for each frame. */
export function remembering(prepare: Prepare): Prepare {
  const known = new Map<string, string>();
  return (error, frames) => {
    const heading = prepare(error, []);
    if (typeof heading !== "string") return prepare(error, frames);
    const lineOf = (frame: Frame): string => {
      const name = frame.toString();
      const line = known.get(name) ?? String(prepare(error, [frame])).slice(heading.length);
      known.set(name, line);
      return line;
    };
    return heading + frames.map(lineOf).join("");
  };
}
