#!/usr/bin/env node
// CommonJS, as all that starts with the program (package.json beside it): Node's loader of modules takes 8 ms to begin.
const { loadProgram } = require('./load.js');

const argv = process.argv.slice(2);
// Until it has said how it ended: a program that waits for what never comes ends without a word.
process.exitCode = 1;
loadProgram()
  .main(argv, process.env, process)
  .then((status) => {
    process.exitCode = status;
    // All has been said: what V8 still compiles in the background is not waited for.
    if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  });
