/** The endpoint file of `minesweep pools resolve` (resolve/endpoint-file.ts): addresses with the time of their look-up. */

import { csvRows, linesOf } from '../../csv.ts';
import type { LineReason } from '../../statements/en/notes.ts';
import { ENDPOINT_COLUMNS } from '../resolve/endpoint-file.ts';
import { type Feed, type FeedItem, feedItem } from './feed.ts';

const HEADER = ENDPOINT_COLUMNS.join(',');

export function isResolvedFeed(text: string): boolean {
  return text.replace(/^\uFEFF/, '').startsWith(HEADER);
}

export function readResolvedFeed(text: string): Feed {
  const items: FeedItem[] = [];
  const unread: { line: number; text: string; reason: LineReason }[] = [];
  for (const { line, fields: row } of csvRows(text, ',')) {
    if (line === 1) continue;
    const cell = (name: (typeof ENDPOINT_COLUMNS)[number]): string =>
      row[ENDPOINT_COLUMNS.indexOf(name)] ?? '';
    const lookedUpMs = Date.parse(cell('looked_up_at'));
    const port = cell('port');
    if (Number.isNaN(lookedUpMs))
      unread.push({ line, text: row.join(',').slice(0, 80), reason: 'line-no-time' });
    else if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65536))
      unread.push({ line, text: port.slice(0, 80), reason: 'line-no-port' });
    else {
      items.push(
        feedItem(line, cell('address'), {
          port: port === '' ? null : Number(port),
          tls: cell('transport') === 'tls',
          pool: cell('pool') || null,
          lookUp: { name: cell('name'), atUs: lookedUpMs * 1000, isShared: cell('use') !== 'dedicated' },
        }),
      );
    }
  }
  return { format: 'resolved', lines: linesOf(text), items, unread };
}
