// What only a person can say: confirmations, work by hand, values, and what may be destroyed. Their records are safe before
// what they allow happens.
import type { Span } from "../../text/source.ts";
import { deferred } from "../deferred.ts";
import type { EventOf } from "../record-table.ts";
import { contextOf, failed, interruptOf, isInterrupted, type Frame, type ItemResult } from "./frame.ts";

export interface Asked {
  readonly words: string;
  readonly role: string | undefined;
  readonly host: string | undefined;
  readonly span: Span;
}

/** `confirm "…"`: undefined when it was confirmed. `--yes` covers it, and the records say that nobody looked. */
export async function confirm(frame: Frame, asked: Asked): Promise<ItemResult | undefined> {
  const { given, recorder, operator } = frame.run;
  if (given.options.yes) {
    await deviate(frame, {
      what: `confirmed by --yes: ${asked.words}`,
      who: operator,
      reason: "nobody looked",
      ...contextOf(frame, asked.span),
    });
    await recorder.durable({
      type: "confirmed",
      ...wordsOf(asked),
      who: "nobody",
      identifiedBy: "--yes on the command line",
      durationMs: 0,
      ...contextOf(frame, asked.span),
    });
    return undefined;
  }
  const said = await put(frame, asked, "confirm");
  if (said === true) return undefined;
  if (said === "interrupted") return { type: "interrupted" };
  if (said === false)
    return failed(frame, asked.span, {
      outcome: "stopped for a person",
      host: asked.host,
      reason: `"${asked.words}" was not confirmed.`,
    });
  return failed(frame, asked.span, {
    outcome: "stopped for a person",
    host: asked.host,
    reason: `"${asked.words}" is to be confirmed, and there is no terminal to ask at.`,
    wayOn: "Run it at a terminal, or with --yes if nobody needs to look.",
  });
}

/** `by hand "…"`: undefined when it was done. Nothing on the command line does a person's work. */
export async function byHand(frame: Frame, asked: Asked): Promise<ItemResult | undefined> {
  const said = await put(frame, asked, "by-hand");
  if (said === true) return undefined;
  if (said === "interrupted") return { type: "interrupted" };
  return failed(frame, asked.span, {
    outcome: "stopped for a person",
    host: asked.host,
    reason:
      said === false
        ? `"${asked.words}" was not done.`
        : `"${asked.words}" is work for a person, and there is no terminal to ask at.`,
    wayOn: said === false ? undefined : "Run it at a terminal.",
  });
}

/** `destroys "…"`: undefined when it may be destroyed. `--yes` never covers it; `--allow-destroy` with the same text does. */
export async function allowDestroy(frame: Frame, asked: Asked): Promise<ItemResult | undefined> {
  if (frame.allowed.includes(asked.words)) return undefined;
  const { given, operator } = frame.run;
  if (given.options.allowDestroy.includes(asked.words)) {
    await deviate(frame, {
      what: `allowed by --allow-destroy: ${asked.words}`,
      who: operator,
      reason: "given on the command line",
      ...contextOf(frame, asked.span),
    });
    return undefined;
  }
  const said = await put(frame, asked, "destroys");
  if (said === true) return undefined;
  if (said === "interrupted") return { type: "interrupted" };
  return failed(frame, asked.span, {
    outcome: "stopped for a person",
    host: asked.host,
    reason:
      said === false
        ? `Destroying ${asked.words} was refused.`
        : `This destroys ${asked.words}, and there is no terminal to ask at.`,
    wayOn: said === false ? undefined : `If that is meant, add --allow-destroy ${JSON.stringify(asked.words)}`,
  });
}

/** Records that the run left the runbook. */
export async function deviate(frame: Frame, deviation: Omit<EventOf<"deviation">, "type">): Promise<void> {
  await frame.run.recorder.durable({ type: "deviation", ...deviation });
}

/** Puts the question to the person; undefined: there is nobody. */
async function put(
  frame: Frame,
  asked: Asked,
  purpose: "confirm" | "destroys" | "by-hand",
): Promise<boolean | "interrupted" | undefined> {
  const { given, recorder } = frame.run;
  const { person } = given;
  if (person === undefined) return undefined;
  if (isInterrupted(frame)) return "interrupted";
  const since = given.clock.monotonicMs();
  const question = { words: recorder.redact(asked.words), role: asked.role, host: asked.host, purpose };
  const signal = interruptOf(frame);
  const said = await unlessAborted(
    purpose === "by-hand" ? person.byHand(question, signal) : person.confirm(question, signal),
    signal,
  );
  if (said === undefined) return "interrupted";
  const words = purpose === "destroys" ? { ...wordsOf(asked), words: `This destroys ${asked.words}.` } : wordsOf(asked);
  const type = !said ? "refused" : purpose === "by-hand" ? "by-hand" : "confirmed";
  await recorder.durable({
    type,
    ...words,
    who: person.who,
    identifiedBy: person.identifiedBy,
    durationMs: Math.round(given.clock.monotonicMs() - since),
    ...contextOf(frame, asked.span),
  });
  return said;
}

/** What a person said; undefined when the run was interrupted first, whatever becomes of the question. */
export async function unlessAborted<T>(said: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const aborted = deferred<undefined>();
  const end = (): void => aborted.resolve(undefined);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([
      said.catch((problem: unknown) => {
        if (signal.aborted) return undefined;
        throw problem;
      }),
      aborted.promise,
    ]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function wordsOf(asked: Asked): { readonly words: string; readonly role?: string; readonly host?: string } {
  return {
    words: asked.words,
    ...(asked.role === undefined ? {} : { role: asked.role }),
    ...(asked.host === undefined ? {} : { host: asked.host }),
  };
}
