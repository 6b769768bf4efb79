// The version of a host, where a phrase's body depends on it: from the inventory, its greeting, or a command that says it.

/** Below 0 where `a` is the older one, number by number: 5.4.7-1 is before 5.10, and what is missing is 0. */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first body whose `before` is undefined or above the version. */
export function bodyFor<B extends { readonly before: string | undefined }>(
  bodies: readonly B[],
  version: string,
): B | undefined {
  return bodies.find(({ before }) => before === undefined || compareVersions(version, before) < 0);
}

function numbersOf(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}
