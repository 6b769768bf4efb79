// Base64 of a value that stands anywhere in longer data: three alignments, and only the letters that the value alone decides.
import { Buffer } from "node:buffer";

/** Shorter pieces would be found in any text. */
const shortestLetters = 5;

/**
 * The letters that stand in Base64 and base64url of any data that holds these bytes, for each of the three alignments;
 * also with the rest and the padding that follow when the data ends with them.
 */
export function base64Forms(bytes: Uint8Array): string[] {
  const forms = new Set<string>();
  for (const before of [0, 1, 2]) {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    const encoded = all.toString("base64");
    const bare = encoded.replace(/=+$/, "");
    // The first letters hold bits of what stands before, the last one perhaps bits of what follows.
    const from = Math.ceil((before * 8) / 6);
    const inner = encoded.slice(from, Math.floor((all.length * 8) / 6));
    for (const text of [inner, bare.slice(from), encoded.slice(from)]) {
      if (text.length < shortestLetters) continue;
      forms.add(text);
      forms.add(urlSafe(text));
    }
  }
  for (const folded of foldedForms(bytes)) forms.add(folded);
  return [...forms];
}

/** Of a long value that is encoded by itself: the lines of `base64` (76 letters), of PEM and openssl (64), with either line end. */
function foldedForms(bytes: Uint8Array): string[] {
  const encoded = Buffer.from(bytes).toString("base64");
  // The last letters and the padding differ when something follows, a line feed for instance: they are found or left by themselves.
  const sure = encoded.slice(0, Math.floor((bytes.length * 8) / 6));
  return [76, 64].flatMap((width) =>
    encoded.length <= width
      ? []
      : ["\n", "\r\n"].flatMap((end) =>
          [encoded, sure].map((text) => text.replaceAll(new RegExp(`.{${width}}(?=.)`, "g"), `$&${end}`)),
        ),
  );
}

/** Base64 and base64url of exactly these bytes. */
export function wholeBase64(bytes: Uint8Array): string[] {
  const encoded = Buffer.from(bytes).toString("base64");
  const bare = encoded.replace(/=+$/, "");
  return [...new Set([encoded, bare, urlSafe(encoded), urlSafe(bare)])];
}

function urlSafe(text: string): string {
  return text.replaceAll("+", "-").replaceAll("/", "_");
}
