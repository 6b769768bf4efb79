// A TCP server that is no ssh server, or a broken one: what it received is kept.
import { createServer } from "node:net";
import type { Socket } from "node:net";

export interface RawServer {
  readonly port: number;
  /** All that was sent, connection by connection. */
  received(): readonly Buffer[];
  stop(): Promise<void>;
}

/** Calls `each` with every connection. */
export async function startRawServer(each: (socket: Socket) => void): Promise<RawServer> {
  const connections: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const pieces: Buffer[] = [];
    connections.push(pieces);
    socket.on("error", () => undefined).on("data", (bytes) => pieces.push(bytes));
    socket.on("close", () => sockets.delete(socket));
    each(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    received: () => connections.map((pieces) => Buffer.concat(pieces)),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
