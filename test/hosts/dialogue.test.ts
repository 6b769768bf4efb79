import type { ServerChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../../src/hosts/connect.ts";
import type { Chunk, Connection, DialogueOptions, Halt, Session } from "../../src/hosts/connection.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { startScriptedSsh } from "../support/scripted-ssh.ts";
import type { ScriptedSsh } from "../support/scripted-ssh.ts";
import { sshdMissing, startSshd } from "../support/sshd.ts";
import { noSignal, targetWith } from "./target.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const prompt = "[hsm] lunash:>";
const forever = { questions: [], withinMs: Number.POSITIVE_INFINITY };
const options: DialogueOptions = {
  isPrompt: (line) => /^\[\S+\] lunash:>$/.test(line),
  pagers: [{ matches: (line) => /^--More--( \(\d+%\))?$/.test(line), send: " " }],
  onChunk: () => undefined,
  idleMs: 60_000,
  withinMs: Number.POSITIVE_INFINITY,
};

/** What a simulated shell does with the bytes that it gets. */
interface Shell {
  readonly greeting?: string;
  /** Writes text as the terminal would send it; the default is at once. */
  readonly write?: (channel: ServerChannel, text: string) => Promise<void> | void;
  /** The echo of a typed text; the default is itself. */
  readonly echo?: (text: string, typed: string) => string;
  /** Answers a line; what it gives is written, then the prompt. undefined: it writes by itself. */
  readonly answer: (
    line: string,
    shell: {
      readonly channel: ServerChannel;
      readonly read: () => Promise<string>;
      readonly key: () => Promise<string>;
    },
  ) => Promise<string> | string;
}

/** Starts a server with that shell and opens a dialogue with it. */
async function talk(
  shell: Shell,
  parts: Partial<DialogueOptions> = {},
): Promise<{
  server: ScriptedSsh;
  connection: Connection;
  session: Session;
  greeting: string;
  halt: Halt;
  received: () => string;
}> {
  let received = "";
  const server = await startScriptedSsh({
    shell: (channel) => {
      const write = async (text: string): Promise<void> => {
        if (shell.write !== undefined) await shell.write(channel, text);
        else channel.write(text);
      };
      let typed = "";
      let queue: string[] = [];
      let wake = (): void => undefined;
      channel.on("data", (bytes: Buffer) => {
        received += bytes.toString("utf8");
        queue.push(...Array.from(bytes.toString("utf8")));
        wake();
      });
      const key = async (): Promise<string> => {
        while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        return queue.shift() ?? "";
      };
      /** A line, with its echo, as a terminal's line discipline does it. */
      const read = async (): Promise<string> => {
        typed = "";
        for (;;) {
          const next = await key();
          if (next === "\r") break;
          typed += next;
          await write(shell.echo === undefined ? next : shell.echo(next, typed));
        }
        await write("\r\n");
        return typed;
      };
      const loop = async (): Promise<void> => {
        await write(shell.greeting ?? prompt);
        for (;;) await write(`${await shell.answer(await read(), { channel, read, key })}${prompt}`);
      };
      loop().catch(() => undefined);
    },
  });
  stops.push(() => server.stop());
  const connection = await connect(
    targetWith({ port: server.port, hostKey: server.hostKey, user: "ada", password: new Secret("p", "x") }),
    noSignal,
  );
  stops.unshift(() => connection.close());
  const { session, greeting, halt } = await connection.dialogue({ ...options, ...parts });
  return { server, connection, session, greeting, halt, received: () => received };
}

async function command(session: Session, line: string): Promise<Halt> {
  await session.send(line, { echo: true });
  return session.next(forever);
}

const echoing: Shell = { answer: (line) => `did ${line}\r\nCommand Result : 0 (Success)\r\n` };

describe("a dialogue", () => {
  it("reads the greeting to the first prompt, past a line that only looks like one", async () => {
    const { greeting, halt, session } = await talk({
      ...echoing,
      greeting: `Last login: today\r\nType after the prompt\r\n${prompt}\r\nLuna SA 5.4.7-1 Command Line Shell\r\n\r\n${prompt}`,
    });
    expect(halt).toMatchObject({ type: "prompt", prompt });
    expect(greeting).toBe(
      `Last login: today\nType after the prompt\n${prompt}\nLuna SA 5.4.7-1 Command Line Shell\n\n`,
    );
    expect(await command(session, "client list")).toEqual({
      type: "prompt",
      text: "did client list\nCommand Result : 0 (Success)\n",
      prompt,
    });
  });

  it("gives each command its own output, without echo and prompt", async () => {
    const { session } = await talk({
      answer: (line) => (line === "quiet" ? "" : `${line}: one\r\n\r\n${line}: two\r\n`),
    });
    expect(await command(session, "a")).toMatchObject({ text: "a: one\n\na: two\n" });
    expect(await command(session, "quiet")).toMatchObject({ type: "prompt", text: "" });
    expect(await command(session, "b")).toMatchObject({ text: "b: one\n\nb: two\n" });
  });

  it("finds a prompt that has a blank behind it, and one that comes in pieces", async () => {
    const { session } = await talk({
      greeting: `${prompt} `,
      write: async (channel, text) => {
        for (const piece of text.split(/(?=[\]:])/)) {
          channel.write(piece);
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
      answer: (line) => `${line}\r\n`,
    });
    expect(await command(session, "x")).toMatchObject({ type: "prompt", text: "x\n" });
  });

  it("does not take a prompt within the output for the prompt, also when every byte comes alone", async () => {
    const output = `As in: \r\n${prompt}client list\r\n  ${prompt}\r\nend\r\n`;
    const { session } = await talk({
      write: async (channel, text) => {
        // Slower than the shortest pause at which the screen is looked at.
        for (const byte of text) {
          channel.write(byte);
          await new Promise((resolve) => setTimeout(resolve, 8));
        }
      },
      answer: () => output,
    });
    expect(await command(session, "help")).toMatchObject({ text: `As in:\n${prompt}client list\n  ${prompt}\nend\n` });
  });

  it("bears a line editor that repaints prompt and line with every key", async () => {
    const { session } = await talk({
      ...echoing,
      greeting: `\r\u001b[K${prompt}`,
      echo: (_key, typed) => `\r\u001b[K\u001b[1m${prompt}\u001b[0m${typed}`,
    });
    expect(await command(session, "partition list")).toMatchObject({
      text: "did partition list\nCommand Result : 0 (Success)\n",
    });
  });

  it("bears a line that wraps in a narrow terminal, and joins what was wrapped", async () => {
    const long = "client register -client alpha -hostname a-very-long-name.example.com -force";
    const { session } = await talk({ answer: (line) => `${line}\r\n` }, { columns: 30 });
    expect(await command(session, long)).toMatchObject({ type: "prompt", text: `${long}\n` });
  });

  it("goes on where the host echoes nothing", async () => {
    const { session } = await talk({ ...echoing, echo: () => "" });
    expect(await command(session, "secretly")).toMatchObject({ text: "did secretly\nCommand Result : 0 (Success)\n" });
  });

  it("waits for the echo before it sends Enter", async () => {
    const order: string[] = [];
    const { session, received } = await talk({
      ...echoing,
      echo: (key) => {
        order.push(received().endsWith("\r") ? "after Enter" : "before Enter");
        return key;
      },
    });
    await command(session, "abc");
    expect(order).toEqual(["before Enter", "before Enter", "before Enter"]);
  });

  it("gives a declared question with its index, and reads on after the answer", async () => {
    const { session } = await talk({
      answer: async (_line, { channel, read }) => {
        channel.write("CAUTION:  this deletes it.\r\nType 'proceed' to go on, or 'quit'\r\n> ");
        return `Proceeding...\r\nanswered ${await read()}\r\n`;
      },
    });
    await session.send("client delete", { echo: true });
    const asked = await session.next({
      ...forever,
      questions: [(text) => text.includes("Nothing like it"), (text) => text.trimEnd().endsWith(">")],
    });
    expect(asked).toMatchObject({
      type: "question",
      index: 1,
      text: "CAUTION:  this deletes it.\nType 'proceed' to go on, or 'quit'\n> ",
    });
    await session.send("proceed", { echo: false });
    expect(await session.next(forever)).toMatchObject({ type: "prompt", text: "Proceeding...\nanswered proceed\n" });
  });

  it("sends a secret without waiting for an echo, and leaves its stars out", async () => {
    const { session } = await talk({
      echo: () => "*",
      answer: async (_line, { channel, read }) => {
        channel.write("Please enter the HSM Administrators' password:\r\n> ");
        return `\r\n'hsm login' ${(await read()) === "s3cret pass" ? "successful" : "failed"}.\r\n`;
      },
    });
    await session.send("hsm login", { echo: false });
    await session.next({ ...forever, questions: [(text) => text.trimEnd().endsWith(">")] });
    await session.send(new Secret("so", "s3cret pass"), { echo: true });
    expect(await session.next(forever)).toMatchObject({ type: "prompt", text: "\n'hsm login' successful.\n" });
  });

  it("gives silence with text on the cursor's line as an undeclared question, and sends nothing", async () => {
    const { session, received } = await talk({
      answer: async (_line, { channel, read }) => {
        channel.write("Working...\r\nAre you sure (y/n)? ");
        return read();
      },
    });
    await session.send("hsm init", { echo: true });
    const halt = await session.next({ ...forever, idleMs: 30 });
    expect(halt).toMatchObject({ type: "silence", text: "Working...\nAre you sure (y/n)? " });
    expect("screen" in halt ? halt.screen.split("\n").at(-1) : "").toBe("Are you sure (y/n)?");
    expect(received()).toBe("hsm init\r");
  });

  it("awaits silence on an empty line as a slow command, until its time is over", async () => {
    const { session } = await talk({
      answer: async (_line, { channel, key }) => {
        channel.write("Please wait\r\n");
        return key();
      },
    });
    await session.send("slow", { echo: true });
    expect(await session.next({ questions: [], idleMs: 10, withinMs: 150 })).toMatchObject({
      type: "timeout",
      text: "Please wait\n",
    });
  });

  it.each([
    ["erases its line", "\r        \r"],
    ["backs over its line", "\b \b".repeat(8)],
    ["goes on in a new line", "\r\n"],
    ["goes on behind it", ""],
    ["clears its line", "\u001b[2K\r"],
  ])("turns the pages of a pager that %s", async (_title, after) => {
    const page = (from: number): string => Array.from({ length: 30 }, (_, n) => `line ${from + n}\r\n`).join("");
    const pages: string[] = [];
    const { session, received } = await talk(
      {
        answer: async (_line, { channel, key }) => {
          channel.write(`${page(0)}--More--`);
          await key();
          channel.write(`${after}${page(30)}--More--`);
          await key();
          return `${after}${page(60)}`;
        },
      },
      { onPage: (line, keys) => void pages.push(`${line}:${keys}:${received().length}`) },
    );
    const lines = Array.from({ length: 90 }, (_, n) => `line ${n}\n`).join("");
    expect(await command(session, "show all")).toMatchObject({ type: "prompt", text: lines });
    expect(received()).toBe("show all\r  ");
    // Each is told before its key is sent.
    expect(pages).toEqual(["--More--: :9", "--More--: :10"]);
  });

  it("keeps the whole of a long output, colours and repaints done", async () => {
    const count = 20_000;
    const { session } = await talk({
      answer: () => Array.from({ length: count }, (_, n) => `\u001b[32mline ${n}\u001b[0m of \rLINE\r\n`).join(""),
    });
    const halt = await command(session, "show log");
    const lines = halt.text.split("\n");
    expect(lines.findIndex((line, n) => line !== (n === count ? "" : `LINE ${n} of`))).toBe(-1);
    expect(lines.length).toBe(count + 1);
  });

  it("shows what stands after the screen was cleared", async () => {
    const { session } = await talk({ answer: () => `before\r\n\u001b[2J\u001b[Hafter\r\n` });
    expect(await command(session, "clear")).toMatchObject({ type: "prompt", text: "after\n" });
  });

  it("answers a terminal's question about its cursor, as line editors ask it", async () => {
    const { session } = await talk({
      answer: async (_line, { channel, key }) => {
        channel.write("ab\u001b[6n");
        let reply = "";
        do reply += await key();
        while (!reply.endsWith("R"));
        return `\r\n${JSON.stringify(reply)}\r\n`;
      },
    });
    expect(await command(session, "where")).toMatchObject({ text: 'ab\n"\\u001b[2;3R"\n' });
  });

  it("gives every byte to who keeps them", async () => {
    const chunks: Chunk[] = [];
    const { session } = await talk(echoing, { onChunk: (chunk) => void chunks.push(chunk) });
    await command(session, "é€");
    const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString("utf8");
    expect(text).toBe(`${prompt}é€\r\ndid é€\r\nCommand Result : 0 (Success)\r\n${prompt}`);
    expect(chunks.every(({ stream }) => stream === "screen")).toBe(true);
  });

  it("gives a mistake in a pattern to who asked for it", async () => {
    const { session } = await talk({ answer: async (_line, { channel, read }) => (channel.write("? "), read()) });
    await session.send("x", { echo: true });
    const broken = (): boolean => {
      throw new Error("a broken pattern");
    };
    await expect(session.next({ ...forever, questions: [broken] })).rejects.toThrow("a broken pattern");
    expect(await session.next({ ...forever, questions: [(text) => text.endsWith("? ")] })).toMatchObject({
      type: "question",
    });
  });

  it("ends when the host hangs up, and when the connection is lost", async () => {
    const first = await talk({
      answer: (_line, { channel }) => {
        channel.write("Good bye\r\n");
        channel.exit(0);
        channel.end();
        return new Promise(() => undefined);
      },
    });
    expect(await command(first.session, "exit")).toEqual({
      type: "ended",
      text: "Good bye\n",
      exit: { type: "status", status: 0 },
    });
    const second = await talk({
      answer: (_line, { channel }) => {
        channel.write("Rebooting");
        return new Promise(() => undefined);
      },
    });
    await second.session.send("reboot", { echo: true });
    await second.session.next({ ...forever, questions: [(text) => text.endsWith("Rebooting")] });
    second.server.reset();
    expect(await second.session.next(forever)).toMatchObject({
      type: "ended",
      text: "Rebooting",
      exit: { type: "lost" },
    });
    expect(second.connection.alive).toBe(false);
  });

  it("is not stopped by an empty line that is sent to wake it", async () => {
    const { session } = await talk({ answer: (line) => (line === "" ? "" : "?\r\n") });
    expect(await command(session, "")).toMatchObject({ type: "prompt", text: "" });
    expect(await command(session, "x")).toMatchObject({ type: "prompt", text: "?\n" });
  });

  it("says what stands there when no prompt comes at all", async () => {
    const { halt, greeting } = await talk(
      { ...echoing, greeting: "You must change your password now.\r\nNew password: " },
      { idleMs: 30 },
    );
    expect(halt.type).toBe("silence");
    expect(greeting).toBe("You must change your password now.\nNew password: ");
  });

  describe.skipIf(sshdMissing() !== undefined)("with a real shell on a real sshd", () => {
    it.each(["/bin/bash", "/bin/sh"])("%s", async (shell) => {
      const sshd = await startSshd({
        config: [`ForceCommand env PS1='real$ ' ENV= ${shell} ${shell === "/bin/bash" ? "--norc --noprofile" : ""} -i`],
      });
      stops.push(() => sshd.stop());
      const connection = await connect(
        targetWith({ port: sshd.port, user: sshd.user, key: sshd.keyPath, hostKey: sshd.hostKey }),
        noSignal,
      );
      stops.unshift(() => connection.close());
      const { session, halt } = await connection.dialogue({
        ...options,
        isPrompt: (line) => line === "real$",
        columns: 60,
      });
      expect(halt).toMatchObject({ type: "prompt", prompt: "real$" });
      expect(await command(session, "echo one; echo two")).toMatchObject({ type: "prompt", text: "one\ntwo\n" });
      const long = `echo ${"0123456789 ".repeat(12).trim()}`;
      expect(await command(session, long)).toMatchObject({
        type: "prompt",
        text: `${"0123456789 ".repeat(12).trim()}\n`,
      });
      expect(await command(session, "stty -echo")).toMatchObject({ type: "prompt" });
      await session.send(`printf 'PIN: '; IFS= read -r pin; echo "<$pin>"`, { echo: false });
      expect(await session.next({ ...forever, questions: [(text) => text.endsWith("PIN: ")] })).toMatchObject({
        type: "question",
      });
      await session.send(new Secret("pin", "12 34"), { echo: false });
      expect((await session.next(forever)).text.trim()).toBe("<12 34>");
      expect(await command(session, "seq 1 5000")).toMatchObject({
        text: Array.from({ length: 5000 }, (_, n) => `${n + 1}\n`).join(""),
      });
      expect(await command(session, "exit 3")).toMatchObject({ type: "ended", exit: { type: "status", status: 3 } });
    });
  });
});
