import { describe, expect, it } from "vitest";
import { fillDialogue } from "../../../src/plan/quote/dialogue.ts";

const fill = (text: string) => fillDialogue([{ type: "literal", text }], { quote: '"<value>"', refuse: "" });

describe("a command for an interactive shell", () => {
  it("is refused where it holds a key that the shell would act on, such as a tab that completes a word", () => {
    for (const key of ["\t", "\u001b", "\u0003", "\u007f"])
      expect(fill(`client delete${key}all`)).toMatchObject({ type: "refused" });
    expect(fill("client delete all")).toBe("client delete all");
  });
});
