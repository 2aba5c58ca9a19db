#!/usr/bin/env node
import v8 from 'node:v8';
import zlib from 'node:zlib';

if (zlib.crc32 === undefined) {
  process.stderr.write(
    `minesweep: Node.js ${process.versions.node} is too old\n  Install 20.15 or later; of 22, from 22.2 on.\n`,
  );
  process.exit(1);
}
// Most of what runs in a scan of seconds runs once: V8 optimises later, by its budget up to Node.js 21, then by calls, and
// inlines less (docs/internals/performance.md).
const isOld = Number(process.versions.node.split('.')[0]) < 22;
const FLAGS = [
  // V8 lets a heap double before it looks for what is garbage in it: by two fifths each time, peaks are a sixth lower.
  '--heap-growing-percent=40',
  // The threads that help the collector mostly wait for each other: without them a scan of 100,000 sessions takes half the
  // processor time, and half the time (docs/internals/performance.md).
  '--no-concurrent-marking',
  '--no-parallel-scavenge',
  // V8 makes objects old at once where the first ones lasted, as the first messages of connections do. The later ones do not,
  // but what they hold lasts as long as they do.
  '--no-allocation-site-pretenuring',
  isOld ? '--interrupt-budget=540000' : '--invocation-count-for-turbofan=24000',
  '--max-inlined-bytecode-size-cumulative=300',
];
try {
  for (const flag of FLAGS) v8.setFlagsFromString(flag);
} catch {
  // Another engine than V8, as in Bun: the program runs with its own settings.
}

const argv = process.argv.slice(2);
// Until it has said how it ended: a program that waits for what never comes ends without a word.
process.exitCode = 1;
import('./program.js')
  .catch((error) => {
    if (error.code !== 'EMFILE') throw error;
    process.stderr.write(
      'minesweep: the system lets the program open too few files at once\n  Raise the limit: ulimit -n 256.\n',
    );
    process.exit();
  })
  .then(({ main }) => main(argv, process.env, process))
  .then((status) => {
    process.exitCode = status;
    // All has been said: what V8 still compiles in the background is not waited for.
    if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  });
