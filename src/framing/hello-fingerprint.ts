/**
 * A client hello to its JA3 (salesforce/ja3: MD5 over five lists in wire order) and JA4 (FoxIO, JA4 TLS client:
 * readable head, hashes over sorted lists). Both leave GREASE out. They name a TLS library and its settings, not a
 * program: XMRig has the prints of whatever OpenSSL it was built with, so no verdict rests on them.
 */
import { createHash } from 'node:crypto';
import { ALPN, type ClientHello, isGrease, SERVER_NAME } from './client-hello.ts';

const NO_HASH = '000000000000';

/** Version names of JA4. DTLS and QUIC are left out: no miner speaks them. */
const VERSION_NAMES: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
};

/** The JA3 fingerprint, 32 hex digits. */
export function ja3(hello: ClientHello): string {
  return createHash('md5').update(ja3Text(hello)).digest('hex');
}

/** What JA3 hashes: version, suites, extensions, groups and point formats in decimal. */
export function ja3Text(hello: ClientHello): string {
  const lists = [hello.ciphers, hello.extensions, hello.groups, hello.pointFormats];
  return [hello.version, ...lists.map((list) => list.filter((value) => !isGrease(value)).join('-'))].join(
    ',',
  );
}

/** The JA4 fingerprint of a hello over TCP. */
export function ja4(hello: ClientHello): string {
  const ciphers = hello.ciphers.filter((value) => !isGrease(value));
  const extensions = hello.extensions.filter((value) => !isGrease(value));
  const signatures = hello.signatureAlgorithms.filter((value) => !isGrease(value)).map(hex4);
  const name = extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const head = `t${versionName(hello)}${name}${count(ciphers)}${count(extensions)}${alpnMark(hello)}`;
  const sorted = extensions
    .filter((type) => type !== SERVER_NAME && type !== ALPN)
    .map(hex4)
    .sort();
  const tail = signatures.length === 0 ? sorted.join(',') : `${sorted.join(',')}_${signatures.join(',')}`;
  return `${head}_${hash12(ciphers.map(hex4).sort().join(','))}_${extensions.length === 0 ? NO_HASH : hash12(tail)}`;
}

function versionName(hello: ClientHello): string {
  const offered = hello.versions.filter((version) => !isGrease(version));
  const highest = offered.length === 0 ? hello.version : Math.max(...offered);
  return VERSION_NAMES[highest] ?? '00';
}

function count(list: readonly number[]): string {
  return String(Math.min(99, list.length)).padStart(2, '0');
}

/** First and last letter of the first protocol; of its hex digits if either is no letter or digit. */
function alpnMark(hello: ClientHello): string {
  const [first] = hello.alpn;
  if (first === undefined || first === '') return '00';
  const ends = `${first[0]}${first.at(-1)}`;
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  const digits = Buffer.from(first, 'latin1').toString('hex');
  return `${digits[0]}${digits.at(-1)}`;
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function hash12(text: string): string {
  return text === '' ? NO_HASH : createHash('sha256').update(text).digest('hex').slice(0, 12);
}
