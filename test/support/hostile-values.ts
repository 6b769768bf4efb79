// Values that a shell would like to read as something else, for property tests of quoting.
import * as fc from "fast-check";

const nasty = Array.from(" \t'\"`$\\!%^&|;<>(){}[]*?~#=,:@+-/.\u00e9\u2019\u2018\u201c\u4e2d").concat([
  "\n",
  "\r",
  "\u{1f600}",
  "$(id)",
  "`id`",
  "%OS%",
  "'; exit 3; '",
  '"& echo x &"',
  "\\'",
  "--%",
  "$'a'",
]);

/** Texts of up to a dozen hostile pieces; no NUL, no lone surrogate. */
export const hostileText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...nasty) },
      { weight: 1, arbitrary: fc.constantFrom("a", "B", "7", "x y") },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** The same without line breaks. */
export const hostileLine = hostileText.map((text) => text.replace(/[\r\n]/g, ""));
