/**
 * Loads the program (dist/minesweep.cjs). What V8 made of it is kept for the next run of the same command, in a folder and
 * a file that are of this user alone, since V8 runs such data unseen. Where that cannot be, the program starts without it.
 */
import fs from 'node:fs';
import modules from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import zlib from 'node:zlib';

const file = fileURLToPath(new URL('../dist/minesweep.cjs', import.meta.url));
const kept = orElse(null, () => keptFile(process.env, process.argv[2]));
const { script, checksum } = compiled();
const program = { exports: {} };
script.runInThisContext()(program.exports, modules.createRequire(file), program, file, path.dirname(file));
export const { main } = program.exports;
if (kept !== null && script.cachedDataRejected !== false)
  process.once('exit', (status) => status === 0 && orElse(undefined, keep));

/** The program, by what was kept of it if there is that. Nothing of the megabytes that this reads outlives the call. */
function compiled() {
  const source = fs.readFileSync(file);
  const { size, mtimeMs } = fs.statSync(process.execPath, { throwIfNoEntry: false }) ?? {};
  // The names of files in a stack come with what was kept: another copy of the program keeps its own.
  const ofProgram = zlib.crc32(source, zlib.crc32(`${process.version} ${size} ${mtimeMs} ${file}`));
  const checksumOf = (data) => zlib.crc32(data, ofProgram);
  const cachedData = orElse(undefined, () => keptData(checksumOf));
  const made = new vm.Script(modules.wrap(source.toString()), { filename: file, cachedData });
  return { script: made, checksum: checksumOf };
}

/** The file of this command, and of this V8 with its flags and this processor; null if there is no safe place. */
function keptFile({ NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME, HOME = '' }, command) {
  const caches = XDG_CACHE_HOME || path.join(HOME, '.cache');
  if (NODE_DISABLE_COMPILE_CACHE || !path.isAbsolute(caches) || !/^[a-z-]+$/.test(command)) return null;
  const folder = path.join(caches, 'minesweep');
  // One by one: where the system says ENOENT of a folder that is there (/proc, automounts), `recursive` never ends.
  for (const each of [caches, folder]) if (!fs.existsSync(each)) fs.mkdirSync(each, 0o700);
  return isOurs(folder, fs.constants.S_IFDIR)
    ? path.join(folder, `${command}-${v8.cachedDataVersionTag()}`)
    : null;
}

/** Of this type, with no rights for others. */
function isOurs(name, type) {
  const { uid, mode } = fs.lstatSync(name);
  return uid === process.getuid() && (mode & (fs.constants.S_IFMT | 0o077)) === type;
}

/** V8 dies of data that is damaged or of another build of the same version: their checksum stands behind it. */
function keptData(checksum) {
  if (!isOurs(kept, fs.constants.S_IFREG)) return undefined;
  const bytes = fs.readFileSync(kept);
  const data = bytes.subarray(0, -4);
  return bytes.readUInt32LE(data.length) === checksum(data) ? data : undefined;
}

function keep() {
  // V8 refuses what was kept under other flags than those of a start: the flags that a run sets (src/run/memory.ts) go back.
  for (const flag of ['--heap-growing-percent=40', '--semi-space-growth-factor=2', '--no-expose-gc'])
    v8.setFlagsFromString(flag);
  const data = script.createCachedData();
  const end = Buffer.alloc(4);
  end.writeUInt32LE(checksum(data));
  // Whatever stands in its place, a link or a pipe, is not written through.
  fs.rmSync(kept, { force: true });
  fs.writeFileSync(kept, Buffer.concat([data, end]), { mode: 0o600, flag: 'wx' });
}

function orElse(absent, made) {
  try {
    return made();
  } catch {
    return absent;
  }
}
