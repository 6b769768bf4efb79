// Starts the built program. In a checkout that was not built yet it builds first, so `npx ordo` works after `npm ci`.
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const root = join(__dirname, "..");

if (!existsSync(join(root, "dist", "main.js")) && existsSync(join(root, "build.mjs"))) {
  const { spawnSync } = require("node:child_process");
  const built = spawnSync(process.execPath, [join(root, "build.mjs")], { stdio: ["ignore", "ignore", "inherit"] });
  if (built.status !== 0) {
    console.error('ordo is not built yet, and building it failed (see above). Run "npm ci", then "npm run build".');
    process.exit(2);
  }
}
import("../dist/main.js").catch((problem) => {
  console.error(problem);
  process.exit(2);
});
