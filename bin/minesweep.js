#!/usr/bin/env node
import { loadProgram } from './load.js';

process.exitCode = await loadProgram().main(process.argv.slice(2), process.env);
