import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runLine } from "./phrase-runner.ts";

const folder = mkdtempSync(join(tmpdir(), "ordo-linux-"));
const run = (line: string): string => runLine(line, "linux", folder);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the phrases for Linux, on a real one", () => {
  it("make, copy, move and remove files, and see what is so already", () => {
    writeFileSync(join(folder, "a b"), "words");
    expect(run("create folder sub/deep")).toBe("done");
    expect(run("create folder sub/deep")).toBe("already so");
    expect(run('copy file "a b" to sub/a')).toBe("done");
    expect(run('copy file "a b" to sub/a')).toBe("already so");
    expect(run('check file "a b"')).toBe("done");
    expect(run("check file nothing")).toMatch(/^failed/);
    expect(run('show file "a b"')).toBe("done");
    expect(run("list folder sub")).toBe("done");
    expect(run("move file sub/a to sub/b")).toBe("done");
    expect(run('move file "a b" to sub/b')).toBe("failed: A file of that name is there already.");
    expect(readFileSync(join(folder, "sub/b"), "utf8")).toBe("words");
    expect(run("remove file sub/b")).toBe("done");
    expect(run("remove file sub/b")).toBe("already so");
    expect(existsSync(join(folder, "sub/b"))).toBe(false);
  });
  it("set permissions and owners", () => {
    writeFileSync(join(folder, "it's"), "");
    chmodSync(join(folder, "it's"), 0o644);
    expect(run('set permissions of "it\'s" to 600')).toBe("done");
    expect(statSync(join(folder, "it's")).mode & 0o777).toBe(0o600);
    expect(run('set permissions of "it\'s" to 600')).toBe("already so");
    const { gid } = userInfo();
    const group = readFileSync("/etc/group", "utf8")
      .split("\n")
      .find((line) => line.split(":")[2] === String(gid))
      ?.split(":")[0];
    expect(run(`set owner of "it's" to ${userInfo().username}:${group ?? gid}`)).toBe("already so");
  });
  it("show the machine", () => {
    for (const line of ["show free space of .", "show version", "show date"]) expect(run(line), line).toBe("done");
  });
  it("see what is installed already", () => {
    // Only a package that is there: nothing is installed by a test.
    if (existsSync("/var/lib/dpkg/status")) expect(run("install package base-files")).toBe("already so");
  });
  it("fail where a port is closed", () => {
    expect(run("check port 1 of 127.0.0.1")).toMatch(/^failed/);
  });
});
