// The embedded executor: a step's work is carried out in this process.
import { isUsable } from "./commands/open-dialogue.ts";
import { dialogueOpener } from "./commands/run-command.ts";
import { StepSessions } from "./hosts/step-sessions.ts";
import type { Executor, Frame, Run } from "./interpret/frame.ts";
import { runItems } from "./interpret/items.ts";
import { Scope } from "./scope.ts";

/** Work is plain data; the dialogues that it opens are closed when it is over, however it ended. */
export function embeddedExecutor(run: () => Run): Executor {
  return {
    carryOut: async ({ items, values, surroundings }) => {
      const scope = new Scope(values, run().hosts.fields);
      const sessions: StepSessions = new StepSessions(
        dialogueOpener(run(), () => frame),
        (dialogue) => isUsable(run(), dialogue, surroundings.step),
      );
      const frame: Frame = {
        ...surroundings,
        run: run(),
        scope,
        sessions,
        secretCaptures: [],
        last: { command: undefined },
      };
      try {
        return { result: await runItems(items, frame), values: scope.values };
      } finally {
        await sessions.close((host) => run().hosts.link(host).noticeEnd("the step's dialogue was closed"));
      }
    },
  };
}
