// Makes dist/: one entry, split where a command imports what it needs when it runs. Type checking is tsc's.
import { build } from "esbuild";
import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { main: "src/cli/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  keepNames: true,
  sourcemap: true,
  legalComments: "linked",
  external: ["ssh2", "zx", "node-forge", "@xterm/headless", "@clack/prompts", "ssh-config"],
  define: { "process.env.ORDO_BUILD": '"1"' },
  // chevrotain and commander are CommonJS in places: they need a require inside an ES module.
  banner: { js: 'import { createRequire as __ordoRequire } from "node:module"; const require = __ordoRequire(import.meta.url);' },
});
