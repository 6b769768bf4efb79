import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { ORDO_VERSION: '"0.0.0-test"', ORDO_BUILD: '"test"' },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["./test/support/own-temporary-folder.ts"],
    reporters: ["default", "./test/support/counts-reporter.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests start real servers and real programs: a few at a time keep two cores busy without starving any.
    maxWorkers: 3,
  },
});
