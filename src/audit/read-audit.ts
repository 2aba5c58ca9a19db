/** An audit that was written before, checked against the schema. */
import type { Readable } from 'node:stream';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { openGiven } from '../given-file.ts';
import { checked } from '../schema/check.ts';
import { AUDIT, type Audit } from './audit.ts';
import { LargeJson } from './large-json.ts';
import { upToDate } from './old-versions.ts';

/** Above this the bytes, their text and the rows would be in memory at once; and JavaScript has no text of more than 512 MiB. */
const AT_ONCE_BYTES = 16 * 1024 * 1024;

const HINT = 'Name an audit.json that minesweep scan wrote.';

/** Reads an audit. Throws INPUT_UNREADABLE if there is no file, FILE_INVALID if it is not an audit. */
export async function readAudit(file: string, stdin: Readable): Promise<Audit> {
  const where = file === '-' ? 'standard input' : file;
  let read: unknown;
  try {
    read = await readJson(file === '-' ? stdin : (await openGiven(file)).createReadStream());
  } catch (cause) {
    const about = { where, hint: HINT, cause };
    if (cause instanceof SyntaxError) return fail('FILE_INVALID', 'not JSON', about);
    const code = codeOf(cause);
    if (code === 'EISDIR') {
      const hint = 'Name the audit.json in it.';
      return fail('INPUT_UNREADABLE', 'this is a folder, not an audit', { ...about, hint });
    }
    const what = code === 'ENOENT' ? 'no such file' : `cannot read the audit: ${reasonOf(cause)}`;
    return fail('INPUT_UNREADABLE', what, about);
  }
  return checked(upToDate(read), AUDIT, ({ at, message }) =>
    fail('FILE_INVALID', `not an audit of minesweep: ${at || 'the whole'} ${message}`, { where, hint: HINT }),
  );
}

/** Reads JSON of any size: at once if it is short, row by row if it is long. */
async function readJson(stream: AsyncIterable<Buffer | string>): Promise<unknown> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  let large: LargeJson | null = null;
  for await (const piece of stream) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    bytes += chunk.length;
    if (large === null) gathered.push(chunk);
    else large.push(chunk);
    if (large !== null || bytes <= AT_ONCE_BYTES) continue;
    large = new LargeJson();
    for (const each of gathered) large.push(each);
    gathered = [];
  }
  if (large !== null) return large.end();
  return JSON.parse(
    Buffer.concat(gathered)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  );
}
