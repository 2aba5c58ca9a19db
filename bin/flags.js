/** How V8 is to treat a program that mostly runs for seconds. */
const v8 = require('node:v8');

// V8 optimises for programs that run for hours: early, and with as much as possible in one piece. In a run of a second
// the optimised code then comes late and is thrown away often. Measured with V8 11.3 (Node.js 20), and set there alone;
// a long run is no slower.
if (process.versions.v8.startsWith('11.3.')) {
  v8.setFlagsFromString('--max-inlined-bytecode-size-cumulative=150');
  v8.setFlagsFromString('--interrupt-budget=150000');
}

// V8 lets a heap double before it looks for what is garbage in it: by a fifth each time, peaks are a quarter lower.
v8.setFlagsFromString('--heap-growing-percent=20');
