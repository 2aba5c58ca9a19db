/** An audit that was written before, checked against the schema. */
import type { Readable } from 'node:stream';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { openGiven } from '../given-file.ts';
import { isObject } from '../json.ts';
import { checked } from '../schema/check.ts';
import { AUDIT, AUDIT_SCHEMA, type Audit } from './audit.ts';
import { LargeJson } from './large-json.ts';

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
  const version = otherVersion(read);
  if (version !== null) {
    const hint = 'Scan the inputs again with this version of minesweep.';
    return fail('FILE_INVALID', `the audit is ${version}, and only ${AUDIT_SCHEMA} is read`, { where, hint });
  }
  return checked(read, AUDIT, ({ at, message }) =>
    fail('FILE_INVALID', `not an audit of minesweep: ${at || 'the whole'} ${message}`, { where, hint: HINT }),
  );
}

/** The schema that an audit names, if it is another version's. */
function otherVersion(read: unknown): string | null {
  const schema = isObject(read) ? read.schema : null;
  const isAudit = typeof schema === 'string' && /^minesweep\.audit\/\d{1,9}$/.test(schema);
  return isAudit && schema !== AUDIT_SCHEMA ? schema : null;
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
