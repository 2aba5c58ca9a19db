/**
 * Questions to name servers that wait for their answer, and whether an answer is one to a question: the same ends and
 * ports, the same id, the same name and type (RFC 5452 9.1). An answer without a question is ignored.
 */

import { be16 } from '../bytes.ts';
import { QUESTIONS, QUESTIONS_AT } from '../memory.ts';

@unmanaged
class Question {
  /** Hash of what an answer repeats; 0 if nothing waits here. */
  key: u64;
  timeUs: f64;
}

/** Resolvers give up after seconds. */
const LONGEST_US: f64 = 60_000_000;
/** Places that a question may take, by its hash: the oldest of them gives way. */
const PLACES: u32 = 4;
const HEADER_BYTES: u32 = 12;
const MOST_LABEL_BYTES: u32 = 63;
const MOST_NAME_BYTES: u32 = 255;
const PRIME: u64 = 0x9e3779b97f4a7c15;

export let seed: u32 = 0;

/** Seeds the hash from the beginning of the input: the same input forgets the same questions if there are too many. */
export function seedFrom(from: u32, to: u32): void {
  if (seed !== 0) return;
  let hash: u32 = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  seed = hash | 1;
}

function mix(hash: u64, word: u64): u64 {
  const next = (hash ^ word) * PRIME;
  return next ^ (next >>> 29);
}

/**
 * What an answer repeats of its question in memory [from, to): the same for both. 0 if the message has not one question
 * of class IN, its name without pointers.
 */
export function keyOf(
  from: u32,
  to: u32,
  client: usize,
  clientPort: u32,
  server: usize,
  serverPort: u32,
): u64 {
  // Standard queries of one question (RFC 1035 4.1).
  if ((load<u8>(from + 2) & 0x78) !== 0 || be16(from + 4) !== 1) return 0;
  const nameAt = from + HEADER_BYTES;
  let hash: u64 = mix(seed, ((<u64>be16(from)) << 32) | (clientPort << 16) | serverPort);
  hash = mix(mix(hash, load<u64>(client)), load<u64>(client + 8));
  hash = mix(mix(hash, load<u64>(server)), load<u64>(server + 8));
  let at = nameAt;
  let left: u32 = 0;
  for (; at < to; at++) {
    const byte = <u32>load<u8>(at);
    if (left === 0) {
      if (byte === 0) break;
      if (byte > MOST_LABEL_BYTES) return 0;
      left = byte;
    } else left--;
    hash = mix(hash, byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
  }
  // A zero, type and class behind the name.
  if (at === nameAt || at - nameAt > MOST_NAME_BYTES || at + 5 > to || be16(at + 3) !== 1) return 0;
  return mix(hash, be16(at + 1)) | 1;
}

function placeOf(key: u64, i: u32): Question {
  const bucket = <u32>(key >>> 32) & (QUESTIONS / PLACES - 1);
  return changetype<Question>(QUESTIONS_AT + (bucket * PLACES + i) * offsetof<Question>());
}

/** A question was asked. */
export function ask(key: u64, timeUs: f64): void {
  let place = placeOf(key, 0);
  for (let i: u32 = 0; i < PLACES; i++) {
    const other = placeOf(key, i);
    if (other.key === key) {
      place = other;
      break;
    }
    if (other.timeUs < place.timeUs) place = other;
  }
  place.key = key;
  place.timeUs = timeUs;
}

/** True for the first answer to a question. */
export function isAnswered(key: u64, timeUs: f64): bool {
  for (let i: u32 = 0; i < PLACES; i++) {
    const place = placeOf(key, i);
    if (place.key !== key) continue;
    const waitedUs = abs(timeUs - place.timeUs);
    place.key = 0;
    place.timeUs = 0;
    return waitedUs <= LONGEST_US;
  }
  return false;
}
