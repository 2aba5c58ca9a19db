/**
 * Words of mining that text is searched for (kernel/packets/text.ts), as the table of an automaton (Aho and Corasick, 1975):
 * for each place in a word and each byte, the next place. A byte that text does not have leads to the last place.
 */
import { AT, MOST_WORD_PLACES, WORD_CLASSES } from '../schema/packets-memory.ts';
import type { PacketKernel } from './packet-kernel.ts';

/** By kind, a bit each: three that miners say, two that pools do, and three that either side or others say (kernel/packets/text.ts). */
const KINDS: readonly (readonly string[])[] = [
  ['mining.submit', 'eth_submitWork'],
  ['nonce"', "nonce'", 'mining.subscribe', 'mining.authorize', 'eth_submitLogin'],
  ['submit"', 'login"', 'keepalived'],
  ['mining.notify', 'mining.set_'],
  ['seed_hash', 'seedhash'],
  ['blob"', 'target"', 'extranonce', 'extraNonce', 'xnonce', 'difficulty'],
  [
    ...['job_id', 'jobId', 'jobid', 'work_id', 'workId', 'blocktemplate', 'blockTemplate', 'block_template'],
    ...['header_hash', 'headerHash', 'mix_hash', 'mixHash', 'mixhash', 'pow_hash', 'powHash'],
  ],
  [
    ...['prev_hash', 'prevHash', 'parent_hash', 'parentHash', 'hashrate', 'hash_rate', 'khs', 'hs_units'],
    ...['"miner', 'start_mining', 'mining_status'],
    ...['stratum+tcp', 'xmrig', 'XMRig', 'share accepted', 'accepted share', 'submit share', 'submit nonce'],
  ],
];

/** Bytes of text beyond printable ones and what is not ASCII: tab to carriage return, bell, backspace and escape. */
const CONTROLS = new Set([0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);

/** Classes of bytes: those that text does not have, and those that are in no word. */
const [NO_TEXT, NO_LETTER] = [0, 1];

interface Place {
  readonly next: Map<number, Place>;
  kind: number;
  /** Of the longest end of what was read so far that begins another word. */
  back: Place | null;
  number: number;
}

/** Lays the table where the kernel finds it. */
export function putMiningWords(kernel: PacketKernel): void {
  const root = newPlace();
  for (const [kind, words] of KINDS.entries()) for (const word of words) addWord(root, word, 1 << kind);
  const places = linked(root);
  // Those in which a word ends come last, so that one comparison tells.
  places.sort((a, b) => Number(a.kind > 0) - Number(b.kind > 0));
  for (const [number, place] of places.entries()) place.number = number;
  if (places.length >= MOST_WORD_PLACES) throw new Error('too many words of mining');
  const end = places.length;
  const { u16, u8 } = kernel.counts.memory;
  const letters = [...new Set(KINDS.flat().join(''))].map((letter) => letter.charCodeAt(0));
  if (letters.length + 2 > WORD_CLASSES) throw new Error('too many letters in words of mining');
  for (let byte = 0; byte < 256; byte++)
    u8[AT.wordClasses + byte] = isText(byte) ? letters.indexOf(byte) + 2 : NO_TEXT;
  for (const place of places) {
    u8[AT.wordKinds + place.number] = place.kind;
    const steps = AT.wordSteps / 2 + place.number * WORD_CLASSES;
    u16[steps + NO_TEXT] = end;
    u16[steps + NO_LETTER] = step(place, 0).number;
    for (const [i, letter] of letters.entries()) u16[steps + i + 2] = step(place, letter).number;
  }
  u8[AT.wordKinds + end] = 0;
  kernel.control.firstWordEnd = places.findIndex(({ kind }) => kind > 0);
}

function isText(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : CONTROLS.has(byte);
}

function newPlace(): Place {
  return { next: new Map(), kind: 0, back: null, number: 0 };
}

function addWord(root: Place, word: string, kind: number): void {
  let place = root;
  for (const byte of Buffer.from(word, 'latin1')) {
    const next = place.next.get(byte) ?? newPlace();
    place.next.set(byte, next);
    place = next;
  }
  place.kind |= kind;
}

/** All places, each with the one to go back to; the root first. */
function linked(root: Place): Place[] {
  const places = [root];
  for (const place of places)
    for (const [byte, next] of place.next) {
      next.back = place.back === null ? root : step(place.back, byte);
      next.kind |= next.back.kind;
      places.push(next);
    }
  return places;
}

function step(from: Place, byte: number): Place {
  for (let place: Place | null = from; place !== null; place = place.back) {
    const next = place.next.get(byte);
    if (next !== undefined) return next;
    if (place.back === null) return place;
  }
  return from;
}
