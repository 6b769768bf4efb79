// Lists as programs print them: `"a", "b"`, `a, b`, `<none>`.

/** What stands for an empty list in output (`Partitions:   <none>`, Luna 5.x). */
const none = /^(?:<none>|\(none\)|n\/a)?$/i;

/** One item: in quotes (curly ones of retyped documents too), or up to a comma. */
const item = /\s*(?:"([^"\n]*)"|'([^'\n]*)'|\u201c([^\u201d\n]*)\u201d|([^,\n]*))\s*(?:,|$)/y;

/** The items of a list as a program prints it; `<none>`, `(none)` and an empty text are the empty list. */
export function listItems(text: string): readonly string[] {
  const list = text.trim();
  if (none.test(list)) return [];
  const items: string[] = [];
  item.lastIndex = 0;
  while (item.lastIndex < list.length) {
    const found = item.exec(list);
    // Quotes that do not close: what is left is one item.
    if (found === null) return [...items, list.slice(items.length === 0 ? 0 : list.lastIndexOf(",") + 1).trim()];
    items.push((found[1] ?? found[2] ?? found[3] ?? found[4] ?? "").trim());
  }
  return items;
}
