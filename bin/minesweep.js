#!/usr/bin/env node
import { startDecoder } from './decoder.js';
import { loadProgram } from './load.js';

const argv = process.argv.slice(2);
const decoder = startDecoder(argv);
process.exitCode = await loadProgram().main(argv, process.env, process, decoder);
// All has been said: what V8 still compiles in the background is not waited for.
if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
