/**
 * Loads the program (dist/minesweep.cjs). What V8 made of it is kept for the next run of the same command, in a folder that
 * only this user may write, since V8 runs such data unseen. Where that cannot be, the program starts without it.
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
const source = fs.readFileSync(file);
const kept = keptFile(process.env, process.argv[2]);
const cachedData = kept === null ? undefined : keptData();
const script = new vm.Script(modules.wrap(source.toString()), { filename: file, cachedData });
const program = { exports: {} };
script.runInThisContext()(program.exports, modules.createRequire(file), program, file, path.dirname(file));
export const { main } = program.exports;
if (kept !== null && (cachedData === undefined || script.cachedDataRejected)) process.once('exit', keep);

/** The file of this command, and of this V8 with its flags and this processor; null if there is no safe place. */
function keptFile({ NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME, HOME = '' }, command) {
  const caches = XDG_CACHE_HOME || path.join(HOME, '.cache');
  if (NODE_DISABLE_COMPILE_CACHE || !path.isAbsolute(caches) || !/^[a-z-]+$/.test(command)) return null;
  const folder = path.join(caches, 'minesweep');
  try {
    // One by one: where the system says ENOENT of a folder that is there (/proc, automounts), `recursive` never ends.
    for (const each of [caches, folder]) if (!fs.existsSync(each)) fs.mkdirSync(each, 0o700);
    return isOurs(folder) ? path.join(folder, `${command}-${v8.cachedDataVersionTag()}`) : null;
  } catch {
    return null;
  }
}

function isOurs(name) {
  const { uid, mode } = fs.lstatSync(name);
  return uid === process.getuid() && (mode & 0o022) === 0;
}

/** V8 dies of damaged data: a checksum of the program and of the data stands behind it. */
function keptData() {
  try {
    const bytes = fs.readFileSync(kept);
    const data = bytes.subarray(0, -4);
    return isOurs(kept) && bytes.readUInt32LE(data.length) === checksum(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function checksum(data) {
  return zlib.crc32(data, zlib.crc32(source));
}

function keep(status) {
  if (status !== 0) return;
  try {
    const data = script.createCachedData();
    const end = Buffer.alloc(4);
    end.writeUInt32LE(checksum(data));
    fs.writeFileSync(kept, Buffer.concat([data, end]), { mode: 0o600 });
  } catch {
    // The next run starts without it.
  }
}
