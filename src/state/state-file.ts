/**
 * The file of `--state`: a head of one line that people can read, and behind it the run (run-image.ts), gzipped; of a watch
 * also the run of the period before. It holds excerpts of packets, so that nobody but its owner may read it. Written whole
 * or not at all.
 */

import { kMaxLength } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gunzip } from 'node:zlib';
import { builtBytes } from '../built.ts';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { openGiven, readGiven } from '../given-file.ts';
import { limits } from '../limits.ts';
import { totalOf } from '../order.ts';
import type { Lists } from '../run/lists.ts';
import type { Run, Times } from '../run/run.ts';
import { readBackLine } from '../schema/check.ts';
import {
  count,
  field,
  list,
  matching,
  number,
  type Of,
  oneOf,
  orNull,
  record,
  text,
  time,
} from '../schema/field.ts';
import { statement } from '../statements/index.ts';
import { VERSION } from '../version.ts';
import { writeWhole } from '../whole-file.ts';
import { type ImagedRun, readRun } from './run-image.ts';

/** The form of this file and of images. What a run holds may change from build to build without another one. */
const FORMAT = 'minesweep.state/4';
const NOTE = 'Private: holds excerpts of packets of open connections. Do not share.';
const LF = 0x0a;
const OWNER_ONLY = 0o600;
/** Heads are shorter. */
const HEAD_LIMIT = 4096;
/** Of a state, packed. */
const MOST_STORED_BYTES = 2 ** 32;
const BUILD_DIGITS = 16;
const NO_TIMES: Times = { sinceUs: null, untilUs: null };

const HEAD = record({
  format: field(oneOf([FORMAT]), 'Of this file.'),
  note: field(text, 'For people.'),
  program: field(text, 'Version of minesweep.'),
  build: field(text, 'Of the build that wrote it: half-read messages are private to a build.'),
  written: field(time, 'When.'),
  inputs: field(count, 'Inputs so far.'),
  positionUs: field(
    orNull(number),
    'First packet of the latest capture, us since 1970; null if there was none.',
  ),
  runs: field(list(count), 'Bytes of each run, unpacked.'),
});
type Head = Of<typeof HEAD>;
/** What heads of all formats have. */
const ANY_HEAD = record({
  format: field(matching('^minesweep\\.state/\\d{1,9}$'), 'Of this file.'),
  program: HEAD.fields.program,
});

/** A hash of what runs; of sources, of what was built of them last. */
let build: string | null = null;

function buildOf(): string {
  if (build === null) {
    const hash = createHash('sha256').update(VERSION);
    for (const file of ['minesweep.cjs', 'packets.wasm', 'conversations.wasm'])
      hash.update(builtBytes(file) ?? '');
    build = hash.digest('hex').slice(0, BUILD_DIGITS);
  }
  return build;
}

/** The runs that the file holds, of these times, or of any if null; none if there is no such file. Throws FILE_UNREADABLE, FILE_INVALID or USAGE. */
export async function loadState(file: string, lists: Lists, times: Times | null): Promise<Run[]> {
  const stored = await readStored(file);
  if (stored === null) return [];
  const lineEnd = stored.subarray(0, HEAD_LIMIT).indexOf(LF);
  const line = stored.subarray(0, Math.max(0, lineEnd)).toString('utf8');
  const other = readBackLine(line, ANY_HEAD);
  const head = readBackLine(line, HEAD);
  if (other === null || (other.format === FORMAT && head === null)) {
    return fail('FILE_INVALID', 'this file holds no state', {
      where: file,
      hint: 'Name a file that a run with --state wrote, or one that does not exist yet.',
    });
  }
  if (head === null) {
    return fail(
      'FILE_INVALID',
      `the state is of ${other.format} (minesweep ${other.program}); this program reads ${FORMAT}`,
      {
        where: file,
        hint: 'It stays as it is. Begin with a new state file, and put the audits of both together with "minesweep merge".',
      },
    );
  }
  const runs: Run[] = [];
  try {
    const unpacked = totalOf(head.runs, (bytes) => bytes);
    let rest = await promisify(gunzip)(stored.subarray(lineEnd + 1), {
      maxOutputLength: Math.max(1, Math.min(unpacked, kMaxLength)),
    });
    if (rest.length !== unpacked) throw new RangeError('the head tells of other bytes');
    for (const bytes of head.runs) {
      const isOfThisBuild = head.build === buildOf();
      const { run, dropped } = readRun(rest.subarray(0, bytes), lists, times ?? NO_TIMES, isOfThisBuild);
      if (!isOfThisBuild) run.note(statement('state-of-build', { program: head.program, dropped }));
      runs.push(run);
      rest = rest.subarray(bytes);
    }
  } catch (cause) {
    return fail('FILE_INVALID', 'the state is damaged', {
      where: file,
      hint: 'Delete it and scan the inputs again.',
      cause,
    });
  }
  const [run] = runs;
  if (times !== null && (run?.times.sinceUs !== times.sinceUs || run.times.untilUs !== times.untilUs)) {
    return fail('USAGE', 'the state was begun with other times than --since and --until say now', {
      where: file,
      hint: 'Give the same times, or begin with a new state file.',
    });
  }
  return runs;
}

/** The head of a state of this layout; null if the file is none. */
export async function stateHead(file: string): Promise<Head | null> {
  const handle = await openGiven(file).catch(() => null);
  if (handle === null) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_LIMIT));
    const line = buffer.subarray(0, Math.max(0, buffer.subarray(0, bytesRead).indexOf(LF)));
    return readBackLine(line.toString('utf8'), HEAD);
  } finally {
    await handle.close();
  }
}

async function readStored(file: string): Promise<Buffer | null> {
  try {
    return await readGiven(file, MOST_STORED_BYTES);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    return fail('FILE_UNREADABLE', `the state cannot be read: ${reasonOf(cause)}`, { where: file, cause });
  }
}

/**
 * Writes the runs, in place of what the file held. One that takes more bytes than the limit loses connections that are not
 * known to mine. Throws OUTPUT_FAILED; then the file is as it was.
 */
export async function saveState(file: string, runs: readonly ImagedRun[]): Promise<void> {
  for (const kept of runs) makeFit(file, kept);
  const head: Head = {
    format: FORMAT,
    note: NOTE,
    program: VERSION,
    build: buildOf(),
    written: new Date().toISOString(),
    inputs: runs[0].run.inputs.length,
    positionUs: Number.isFinite(runs[0].run.positionUs) ? runs[0].run.positionUs : null,
    runs: runs.map((kept) => kept.image().length),
  };
  const images = runs.map((kept) => kept.image());
  const packed = Readable.from(images).pipe(createGzip({ level: constants.Z_BEST_SPEED }));
  async function* stored(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${JSON.stringify(head)}\n`);
    yield* packed;
  }
  // What a killed run left is written over: a state may be large.
  await writeWhole(file, stored(), { mode: OWNER_ONLY, part: `${file}.part`, what: 'the state' });
}

function makeFit(file: string, kept: ImagedRun): void {
  if (kept.image().length <= limits.state) return;
  kept.run.engine.kernel.calls.forgetUndecided();
  kept.changed();
  const { length } = kept.image();
  if (length <= limits.state) return;
  fail('OUTPUT_FAILED', `the state takes ${length} bytes, more than ${limits.state}`, {
    where: file,
    hint: 'Allow more with --limit state=2g, for example.',
  });
}
