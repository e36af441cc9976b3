/** What is done before the first test and after the last. */
export interface Frame {
  readonly before: () => Promise<void>;
  readonly after: () => Promise<void>;
}

/**
 * Tests that need nothing of the mesh, and run while others wait for it: in their order, one after another, whether or not one fails. Each
 * is reported where {@link tests} registers it.
 */
export class Beside {
  private readonly all: { readonly title: string; readonly work: () => Promise<void> }[] = [];
  private running?: { readonly results: readonly Promise<void>[]; readonly end: Promise<void> };

  constructor(private readonly frame: Frame) {}

  /** Adds a test. */
  test(title: string, work: () => Promise<void>): void {
    this.all.push({ title, work });
  }

  /** Begins with the first, unless that was done before. */
  begin(): void {
    this.running ??= this.run();
  }

  /** Registers the tests with mocha. They begin with the first that is waited for, where nothing has begun them. */
  tests(): void {
    this.all.forEach(({ title }, index) =>
      it(title, async () => {
        this.begin();
        await this.running?.results[index];
      }),
    );
    after(() => this.end());
  }

  /** Waits until all have ended, and does what is to be done after the last. */
  async end(): Promise<void> {
    await this.running?.end;
  }

  private run(): { readonly results: readonly Promise<void>[]; readonly end: Promise<void> } {
    const ready = this.frame.before();
    let last: Promise<unknown> = ready;
    const results = this.all.map(({ work }) => {
      const result = last.then(() => ready).then(work);
      // Whoever waits for the result is told. The next one begins all the same.
      last = result.catch(() => undefined);
      return result;
    });
    return { results, end: last.catch(() => undefined).then(() => this.frame.after()) };
  }
}

/** Whether mocha was asked for some tests alone: then nothing else runs beside them. */
export function onlySomeTests(args: readonly string[] = process.argv): boolean {
  return args.some((arg) => /^(?:-g|-f|--grep|--fgrep)(?:=|$)/.test(arg));
}
