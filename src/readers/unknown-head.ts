/**
 * What an input that no reader knows may be, by its first bytes, and what its owner can do: for messages only. Cold.
 */
import { roleName } from './tables/column-map.ts';
import { usualRoles } from './tables/csv.ts';
import { delimiterOf, ENDPOINT_AND_TIME, firstLine, isJson, splitLine } from './tables/headed-table.ts';
import * as Column from './tables/roles.ts';

/** Logs of others that hold connections and are not read, by what their lines bear. */
const OTHERS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/%(ASA|FTD)-\d-\d{6}/, 'syslog of a Cisco firewall, which is not read'],
  [
    /\btype="?traffic"?[\s,].*\bsrcip=|\bsrcip=.*\btype="?traffic"?/,
    'a FortiGate traffic log, which is not read',
  ],
  [/^[^,]*,[^,]*,[^,]*,TRAFFIC,/, 'a Palo Alto traffic log, which is not read'],
  [/\bfilterlog(\[\d+\])?: /, 'a pfSense filter log, which is not read: it counts no traffic'],
  [
    /^(?=.*"ip_src":)(?=.*"ip_dst":)/,
    'flows of pmacct without a time or without ports; let it aggregate by timestamp_start and dst_port',
  ],
];
const ARGUS_COLUMNS = 'stime,ltime,proto,saddr,sport,dir,daddr,dport,spkts,dpkts,sbytes,dbytes';
const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*)$/i;
/** Of what nothing else is known, a table has at least so many columns. */
const LEAST_COLUMNS = 3;

/** In words, or null where the bytes say nothing. */
export function describeHead(head: Uint8Array): string | null {
  if (head.length === 0) return null;
  if (isPacked(head)) return 'packed by xz, zip or 7-Zip; unpack it first';
  const begin = Buffer.from(head.subarray(0, 12)).toString('hex');
  if (begin.startsWith('deadbeef')) {
    return 'SiLK’s own records; let rwcut print them, or rwsilk2ipfix convert them';
  }
  if (/^.{16}e571..cb/.test(begin)) {
    return `Argus’s own records; let ra print them: ra -n -u -c , -s ${ARGUS_COLUMNS} -r FILE`;
  }
  if (isWide(head)) return 'text in UTF-16, which is not read; save it as UTF-8';
  if (head.subarray(0, 512).some((byte) => byte < 9)) return null;
  const line = firstLine(head);
  for (const [pattern, words] of OTHERS) if (pattern.test(line)) return words;
  if (isJson(line)) {
    return 'JSON of no known kind; --input-format says which it is where it is one of those that are read';
  }
  const delimiter = /[,;\t|]/.test(line) ? delimiterOf(line, ',;\t|') : ' ';
  const cells = splitLine(line, delimiter);
  if (cells.length < LEAST_COLUMNS) return null;
  if (cells.some((cell) => ADDRESS.test(cell))) {
    return `its first line is a row and no header; name its columns by position, as in --columns src=#1,dst=#2,dport=#3,start=#4${delimiter === ' ' ? `, or all of them in their order, as in --columns '\${version} \${account-id} …'` : ''}`;
  }
  const missing = Column.missingRoles(usualRoles(cells), ENDPOINT_AND_TIME).map(roleName);
  if (delimiter === ' ' && /\bSrcAddr\b.*\bDstAddr\b/.test(line)) {
    return 'columns of ra between blanks; let it put commas between them (ra -c ,)';
  }
  if (delimiter === ' ' || missing.length === 0) return null;
  return `a table in whose header no column is known for ${missing.join(', ')}; say which with --columns ${missing.map((name) => `${name}=…`).join(',')}`;
}

/** By xz, zip or 7-Zip. */
export function isPacked(head: Uint8Array): boolean {
  const begin = Buffer.from(head.subarray(0, 6)).toString('latin1');
  return begin === '\xfd7zXZ\0' || begin === "7z\xbc\xaf'\x1c" || begin.startsWith('PK\x03\x04');
}

function isWide(head: Uint8Array): boolean {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  // Without a mark: every other byte of ASCII is 0.
  const begin = head.subarray(0, 64);
  if (begin.length < 16) return false;
  const zeros = [0, 1].map((odd) => begin.filter((byte, at) => at % 2 === odd && byte === 0).length);
  return zeros.includes(begin.length >> 1) && Math.min(...zeros) === 0;
}
