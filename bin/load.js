/**
 * Loads the bundle that the build left in dist/. Most of a short run is V8 turning source into bytecode, so the build
 * also leaves the bytecode of what a scan runs (vm.Script, cachedData). V8 takes it only where it is its own of that
 * very version; anywhere else the source is compiled, by way of Node's own cache where it has one.
 */
const { readFileSync } = require('node:fs');
const modules = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

// V8 optimises for programs that run for hours: early, and with as much as possible in one piece. In a run of a second
// the optimised code then comes late and is thrown away often. Measured with V8 11.3 (Node.js 20), and set there alone;
// a long run is no slower.
if (process.versions.v8.startsWith('11.3.')) {
  v8.setFlagsFromString('--max-inlined-bytecode-size-cumulative=150');
  v8.setFlagsFromString('--interrupt-budget=150000');
}

// V8 lets a heap double before it looks for what is garbage in it: by a fifth each time, peaks are a quarter lower.
v8.setFlagsFromString('--heap-growing-percent=20');

const DIST = path.join(__dirname, '..', 'dist');
/** Says which of the bundles in dist/ is the last one that was built whole. */
const POINTER = path.join(DIST, 'bundle.json');

/** The exports of the bundle. */
function loadProgram() {
  const { name } = JSON.parse(readFileSync(POINTER, 'utf8'));
  const file = path.join(DIST, `${name}.cjs`);
  const cachedData = readBytecode(path.join(DIST, `${name}.bytecode`));
  if (cachedData !== undefined) {
    const { script, exports } = compileBundle(file, cachedData);
    if (!script.cachedDataRejected) return exports();
  }
  modules.enableCompileCache?.();
  return modules.createRequire(file)(file);
}

/** The bundle as a script, and a function that runs it. */
function compileBundle(file, cachedData) {
  // The build leaves ASCII only.
  const source = readFileSync(file, 'latin1');
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new vm.Script(wrapped, { filename: file, cachedData });
  const exports = () => {
    const module = { exports: {} };
    const run = script.runInThisContext();
    run(module.exports, modules.createRequire(file), module, file, path.dirname(file));
    return module.exports;
  };
  return { script, exports };
}

/** Undefined where the build left none. */
function readBytecode(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { compileBundle, DIST, loadProgram, POINTER };
