/**
 * Kinds of damage of an input. `at` is the byte offset of the first, or the number of the record for exports in
 * captures; 0 if it is not known or the whole file is meant.
 */
import { grouped } from '../figures.ts';

export type Found = { count: number; at: number };

const place = ({ count, at }: Found): string =>
  at > 0 ? `, ${count > 1 ? 'first ' : ''}at ${grouped(at)}` : '';
const found =
  (what: string) =>
  (p: Found): string =>
    `${what}${p.count > 1 ? ` ×${grouped(p.count)}` : ''}${place(p)}`;
const number =
  (what: string) =>
  (p: Found): string =>
    `${what}: ${grouped(p.count)}${place(p)}`;

export const DAMAGE = {
  'damage-not-found': found('no such file'),
  'damage-unreadable': found('cannot be opened'),
  'damage-read-error': found('read error'),
  'damage-access-denied': found('these credentials may not read the object'),
  'damage-archived': found('the object is in an archive: restore it first'),
  'damage-replaced': found('the object was replaced after it was listed; the rest is not read'),
  'damage-short-of-memory': found('more than the memory can hold; not read'),
  'damage-truncated-compression': found('compressed data ends too early'),
  'damage-compression-error': found('compressed data is corrupt'),
  'damage-compression-limit': found('unpacks to more than it may (--limit unpack-…); the rest is not read'),
  'damage-unsupported-compression': found('unsupported compression'),
  'damage-empty': found('empty file'),
  'damage-not-a-capture': found('not a capture or a known log'),
  'damage-truncated-header': found('file header truncated'),
  'damage-truncated-record': found('last record truncated'),
  'damage-bad-record-length': found('invalid record length'),
  'damage-bad-wire-length': found('invalid original length of a packet'),
  'damage-bad-block-length': found('invalid block length'),
  'damage-bad-section': found('invalid section header'),
  'damage-unknown-interface': found('packet of an undefined interface'),
  'damage-too-many-interfaces': found('too many interfaces'),
  'damage-skipped-bytes': number('bytes skipped'),
  'damage-not-a-flow-log': found('not a valid flow log'),
  'damage-unsupported-version': found('unsupported version'),
  'damage-encrypted': found('encrypted'),
  'damage-anonymised': found('addresses were rewritten'),
  'damage-truncated-file': found('file truncated'),
  'damage-bad-block': found('invalid block'),
  'damage-bad-compression': found('compressed block is corrupt'),
  'damage-bad-record': found('invalid record'),
  'damage-bad-template': found('invalid template'),
  'damage-unknown-template': found('template missing'),
  'damage-unknown-record': found('unknown kind of record'),
  'damage-absurd-time': found('implausible time'),
  'damage-no-time': found('record without a time'),
  'damage-assumed-year': found('time without a year'),
  'damage-counter-overflow': found('counter too large'),
  'damage-lost-flows': number('flows missing'),
  'damage-lost-datagrams': number('export datagrams missing'),
  'damage-lost-samples': number('samples missing'),
  'damage-lost-records': number('records missing'),
  'damage-trailing-bytes': found('export datagram with trailing bytes'),
  'damage-repeated-datagram': found('export datagram captured twice'),
  'damage-cut-datagram': found('export datagram truncated by the capture'),
  'damage-unread-flow': found('flow record that could not be read'),
  'damage-late-sampling': found('sampling interval arrived too late'),
  'damage-unknown-sampling': found('sampling interval missing'),
  'damage-table-full': found('table full'),
  'damage-other-line': found('line that holds no connection'),
  'damage-only-named': found('line with a server name and no server address'),
  'damage-bad-row': found('invalid row'),
  'damage-long-line': found('line too long'),
  'damage-missing-column': found('required column missing'),
  'damage-partial-answer': found('the server did not send all rows'),
  'damage-message-cut-at-seam': found('message cut between two parts'),
};

type Code = keyof typeof DAMAGE;
export type DamageKind = Code extends `damage-${infer Kind}` ? Kind : never;
