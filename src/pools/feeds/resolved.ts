/** The endpoint file of `minesweep pools resolve` (resolve/endpoint-file.ts): addresses with the time of their look-up. */

import { csvRows, linesOf } from '../../csv.ts';
import { ENDPOINT_COLUMNS } from '../resolve/endpoint-file.ts';
import { Feed, portOf } from './feed.ts';

const HEADER = ENDPOINT_COLUMNS.join(',');

export function isResolvedFeed(text: string): boolean {
  return text.replace(/^\uFEFF/, '').startsWith(HEADER);
}

export function readResolvedFeed(text: string): Feed {
  const feed = new Feed('resolved', linesOf(text));
  for (const { line, fields: row } of csvRows(text, ',')) {
    if (line === 1) continue;
    const cell = (name: (typeof ENDPOINT_COLUMNS)[number]): string =>
      row[ENDPOINT_COLUMNS.indexOf(name)] ?? '';
    const atUs = Date.parse(cell('looked_up_at')) * 1000;
    const port = portOf(cell('port'));
    if (Number.isNaN(atUs)) feed.refuse(line, row.join(','), 'line-no-time');
    else if (port === null && cell('port') !== '') feed.refuse(line, cell('port'), 'line-no-port');
    else {
      feed.add(line, cell('address'), {
        port,
        tls: cell('transport') === 'tls',
        pool: cell('pool') || null,
        lookUp: { name: cell('name'), atUs, isShared: cell('use') !== 'dedicated' },
      });
    }
  }
  return feed;
}
