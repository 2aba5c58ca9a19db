#!/usr/bin/env node
import process from 'node:process';
import { loadProgram } from './load.js';

process.exitCode = await loadProgram().main(process.argv.slice(2), process.env);
// All has been said: what V8 still compiles in the background is not waited for.
if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
