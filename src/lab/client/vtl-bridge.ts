// vtl as a program that a real shell can start: a script that asks the lab over loopback and prints what it says.

import { randomBytes } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { join, resolve } from "node:path";
import { listen } from "../ssh/server.ts";
import { runVtl } from "./vtl.ts";
import type { VtlClient } from "./vtl.ts";

/** A running bridge. */
export interface VtlBridge {
  close(): Promise<void>;
}

/**
 * Puts `vtl` into a folder and answers its calls.
 * Only who can read the script knows the token, so no other account of this machine can call.
 * @param findFile the real path of a file named on the line, from the real folder where vtl was started
 */
export async function startVtlBridge(
  client: VtlClient,
  options: { readonly binFolder: string; readonly findFile: (cwd: string, path: string) => string },
): Promise<VtlBridge> {
  const token = randomBytes(16).toString("hex");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => {
      text += piece;
      if (!text.endsWith("\n")) return;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own script wrote it; anything else has no token
      const call = JSON.parse(text) as { token: string; cwd: string; args: readonly string[] };
      if (call.token !== token) {
        socket.destroy();
        return;
      }
      runVtl(client, { args: call.args, findFile: (path) => options.findFile(call.cwd, path) })
        .then((result) => socket.end(JSON.stringify(result)))
        .catch((error: unknown) =>
          socket.end(JSON.stringify({ stdout: `lab: ${String(error)} [sim]\n`, status: 254 })),
        );
    });
  });
  await listen(server, 0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  await mkdir(options.binFolder, { recursive: true });
  const script = join(resolve(options.binFolder), "vtl");
  await writeFile(`${script}.mjs`, callerSource(port, token), { mode: 0o600 });
  await writeFile(script, `#!/bin/sh\nexec '${quoted(process.execPath)}' '${quoted(script)}.mjs' "$@"\n`);
  await chmod(script, 0o700);
  return {
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function quoted(path: string): string {
  return path.replaceAll("'", String.raw`'\''`);
}

function callerSource(port: number, token: string): string {
  return `import { connect } from "node:net";
import { stderr, stdout as out } from "node:process";
const call = { token: "${token}", cwd: process.cwd(), args: process.argv.slice(2) };
const socket = connect(${port}, "127.0.0.1");
let text = "";
socket.setEncoding("utf8");
socket.on("connect", () => socket.write(JSON.stringify(call) + "\\n"));
socket.on("data", (piece) => { text += piece; });
socket.on("error", () => { stderr.write("vtl: the lab is gone [sim]\\n"); process.exitCode = 254; });
socket.on("end", () => {
  const { stdout, status } = JSON.parse(text);
  out.write(stdout);
  process.exitCode = status;
});
`;
}
