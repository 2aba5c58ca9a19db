/** Version of this program, from its package.json. */
import { readFileSync } from 'node:fs';

export const VERSION = readVersion();

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const parsed: { version?: unknown } = JSON.parse(text);
  return typeof parsed.version === 'string' ? parsed.version : 'unknown';
}
