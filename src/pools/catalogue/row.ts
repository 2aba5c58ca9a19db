/**
 * A smaller pool as one line: name, domains, newest listing, sources, remarks. Turned into an entry whose hosts are
 * read by grammar. In the domains column '+host' is this very name, which may serve miners, '=host' this very name,
 * a web site; anything else is a domain with all names below it.
 */
import { definePool, type NameUse, type PoolEntry } from '../entry.ts';

export type PoolRow =
  | readonly [name: string, domains: string, listed: string, sources: string]
  | readonly [name: string, domains: string, listed: string, sources: string, remarks: string];

export function entryOfRow([name, places, listed, sources, remarks = '']: PoolRow): PoolEntry {
  const words = places.split(' ');
  const notes = remarks === '' ? [] : remarks.split('; ');
  return definePool({
    name,
    domains: words.filter((word) => !/^[+=]/.test(word)),
    hosts: words.filter((word) => word.startsWith('+')).map((word) => word.slice(1)),
    sites: words.filter((word) => word.startsWith('=')).map((word) => word.slice(1)),
    mining: valuesOf(notes, 'mining:'),
    aliases: valuesOf(notes, 'aka:'),
    rest: restOf(notes),
    gone: notes.includes('gone') ? 'date unknown' : null,
    listed: listed === '' ? null : listed,
    sources: sources.split(' '),
  });
}

function restOf(notes: readonly string[]): NameUse | 'grammar' {
  return notes.includes('rest:web') ? 'web' : 'grammar';
}

function valuesOf(notes: readonly string[], prefix: string): string[] {
  return notes.filter((note) => note.startsWith(prefix)).map((note) => note.slice(prefix.length));
}
