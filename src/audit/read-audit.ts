/** An audit that was written before, checked against the schema. */
import path from 'node:path';
import type { Readable } from 'node:stream';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { isFolder, openGiven } from '../given-file.ts';
import { isObject } from '../json.ts';
import { JsonDocument } from '../schema/json-document.ts';
import { AUDIT_SCHEMA, type Audit } from './audit.ts';
import { auditProblem } from './schema.ts';

const HINT = 'Name an audit.json that minesweep scan wrote.';

/** Reads an audit, or that of a folder that --out wrote. Throws INPUT_UNREADABLE if there is no file, FILE_INVALID if it is not an audit. */
export async function readAudit(given: string, stdin: Readable): Promise<Audit> {
  const file = given !== '-' && (await isFolder(given)) ? path.join(given, 'audit.json') : given;
  const where = file === '-' ? 'standard input' : file;
  const document = new JsonDocument();
  let read: unknown;
  try {
    const stream: AsyncIterable<Buffer | string> =
      file === '-' ? stdin : (await openGiven(file)).createReadStream();
    for await (const piece of stream) document.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
    read = document.end();
  } catch (cause) {
    const about = { where, hint: HINT, cause };
    if (cause instanceof SyntaxError)
      return fail('FILE_INVALID', `not an audit of minesweep: ${cause.message}`, about);
    const what = codeOf(cause) === 'ENOENT' ? 'no such file' : `cannot read the audit: ${reasonOf(cause)}`;
    return fail('INPUT_UNREADABLE', what, about);
  }
  const version = otherVersion(read);
  if (version !== null) {
    const hint = 'Scan the inputs again with this version of minesweep.';
    return fail('FILE_INVALID', `the audit is ${version}, and only ${AUDIT_SCHEMA} is read`, { where, hint });
  }
  const problem = auditProblem(read);
  if (problem === null) return read as Audit;
  const { at, message } = problem;
  return fail('FILE_INVALID', `not an audit of minesweep: ${at || 'the whole'} ${message}`, {
    where,
    hint: HINT,
  });
}

/** The schema that an audit names, if it is another version's. */
function otherVersion(read: unknown): string | null {
  const schema = isObject(read) ? read.schema : null;
  const isAudit = typeof schema === 'string' && /^minesweep\.audit\/\d{1,9}$/.test(schema);
  return isAudit && schema !== AUDIT_SCHEMA ? schema : null;
}
