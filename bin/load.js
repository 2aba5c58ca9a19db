/**
 * Loads the bundle that the build left in dist/. Most of a short run is V8 turning source into bytecode, so the build
 * also leaves the bytecode of what a scan runs (vm.Script, cachedData). V8 takes it only where it is its own of that
 * very version; anywhere else the source is compiled, by way of Node's own cache where it has one.
 */
const { readFileSync } = require('node:fs');
const modules = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
require('./flags.js');

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
