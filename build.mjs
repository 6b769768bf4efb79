// Makes dist/: one entry, split where a command imports what it needs when it runs. Checking types is tsc's.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** A hash of every source file: what `run-started` says of the program that made a transcript. */
function hashOfSources() {
  const hash = createHash("sha256");
  const files = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  for (const file of files)
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update("\0");
  return hash.digest("hex");
}

/** Commander loads this for commands that are programs of their own; there are none, and loading it costs 4 ms at each start. */
const withoutChildProcess = {
  name: "commander without child_process",
  setup(plugin) {
    plugin.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[/\\]commander[/\\]/.test(importer) ? { path: "none", namespace: "none" } : undefined,
    );
    plugin.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

/** Our own scanner makes the tokens: of chevrotain's lexer only the mark of a token without a pattern is used. */
const withoutLexer = {
  name: "chevrotain without its lexer",
  setup(plugin) {
    plugin.onLoad({ filter: /chevrotain[/\\]lib[/\\]src[/\\]scan[/\\]lexer_public\.js$/ }, () => ({
      contents: "export class Lexer { static NA = /NOT_APPLICABLE/; }\nexport const LexerDefinitionErrorType = {};",
      loader: "js",
    }));
  },
};

/** The trees of the shipped vocabularies, so that no start parses them. */
async function compileVocabularies() {
  const script = join(making, "compile-vocabularies.tmp.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/vocabulary/compile-vocabularies.ts"],
    outfile: script,
    bundle: true,
    format: "esm",
    platform: "node",
  });
  const compile = await import(pathToFileURL(script).href);
  compile.compileVocabularies(join(making, "vocabularies"));
  rmSync(script);
}

// Built beside and then put in place: a program that runs meanwhile never finds half a dist/.
const making = join(root, `dist.${process.pid}.tmp`);
rmSync(making, { recursive: true, force: true });
mkdirSync(making);
await build({
  absWorkingDir: root,
  entryPoints: { main: "src/cli/main.ts" },
  outdir: making,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Start-up counts: less to read, the names of functions and classes stay as they are.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  legalComments: "linked",
  plugins: [withoutChildProcess, withoutLexer],
  external: ["ssh2", "zx", "node-forge", "@xterm/headless", "@clack/prompts"],
  define: { ORDO_VERSION: JSON.stringify(version), ORDO_BUILD: JSON.stringify(hashOfSources()) },
  // commander is CommonJS: bundled into an ES module it needs a `require`.
  banner: {
    js: 'import { createRequire as ordoRequire } from "node:module"; const require = ordoRequire(import.meta.url);',
  },
});
cpSync(join(root, "src", "vocabularies"), join(making, "vocabularies"), { recursive: true });
await compileVocabularies();
// The type of the files in here, said beside them: the folder works wherever it is copied.
writeFileSync(join(making, "package.json"), '{ "type": "module" }\n');
const old = join(root, `dist.${process.pid}.old.tmp`);
if (existsSync(join(root, "dist"))) renameSync(join(root, "dist"), old);
renameSync(making, join(root, "dist"));
rmSync(old, { recursive: true, force: true });
