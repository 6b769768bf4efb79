/** Ctrl-C and its like: the first asks the run to end, the second ends it now. */
export interface Interrupts {
  readonly first: AbortSignal;
  readonly second: AbortSignal;
  /** Counts as one more, such as Ctrl-C at a question; `signal` is its name. */
  readonly interrupt: (signal: string) => void;
  /** Gives the signals back to Node. */
  readonly release: () => void;
}

const signals = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** Takes the signals; `said` is told at each, with what happens now. */
export function takeInterrupts(said: (sentence: string) => void): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  const interrupt = (signal: string): void => {
    if (!first.signal.aborted) {
      said(`${signal}: no new command is begun; what runs is waited for. Once more closes everything now.`);
      first.abort(signal);
    } else if (!second.signal.aborted) {
      said(`${signal}, again: everything is closed now.`);
      second.abort(signal);
    }
  };
  for (const signal of signals) process.on(signal, interrupt);
  return {
    first: first.signal,
    second: second.signal,
    interrupt,
    release: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
