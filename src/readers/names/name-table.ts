/**
 * Tables of names and addresses: CSV with a header that has a column of names and one of addresses, `name,address` or
 * `address name…` lines without one (hosts files). A column of clients makes rows look-ups of those, a column of times
 * dates them.
 */
import { canonicalAddress } from '../../address.ts';
import { namesOf, toldFormat } from '../format-table.ts';
import { usualRoles } from '../tables/csv.ts';
import { delimiterOf, ENDPOINT_AND_TIME, isJson, splitLine } from '../tables/headed-table.ts';
import { headLines, LineReader } from '../tables/line-reader.ts';
import { cleanName, isNoServer } from '../tables/names.ts';
import * as Column from '../tables/roles.ts';
import { rowFormat } from '../tables/row-reader.ts';

const TOLD = toldFormat('name-table');
const TITLES = namesOf(TOLD);
/** Columns that only tables of flows have. */
const FLOWS = 'bytes packets pkts octets srcport dstport sport dport sp dp ibyt ipkt'.split(' ');
const DELIMITERS = ',;\t|';

/** True of columns that tell connections, whatever names stand beside. */
const isFlowTable = (titles: readonly string[]): boolean =>
  Column.missingRoles(usualRoles(titles), ENDPOINT_AND_TIME).length === 0;

type Columns = NonNullable<ReturnType<typeof columnsOf>>;

/** The columns that a header names, or null if it is none of such a table. */
function columnsOf(header: string) {
  if (isJson(header)) return null;
  const delimiter = delimiterOf(header, DELIMITERS);
  const titles = splitLine(header, delimiter).map(Column.plainName);
  const column = (names: readonly string[] = []): number =>
    titles.findIndex((title) => names.includes(title));
  if (column(FLOWS) >= 0 || isFlowTable(titles)) return null;
  const found = {
    delimiter,
    name: column(TITLES.get(Column.NAME)),
    address: column(TITLES.get(Column.DESTINATION)),
    client: column(TITLES.get(Column.SOURCE)),
    time: column(TITLES.get(Column.START)),
  };
  const isUsable = found.name >= 0 && (found.address >= 0 || found.client >= 0);
  return isUsable ? found : null;
}

/** A row without header: an address and names, or a name and addresses; null if it is neither. */
function bareRow(line: string): { names: string[]; addresses: string[] } | null {
  const words = line.split(/[\s,;|]+/).filter((word) => word !== '');
  const addresses = words.map(canonicalAddress).filter((each) => each !== null);
  const names = words.filter((word) => canonicalAddress(word) === null).map(cleanName);
  const isClean = names.every((name) => name?.includes('.') === true || name === 'localhost');
  if (addresses.length === 0 || names.length === 0 || !isClean) return null;
  // One of them stands first, and once only.
  if (Math.min(addresses.length, names.length) > 1) return null;
  return { names: names.filter((name) => name !== null), addresses };
}

const isRemark = (line: string): boolean => /^\s*(?:[#;]|$)/.test(line);

class NameTableReader extends LineReader {
  #columns: Columns | null = null;
  #isBegun = false;

  protected line(text: string, at: number): void {
    if (isRemark(text)) return;
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#columns = columnsOf(text);
      if (this.#columns !== null) return;
    }
    const isRead = this.#columns === null ? this.#bare(text) : this.#cells(text, this.#columns);
    if (!isRead) this.damage.add('bad-row', this.blockOffset + at);
  }

  #bare(text: string): boolean {
    const row = bareRow(text.replace(/\s#.*$/, ''));
    if (row === null) return false;
    for (const name of row.names) for (const server of row.addresses) this.#report(name, server, Number.NaN);
    return true;
  }

  #cells(text: string, columns: Columns): boolean {
    const cells = splitLine(text, columns.delimiter);
    const name = cleanName(cells[columns.name] ?? '');
    if (name === null) return false;
    const timeUs = columns.time < 0 ? Number.NaN : this.time.ofText((cells[columns.time] ?? '').trim());
    const client = columns.client < 0 ? null : canonicalAddress((cells[columns.client] ?? '').trim());
    for (const value of (cells[columns.address] ?? '').split(/[\s,;]+/)) {
      const server = canonicalAddress(value);
      if (server !== null) this.#report(name, server, timeUs);
    }
    if (client !== null) this.question(name, client, timeUs);
    return true;
  }

  #report(name: string, server: string, timeUs: number): void {
    if (!isNoServer(server)) this.answer(name, server, timeUs);
  }
}

export const nameTable = rowFormat(TOLD, NameTableReader, {
  sniff: (head) => {
    const lines = headLines(head).filter((line) => !isRemark(line));
    const [first = ''] = lines;
    return (
      columnsOf(first) !== null ||
      (lines.length > 0 && lines.every((line) => bareRow(line.replace(/\s#.*$/, '')) !== null))
    );
  },
  holdsNames: () => true,
});
