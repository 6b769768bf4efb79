// Finds many texts at once in one walk over a stream (Aho and Corasick, 1975): linear, whatever the number of forms.

/** What is found when the walk stands in a state: the pattern's number and its length. */
interface Found {
  readonly pattern: number;
  readonly length: number;
}

/** The walk over UTF-16 units; 0 is the start. */
export interface Automaton {
  /** The state after one more unit. */
  next(state: number, unit: number): number;
  /** Length of the longest beginning of a pattern that ends here and is not yet whole: so much may still become one. */
  open(state: number): number;
  found(state: number): readonly Found[];
}

/** States with a full row: the first letters, where ordinary text stays. A key of 3,000 letters has 100,000 others. */
const mostRows = 2048;

/** @param patterns none of them empty */
export function buildAutomaton(patterns: readonly string[]): Automaton {
  const classes = classesOf(patterns);
  const width = classes.count;
  const { children, depths, found } = buildTrie(patterns, classes, width);
  const { failures, order } = linkFailures(children, depths, found, width);
  const rows = Math.min(order.length, mostRows);
  const row = new Int32Array(depths.length).fill(-1);
  const table = new Int32Array(rows * width);
  const childOf = (state: number, unit: number): number => children.get(state * width + unit) ?? -1;
  // A row is filled from the row of the state to fall back to, which is nearer to the start and so has one.
  for (const [index, state] of order.slice(0, rows).entries()) {
    row[state] = index;
    const fallback = (row[failures[state] ?? 0] ?? 0) * width;
    for (let unit = 0; unit < width; unit++) {
      const child = childOf(state, unit);
      table[index * width + unit] = child >= 0 ? child : state === 0 ? 0 : (table[fallback + unit] ?? 0);
    }
  }
  const open = openLengths(children, depths, failures, { order, width });
  const none: readonly Found[] = [];
  return {
    next: (from, unit) => {
      const column = classes.of[unit] ?? 0;
      for (let state = from; ; state = failures[state] ?? 0) {
        const index = row[state] ?? 0;
        if (index >= 0) return table[index * width + column] ?? 0;
        const child = childOf(state, column);
        if (child >= 0) return child;
      }
    },
    open: (state) => open[state] ?? 0,
    found: (state) => found.get(state) ?? none,
  };
}

interface Classes {
  /** For each UTF-16 unit its column; 0 for all that no pattern holds. */
  readonly of: Uint16Array;
  readonly count: number;
}

function classesOf(patterns: readonly string[]): Classes {
  const of = new Uint16Array(65_536);
  let count = 1;
  for (const pattern of patterns) {
    for (let i = 0; i < pattern.length; i++) if (of[pattern.charCodeAt(i)] === 0) of[pattern.charCodeAt(i)] = count++;
  }
  return { of, count };
}

interface Trie {
  /** state * width + column → state. */
  readonly children: Map<number, number>;
  readonly depths: number[];
  readonly found: Map<number, readonly Found[]>;
}

function buildTrie(patterns: readonly string[], classes: Classes, width: number): Trie {
  const children = new Map<number, number>();
  const depths = [0];
  const found = new Map<number, readonly Found[]>();
  for (const [number, pattern] of patterns.entries()) {
    let state = 0;
    for (let i = 0; i < pattern.length; i++) {
      const at = state * width + (classes.of[pattern.charCodeAt(i)] ?? 0);
      let child = children.get(at);
      if (child === undefined) {
        child = depths.push(i + 1) - 1;
        children.set(at, child);
      }
      state = child;
    }
    found.set(state, [...(found.get(state) ?? []), { pattern: number, length: pattern.length }]);
  }
  return { children, depths, found };
}

/** For each state the longest other beginning that ends there, and what is found in it too. */
function linkFailures(children: Trie["children"], depths: readonly number[], found: Trie["found"], width: number) {
  const parents = new Int32Array(depths.length);
  const columns = new Int32Array(depths.length);
  for (const [at, child] of children) {
    parents[child] = Math.floor(at / width);
    columns[child] = at % width;
  }
  const order = depths.map((_, state) => state).toSorted((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0));
  const failures = new Int32Array(depths.length);
  for (const state of order) {
    if ((depths[state] ?? 0) < 2) continue;
    const column = columns[state] ?? 0;
    let from = failures[parents[state] ?? 0] ?? 0;
    while (from !== 0 && !children.has(from * width + column)) from = failures[from] ?? 0;
    const failure = children.get(from * width + column) ?? 0;
    failures[state] = failure;
    const inherited = found.get(failure);
    if (inherited !== undefined) found.set(state, [...(found.get(state) ?? []), ...inherited]);
  }
  return { failures, order };
}

function openLengths(
  children: Trie["children"],
  depths: readonly number[],
  failures: Int32Array,
  { order, width }: { readonly order: readonly number[]; readonly width: number },
): Int32Array {
  const hasChildren = new Uint8Array(depths.length);
  for (const at of children.keys()) hasChildren[Math.floor(at / width)] = 1;
  const open = new Int32Array(depths.length);
  for (const state of order)
    open[state] = hasChildren[state] === 1 ? (depths[state] ?? 0) : (open[failures[state] ?? 0] ?? 0);
  return open;
}
