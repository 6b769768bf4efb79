// What can be wrong with a line under a phrase or a run.
import { error, warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A capture beside `already so`. */
export function captureBesideAlreadySo(span: Span, alreadySo: Span): Diagnostic {
  return error(
    "capture-beside-already-so",
    span,
    `Where it is already so, the output has nothing to capture, and the name would stay unbound. Capture from a line of its own, after this one.`,
    {
      notes: [{ message: "It may be already so by this line", span: alreadySo }],
    },
  );
}

/** `expect line "<name>"`: only capture binds. */
export function holeNotKept(span: Span, name: string): Diagnostic {
  return error(
    "hole-not-kept",
    span,
    `Only "capture" keeps what a hole finds, so <${name}> would be lost. Write <_> for any word, or <\\${name}> if the angles are meant as text.`,
    {
      fixes: [{ span, text: "<_>", safe: false }],
    },
  );
}

/** `may fail` without why. */
export function mayFailWithoutReason(span: Span): Diagnostic {
  return warning(
    "may-fail-without-reason",
    span,
    `Nobody who reads the transcript will know why this may fail. Say it: may fail because "…"`,
  );
}

/** A retry of a login. */
export function retryAroundLogin(span: Span): Diagnostic {
  return warning(
    "retry-around-login",
    span,
    `A failed login is never tried again, because accounts lock: this retry does nothing for it. Take it out, or put it on the line that waits.`,
  );
}

/** A retry of a change that does not know when it was made. */
export function retryAroundChange(span: Span): Diagnostic {
  return warning(
    "retry-around-change",
    span,
    `This is sent again after a failure, and may have had its effect the first time. Say how that is seen: already so when "…"; or that it is harmless: changes nothing`,
  );
}

/** A dialogue without a verdict, and a command that nothing looks at. */
export function noExpectation(span: Span, kind: string): Diagnostic {
  return warning(
    "no-expectation",
    span,
    `The kind ${kind} has no verdict, so whatever this answers counts as done. Say what shows success: expect text "…"`,
  );
}
