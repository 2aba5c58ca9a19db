/** The readers of `--pools` files: the format is found in the content, never in the name. */
import { parseText } from '../../json.ts';
import type { Feed } from './feed.ts';
import { readJsonFeed } from './json.ts';
import { readTableFeed } from './table.ts';
import { readTextFeed } from './text.ts';

/** The feed of a file's text, or null if it looks like none of the formats. `name`: of the file, which a dataset tells its port by. */
export function readFeed(text: string, name = ''): Feed | null {
  if (text.includes('\u0000')) return null;
  if (/^\s*[[{]/.test(text)) {
    const json = parseText(text);
    if (json !== undefined) return readJsonFeed(json);
    // '[2001:db8::1]:3333' begins a plain list as well.
    if (!/^\s*\[[0-9a-f:.]+\]/i.test(text)) return null;
  }
  return readTableFeed(text) ?? readTextFeed(text, name);
}
