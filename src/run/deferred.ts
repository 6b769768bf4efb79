// A promise that someone else resolves.

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** What `Promise.withResolvers` gives, which Node 20 doesn't have. */
export function deferred<T>(): Deferred<T> {
  const given: { resolve?: (value: T) => void } = {};
  const promise = new Promise<T>((resolve) => {
    given.resolve = resolve;
  });
  return { promise, resolve: (value) => given.resolve?.(value) };
}
