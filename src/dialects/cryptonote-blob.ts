/**
 * What a CryptoNote block blob says by its layout (docs/reference/protocols.md 1.6): varints major, minor and timestamp, the
 * previous id of 32 bytes, the nonce of 4. The same layout begins the hashing blob of a job and a whole block.
 */
import { createHash } from 'node:crypto';

/** Identity of a block template, and the nonce put into it. */
interface BlobIdentity {
  /** Names the template, whatever the nonce. */
  readonly template: string;
  /** Eight hex digits as sent. */
  readonly nonce: string;
}

/** Splits a blob at its nonce, or null if it is too short or its varints do not end. */
export function blobIdentity(blob: string): BlobIdentity | null {
  const nonceAt = nonceOffset(blob);
  if (nonceAt === null) return null;
  const rest = `${blob.slice(0, nonceAt)}|${blob.slice(nonceAt + 8)}`.toLowerCase();
  return {
    template: createHash('sha256').update(rest).digest('hex').slice(0, 32),
    nonce: blob.slice(nonceAt, nonceAt + 8),
  };
}

/** Id of the block that it builds on, 64 hex digits; null if the blob has no place for one. */
export function blobPrevious(blob: string): string | null {
  const nonceAt = nonceOffset(blob);
  return nonceAt === null ? null : blob.slice(nonceAt - 64, nonceAt).toLowerCase();
}

/** The nonce in a blob, eight hex digits; null if the blob has no place for one. */
export function blobNonce(blob: string): string | null {
  const nonceAt = nonceOffset(blob);
  return nonceAt === null ? null : blob.slice(nonceAt, nonceAt + 8);
}

/** Offset of the nonce in hex digits: behind three varints and the previous id. Usually 78. */
function nonceOffset(blob: string): number | null {
  let at = 0;
  for (let varint = 0; varint < 3; varint++) {
    let length = 0;
    // A byte below 0x80 ends a varint; a timestamp has five bytes now and ten at most.
    for (;;) {
      if (at + 2 > blob.length || length++ === 10) return null;
      const byte = Number.parseInt(blob.slice(at, at + 2), 16);
      at += 2;
      if (byte < 0x80) break;
    }
  }
  const nonceAt = at + 64;
  return nonceAt + 8 <= blob.length ? nonceAt : null;
}
