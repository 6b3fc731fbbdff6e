/**
 * Gathers calls that arrive while an earlier batch is under way and runs them together.
 *
 * The first call after a pause runs at once, so nothing waits for a timer: under load the batch grows to
 * what arrived during the one before it, and each statement and each commit is shared by all of them.
 */
export class Gatherer<Input, Output> {
  private waiting: Waiting<Input, Output>[] = [];
  private running = false;
  private idle: (() => void)[] = [];

  constructor(
    /** One output for each input, in order; an Error among them rejects that one call. */
    private readonly run: (inputs: Input[]) => Promise<(Output | Error)[]>,
    private readonly batchSizeMax: number,
  ) {}

  add(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ input, resolve, reject });
      if (!this.running) {
        this.running = true;
        // One turn of the event loop lets requests that arrived together share the first batch too.
        setImmediate(() => void this.drain());
      }
    });
  }

  /** Resolves when nothing is waiting or under way: the last step before the database is closed. */
  settled(): Promise<void> {
    return this.running ? new Promise((resolve) => this.idle.push(resolve)) : Promise.resolve();
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.batchSizeMax);
      try {
        const outputs = await this.run(batch.map((call) => call.input));
        batch.forEach((call, index) => {
          const output = outputs[index] as Output | Error;
          if (output instanceof Error) call.reject(output);
          else call.resolve(output);
        });
      } catch (error) {
        for (const call of batch) call.reject(error);
      }
    }
    this.running = false;
    for (const wake of this.idle.splice(0)) wake();
  }
}

interface Waiting<Input, Output> {
  input: Input;
  resolve(output: Output): void;
  reject(error: unknown): void;
}
