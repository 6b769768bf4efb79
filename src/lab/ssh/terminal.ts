// A host's side of an interactive session: lines in, echoed as a terminal does, text out.

import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import type { Outlet } from "./outlet.ts";

/** How what is typed is shown: as it is, as stars, or not at all. */
export type Echo = "plain" | "stars" | "none";

/** What came of asking for a line. */
export type Line =
  | { readonly type: "line"; readonly text: string }
  /** Ctrl-C. */
  | { readonly type: "interrupted" }
  /** Ctrl-D on an empty line, or the client closed its side. */
  | { readonly type: "ended" };

/** Reads lines and writes text, with CRLF and echo where the client asked for a terminal. */
export class Terminal {
  readonly #outlet: Outlet;
  readonly #hasPty: boolean;
  readonly #decoder = new StringDecoder("utf8");
  #typed = "";
  #isEnded = false;
  #skipLineFeed = false;
  #wake: () => void = () => undefined;

  constructor(input: Readable, outlet: Outlet, options: { readonly hasPty: boolean }) {
    this.#outlet = outlet;
    this.#hasPty = options.hasPty;
    input.on("data", (bytes: Buffer) => {
      this.#typed += this.#decoder.write(bytes);
      this.#wake();
    });
    for (const event of ["end", "close"]) {
      input.on(event, () => {
        this.#isEnded = true;
        this.#wake();
      });
    }
  }

  /** Writes text whose line ends are LF; a terminal gets CRLF. */
  async write(text: string): Promise<void> {
    await this.#outlet.write(this.#hasPty ? text.replaceAll(/\r?\n/g, "\r\n") : text);
  }

  /** Reads one line. What was typed ahead is shown when it is read, as a shell with its own line editor does. */
  async readLine(echo: Echo = "plain"): Promise<Line> {
    let line = "";
    for (;;) {
      const character = await this.#next();
      switch (character) {
        case undefined:
          return line === "" ? { type: "ended" } : { type: "line", text: line };
        case "\r":
        case "\n":
          // CR LF is one line end; the LF may come in a later packet and is then skipped there.
          if (character === "\r") this.#skipLineFeed = true;
          if (this.#hasPty) await this.write("\n");
          return { type: "line", text: line };
        case "\u0003":
          if (this.#hasPty) await this.write("^C\n");
          return { type: "interrupted" };
        case "\u0004":
          if (line === "") return { type: "ended" };
          break;
        case "\u007F":
        case "\b":
          if (line !== "") {
            line = line.replace(/.$/su, "");
            if (this.#hasPty && echo !== "none") await this.write("\b \b");
          }
          break;
        default:
          line += character;
          if (this.#hasPty && echo !== "none") await this.write(echo === "stars" ? "*" : character);
      }
    }
  }

  async #next(): Promise<string | undefined> {
    for (;;) {
      const [character] = this.#typed;
      if (character !== undefined) {
        this.#typed = this.#typed.slice(character.length);
        const isSecondHalf = character === "\n" && this.#skipLineFeed;
        this.#skipLineFeed = false;
        if (!isSecondHalf) return character;
      } else if (this.#isEnded) {
        return undefined;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
