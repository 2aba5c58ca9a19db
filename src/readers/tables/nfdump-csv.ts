/**
 * What nfdump prints as csv, csv-fast and csv:LIST, of 1.6 and 1.7 (nfdump, src/output; docs/reference/formats.md). Counters
 * are multiplied by the sampling factor already, which the table does not state (2.4). Apart from csv-fast and the
 * raw tags, times are of the clock of the machine that printed, without a zone: `timeZone` says which.
 */

import { toldFormat } from '../format-table.ts';
import { firstLine, HeadedTableReader, namesColumns } from './headed-table.ts';
import { rowFormat } from './row-reader.ts';

const TOLD = toldFormat('nfdump-csv');
/** Names that only nfdump uses, of 1.7 and of 1.6. */
const HEADER = /(^|,)(firstSeen|lastSeen)(,|$)|^ts,te,td,sa,da,/;

class NfdumpCsvReader extends HeadedTableReader {
  #isOver = false;
  protected override readonly marker = 0x53; // S of `Summary`, behind which nfdump 1.6 adds totals

  protected override line(text: string, at: number): boolean {
    if (text.startsWith('Summary')) {
      this.#isOver = true;
      this.hasLayout = false;
    } else if (HEADER.test(text)) {
      this.#isOver = false;
      this.takeHeader(text, at);
    } else if (!this.#isOver) {
      // Lines in front of the header; one among the rows that begins like `Summary` is broken.
      if (this.hasLayout) this.damage.add('bad-row', this.blockOffset + at);
      else super.line(text, at);
    }
    return true;
  }
}

export const nfdumpCsv = rowFormat(TOLD, NfdumpCsvReader, {
  sniff: (head) => HEADER.test(firstLine(head)) && namesColumns(head, TOLD),
});
