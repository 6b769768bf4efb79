#!/usr/bin/env node
// The first file, in a JavaScript that any Node.js parses: it only says when the Node.js is too old.
var parts = process.versions.node.split(".");
if (Number(parts[0]) < 20 || (Number(parts[0]) === 20 && Number(parts[1]) < 19)) {
  console.error("ordo needs Node.js 20.19 or newer; this is " + process.versions.node + ".");
  process.exit(2);
} else {
  require("./start.cjs");
}
