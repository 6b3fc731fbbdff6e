/** A batch that shares with fewer has little of it, so no batch is made smaller than this to leave some to another. */
const sharedMin = 64;

/**
 * Gathers calls that arrive while earlier ones are under way and runs them together.
 *
 * The first call after a pause runs at once, so nothing waits for a timer: under load a batch grows to what
 * arrived during the one before it, and each statement and each commit is shared by all of them.
 */
export class Gatherer<Input, Output> {
  private waiting: Call<Input, Output>[] = [];
  private waitingInputs = 0;
  /** Inputs of each batch under way. */
  private readonly running = new Set<{ inputs: number }>();
  private startPlanned = false;
  private idle: (() => void)[] = [];

  /**
   * @param run one output for each input, in order; an Error among them rejects the call that it is part of
   * @param batchSizeMax inputs in a batch, but for a single call that brings more
   * @param batchesMax how many batches may be under way at once
   */
  constructor(
    private readonly run: (inputs: Input[]) => Promise<(Output | Error)[]>,
    private readonly batchSizeMax: number,
    private readonly batchesMax = 1,
  ) {}

  async add(input: Input): Promise<Output> {
    const [output] = await this.addAll([input]);
    return output as Output;
  }

  /** Inputs that stay together, in their order; one Error among their outputs rejects them all. */
  addAll(inputs: readonly Input[]): Promise<Output[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ inputs, resolve, reject });
      this.waitingInputs += inputs.length;
      this.planStart();
    });
  }

  /** Resolves when nothing is waiting or under way: the last step before the database is closed. */
  settled(): Promise<void> {
    const busy = this.waiting.length > 0 || this.running.size > 0;
    return busy ? new Promise((resolve) => this.idle.push(resolve)) : Promise.resolve();
  }

  /** One turn of the event loop later, so that requests which arrived together share the batch. */
  private planStart(): void {
    if (this.startPlanned || !this.isWorthStarting()) return;
    this.startPlanned = true;
    setImmediate(() => {
      this.startPlanned = false;
      if (this.isWorthStarting()) void this.runBatch();
      this.planStart();
    });
  }

  /**
   * Beside a batch under way another one sets out only when it is at least half as large: many small
   * batches at once would share nothing.
   */
  private isWorthStarting(): boolean {
    if (this.waiting.length === 0 || this.running.size >= this.batchesMax) return false;
    return [...this.running].every(({ inputs }) => this.waitingInputs * 2 >= inputs);
  }

  private async runBatch(): Promise<void> {
    const calls = this.takeCalls();
    const inputs = calls.flatMap((call) => call.inputs);
    const batch = { inputs: inputs.length };
    this.running.add(batch);
    try {
      const outputs = await this.run(inputs);
      let start = 0;
      for (const call of calls) {
        settle(call, outputs.slice(start, start + call.inputs.length));
        start += call.inputs.length;
      }
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
    this.running.delete(batch);
    this.planStart();
    if (this.waiting.length > 0 || this.running.size > 0) return;
    for (const wake of this.idle.splice(0)) wake();
  }

  /**
   * Where several batches may be under way, one leaves the others their part of what waits: one that took everything
   * would let the callers rest while the database works, and the database while they send what is next.
   */
  private takeCalls(): Call<Input, Output>[] {
    const part = Math.max(Math.ceil(this.waitingInputs / this.batchesMax), sharedMin);
    const inputsMax = Math.min(part, this.batchSizeMax);
    const calls: Call<Input, Output>[] = [];
    let taken = 0;
    for (const call of this.waiting) {
      if (calls.length > 0 && taken + call.inputs.length > inputsMax) break;
      calls.push(call);
      taken += call.inputs.length;
    }
    this.waiting = this.waiting.slice(calls.length);
    this.waitingInputs -= taken;
    return calls;
  }
}

interface Call<Input, Output> {
  inputs: readonly Input[];
  resolve(outputs: Output[]): void;
  reject(error: unknown): void;
}

function settle<Input, Output>(call: Call<Input, Output>, outputs: (Output | Error)[]): void {
  const failure = outputs.find((output) => output instanceof Error);
  if (failure) call.reject(failure);
  else call.resolve(outputs as Output[]);
}
