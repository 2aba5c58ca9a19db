/** What the launcher sets for runs of a second (bin/load.js), taken back where a run will be longer. */
import v8 from 'node:v8';

/** V8's own defaults, of the version that the launcher changes. Loops over records are then inlined as a whole. */
export function expectLongRun(): void {
  if (!process.versions.v8.startsWith('11.3.')) return;
  v8.setFlagsFromString('--max-inlined-bytecode-size-cumulative=920');
  v8.setFlagsFromString('--interrupt-budget=67584');
}
