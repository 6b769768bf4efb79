// Every file of the folder: those that the records or the seal name are as named, and there is none besides.
import { opendir } from "node:fs/promises";
import { join } from "node:path";

import { Check } from "../verification.ts";
import type { NamedFile, RecordsPass } from "./records.ts";
import { digestOf, standingAt } from "./regular-file.ts";

/** What the walk over the folder found, beside its findings. */
export interface FolderContents {
  /** Names in `signatures/`, regular files only. */
  readonly signatures: readonly string[];
}

/** Sources and evidence against the hashes in the records. */
export async function checkNamedFiles(
  folder: string,
  pass: RecordsPass,
): Promise<{ readonly sources: Check; readonly evidence: Check }> {
  const sources = new Check("sources unchanged");
  const evidence = new Check("evidence unchanged");
  for (const file of pass.files.values())
    await checkFile(folder, file, file.path.startsWith("sources/") ? sources : evidence);
  return { sources, evidence };
}

async function checkFile(folder: string, file: NamedFile, check: Check): Promise<void> {
  const place = { file: file.path, record: file.record };
  const parts = file.path.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const parent = parts.slice(0, depth).join("/");
    const standing = await standingAt(join(folder, parent));
    if (standing !== "folder") {
      check.add(
        "bad",
        `${file.path} (record ${file.record}) can't be looked at: ${parent} is ${article(standing)}, not a folder.`,
        place,
      );
      return;
    }
  }
  const standing = await standingAt(join(folder, file.path));
  if (standing !== "file") {
    const what = standing === "nothing" ? "is missing" : `is ${article(standing)}, not a regular file`;
    check.add("bad", `${file.path}, which record ${file.record} names, ${what}.`, place);
    return;
  }
  const digest = await digestOf(join(folder, file.path));
  if (digest.sha256 !== file.sha256) {
    check.add(
      "bad",
      `${file.path} was changed: record ${file.record} says ${file.sha256}, the file gives ${digest.sha256}.`,
      place,
    );
  } else if (file.bytes !== undefined && file.bytes !== digest.bytes) {
    check.add("bad", `${file.path} has ${digest.bytes} bytes, and record ${file.record} says ${file.bytes}.`, place);
  }
}

/**
 * Walks the folder. Only folders that a transcript has are entered, so depth and links can't mislead.
 * @param isAccounted whether something vouches for this path
 * @param answer how bad a file is that nothing accounts for: it can be left by a crash before the seal
 */
export async function checkUnaccounted(
  folder: string,
  isAccounted: (path: string) => boolean,
  answer: "bad" | "said",
): Promise<{ readonly check: Check; readonly contents: FolderContents }> {
  const check = new Check("no file that nothing accounts for");
  const signatures: string[] = [];
  const enter = async (path: string): Promise<void> => {
    for await (const entry of await opendir(join(folder, path))) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (inner === "sources" || inner === "evidence" || inner === "signatures" || /^evidence\/[^/]+$/.test(inner))
          await enter(inner);
        else check.add(answer, `The folder ${inner} belongs to nothing.`, { file: inner });
      } else if (!entry.isFile()) {
        check.add(
          "bad",
          `${inner} is ${entry.isSymbolicLink() ? "a link" : "a device, pipe or socket"}; it was not opened.`,
          { file: inner },
        );
      } else if (path === "signatures") {
        if (signatures.length < 1000) signatures.push(entry.name);
        else check.add("bad", `${inner} is one signature file more than 1000.`, { file: inner });
      } else if (!isAccounted(inner)) {
        check.add(answer, `${inner} is in the folder, and no record and no seal names it.`, { file: inner });
      }
    }
  };
  await enter("");
  return { check, contents: { signatures: signatures.toSorted() } };
}

function article(standing: string): string {
  return standing === "nothing" ? "missing" : `a ${standing}`;
}
