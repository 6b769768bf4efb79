// `send FILE to HOST [as PATH]`: a file of the current host, copied to another one.
import { copyFile, textSlot, type CoreCall } from "./copy-file.ts";
import { hostOf, type ItemResult } from "../interpret/frame.ts";

/** Carries out the core's `send`; the same SHA-256 at the target is `already so`. */
export async function runSend(call: CoreCall): Promise<ItemResult> {
  const { item, frame, slots } = call;
  const file = textSlot(call, "file");
  const server = slots.get("server");
  return await copyFile(call, {
    verb: "send",
    from: { host: hostOf(frame, item.place), file, isCurrent: true },
    to: {
      host: server?.type === "host" ? server.name : "here",
      file: slots.has("target") ? textSlot(call, "target") : file,
      isCurrent: false,
    },
    keep: false,
  });
}
