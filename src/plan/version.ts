// Versions of hosts: which of a phrase's blocks is for them.

/** Below 0 where `a` is the older one. Compared number by number: 5.4.7-1 is before 5.10; what is missing is 0. */
export function compareVersions(a: string, b: string): number {
  const left = numbersIn(a);
  const right = numbersIn(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Blocks in the order in which they are tried: the narrowest version first, those for every version last. */
export function narrowestFirst<T extends { readonly before: string | undefined }>(blocks: readonly T[]): T[] {
  return [...blocks].sort((a, b) => {
    if (a.before === undefined || b.before === undefined)
      return (a.before === undefined ? 1 : 0) - (b.before === undefined ? 1 : 0);
    return compareVersions(a.before, b.before);
  });
}

/** The block for a version; undefined: none is. */
export function blockFor<T extends { readonly before: string | undefined }>(
  blocks: readonly T[],
  version: string,
): T | undefined {
  return narrowestFirst(blocks).find(
    (block) => block.before === undefined || compareVersions(version, block.before) < 0,
  );
}

function numbersIn(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}
