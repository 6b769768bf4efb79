// Bytes to text. A host rarely says how its programs write: UTF-8 where that fits, UTF-16LE where a mark or the zeros show it,
// else the code page that the inventory names (shared facts: Windows programs pick the console's, the ANSI page, or neither).
import { isUtf8 } from "node:buffer";
import { cutLength } from "../text/cut-character.ts";
import { codePageNamed, decodeByTable } from "./code-pages.ts";

/** Decodes pieces of one stream, in order; a character that is cut in two waits for its rest. */
export interface Decoder {
  decode(bytes: Uint8Array): string;
  /** What is left of a cut character, as U+FFFD. */
  finish(): string;
}

/** Chooses the encoding from all of a stream's bytes: the whole is a better witness than the first piece. */
export function decoderFor(pieces: readonly Uint8Array[], codePage: string | undefined): Decoder {
  const first = pieces.find((piece) => piece.length >= 2) ?? new Uint8Array();
  if (isUtf16(first)) return textDecoder("utf-16le");
  if (codePage === undefined || allUtf8(pieces)) return textDecoder("utf-8");
  return pageDecoder(codePage);
}

/** Decodes while the stream still runs: UTF-8 until a byte contradicts it, from then on the code page. */
export function streamingDecoder(codePage: string | undefined): Decoder {
  let chosen: Decoder | undefined;
  let held: Uint8Array = new Uint8Array();
  return {
    decode(bytes) {
      if (chosen !== undefined) return chosen.decode(bytes);
      const piece = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      held = new Uint8Array();
      if (isUtf16(piece)) chosen = textDecoder("utf-16le");
      else if (codePage === undefined) chosen = textDecoder("utf-8");
      else {
        const whole = piece.length - cutLength(piece);
        const sound = piece.subarray(0, whole);
        if (isUtf8(sound)) {
          held = piece.subarray(whole);
          return Buffer.from(sound.buffer, sound.byteOffset, sound.length).toString("utf8");
        }
        chosen = pageDecoder(codePage);
      }
      return chosen.decode(piece);
    },
    finish() {
      if (chosen !== undefined) return chosen.finish();
      if (held.length === 0) return "";
      // A lone upper byte at the very end is no UTF-8 after all.
      const rest = held;
      held = new Uint8Array();
      return codePage === undefined ? "\ufffd" : pageDecoder(codePage).decode(rest);
    },
  };
}

function textDecoder(label: string): Decoder {
  const decoder = new TextDecoder(label);
  return { decode: (bytes) => decoder.decode(bytes, { stream: true }), finish: () => decoder.decode() };
}

function pageDecoder(codePage: string): Decoder {
  const page = codePageNamed(codePage);
  if (page === undefined) return textDecoder("utf-8");
  if ("label" in page) return textDecoder(page.label);
  return { decode: (bytes) => decodeByTable(bytes, page.table), finish: () => "" };
}

/** Whether pieces that may cut characters are UTF-8 as a whole. */
function allUtf8(pieces: readonly Uint8Array[]): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (const piece of pieces) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** A byte order mark, or zeros in most odd places and few even ones (`wmic`, `wsl.exe` into a pipe). */
function isUtf16(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return true;
  const seen = Math.min(bytes.length, 512) & ~1;
  if (seen < 4) return false;
  let odd = 0;
  let even = 0;
  for (let at = 0; at < seen; at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  return odd * 4 >= seen && even * 8 <= seen && odd > even;
}
