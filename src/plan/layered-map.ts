// A map over another one: a branch of a plan binds names on top of what is bound around it, without a copy of thousands.

/** Reads through to the map below, which isn't changed while this one is in use. */
export class LayeredMap<V> implements ReadonlyMap<string, V> {
  readonly #below: LayeredMap<V> | undefined;
  /** Undefined: taken away here. */
  readonly #own: Map<string, V | undefined>;

  constructor(entries: Iterable<readonly [string, V]>, below?: LayeredMap<V>) {
    this.#own = new Map(entries);
    this.#below = below;
  }

  get(name: string): V | undefined {
    return this.#own.has(name) ? this.#own.get(name) : this.#below?.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: V): void {
    this.#own.set(name, value);
  }

  delete(name: string): void {
    if (this.#below?.has(name) === true) this.#own.set(name, undefined);
    else this.#own.delete(name);
  }

  /** The names that were set on this layer. */
  ownNames(): readonly string[] {
    return [...this.#own].flatMap(([name, value]) => (value === undefined ? [] : [name]));
  }

  get size(): number {
    return this.#all().size;
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<V> {
    return this.#all().values();
  }

  entries(): MapIterator<[string, V]> {
    return this.#all().entries();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, name: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [name, value] of this.#all()) visit(value, name, this);
  }

  #all(): Map<string, V> {
    const all = this.#below === undefined ? new Map<string, V>() : this.#below.#all();
    for (const [name, value] of this.#own) {
      if (value === undefined) all.delete(name);
      else all.set(name, value);
    }
    return all;
  }
}
