// Time as the run sees it: an argument, so that a test can hold it still and another machine can keep its own.

export interface Clock {
  now(): Date;
  /** Milliseconds that only grow; the start doesn't matter. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once (without a throw) when `signal` is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** This machine's clock. */
export const machineClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      // A longer time than a timer can hold would end at once.
      const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
      signal.addEventListener("abort", end);
    }),
};
