// `fetch FILE from HOST [as PATH]`: a file of another host, copied to the current one and kept as evidence.
import { copyFile, textSlot, type CoreCall } from "./copy-file.ts";
import { hostOf, type ItemResult } from "../interpret/frame.ts";

/** Carries out the core's `fetch`; the same SHA-256 at the target is `already so`. */
export async function runFetch(call: CoreCall): Promise<ItemResult> {
  const { item, frame, slots } = call;
  const file = textSlot(call, "file");
  const server = slots.get("server");
  return await copyFile(call, {
    verb: "fetch",
    from: { host: server?.type === "host" ? server.name : "here", file, isCurrent: false },
    to: {
      host: hostOf(frame, item.place),
      file: slots.has("target") ? textSlot(call, "target") : file,
      isCurrent: true,
    },
    keep: true,
  });
}
