/**
 * Starts the thread that decodes captures while the program is still being loaded: a thread takes a tenth of a second to
 * start, which a scan of a large file would wait for. What it is given to do is the scan's affair, and whether it is
 * wanted: a scan that reads something else ends it.
 */
const { closeSync, openSync, readFileSync, readSync, statSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { DIST, POINTER } = require('./load.js');

/** Bytes of captures from which a scan has its packets decoded by the thread, as survey/capture-reader.ts has it. */
const LEAST_BYTES = 256 * 1024 * 1024;
/** The first four bytes of pcap, micro- and nanoseconds in both byte orders, and of pcapng. */
const MAGICS = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a]);

/** The thread, where the arguments name captures of enough bytes; else null. */
function startDecoder(argv) {
  if (argv[0] !== 'scan' || os.availableParallelism() < 2) return null;
  try {
    const bytes = argv.slice(1).reduce((sum, argument) => sum + captureBytes(argument), 0);
    if (bytes < LEAST_BYTES) return null;
    const { name } = JSON.parse(readFileSync(POINTER, 'utf8'));
    const worker = new Worker(path.join(DIST, `${name}.decoding.cjs`), { name: 'decoding' });
    // Whoever takes it over sees that it has ended.
    worker.on('error', () => {});
    worker.unref();
    return worker;
  } catch {
    return null;
  }
}

/** Size of the capture that an argument names; 0 where it names none. */
function captureBytes(argument) {
  const stats = argument.startsWith('-') ? undefined : statSync(argument, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size < 4) return 0;
  const file = openSync(argument);
  try {
    const head = Buffer.alloc(4);
    readSync(file, head, 0, 4, 0);
    return MAGICS.has(head.readUInt32BE()) ? stats.size : 0;
  } finally {
    closeSync(file);
  }
}

module.exports = { startDecoder };
