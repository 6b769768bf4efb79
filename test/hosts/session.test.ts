import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChannelListener } from "../../src/hosts/byte-channel.ts";
import type { Halt } from "../../src/hosts/connection.ts";
import { plainScreen } from "../../src/hosts/plain-screen.ts";
import { ScreenSession } from "../../src/hosts/session.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A session over a program that says what the test says, when it says it. */
function program(): { readonly session: ScreenSession; readonly say: (text: string) => void } {
  let listener: ChannelListener | undefined;
  const session = new ScreenSession({
    channel: {
      terminal: false,
      listen: (one) => (listener = one),
      write: () => Promise.resolve(),
      endInput: () => undefined,
      flow: () => undefined,
      cut: () => Promise.resolve(),
    },
    screen: plainScreen(undefined),
    onChunk: () => undefined,
  });
  return { session, say: (text) => listener?.chunk({ stream: "out", bytes: Buffer.from(text) }) };
}

describe("a question that comes in pieces", () => {
  it("is not taken for a shorter one while its words still come: web1 is not asked about where web10 is", async () => {
    const { session, say } = program();
    const halts: Halt[] = [];
    void session
      .next({ questions: [(text) => text.endsWith("Delete web1")], withinMs: Number.POSITIVE_INFINITY })
      .then((halt) => halts.push(halt));
    say("Delete web1");
    await vi.advanceTimersByTimeAsync(100);
    say("0? (y/n) ");
    await vi.advanceTimersByTimeAsync(1000);
    expect(halts).toEqual([]);
    await session.close();
  });

  it("is a question at once where it ends like one, and after a while where it doesn't", async () => {
    for (const [said, afterMs] of [
      ["Delete web1? ", 20],
      ["Password: ", 20],
      ["Type proceed", 1000],
    ] as const) {
      const { session, say } = program();
      const halts: Halt[] = [];
      void session
        .next({ questions: [(text) => text.endsWith(said)], withinMs: Number.POSITIVE_INFINITY })
        .then((halt) => halts.push(halt));
      say(said);
      await vi.advanceTimersByTimeAsync(afterMs);
      expect(halts).toMatchObject([{ type: "question", index: 0 }]);
      await session.close();
    }
  });
});
