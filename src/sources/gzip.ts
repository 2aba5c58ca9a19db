/**
 * gzip (RFC 1952): members one after another, as bgzip and appended logs have them. The frame is read here and only
 * the deflate data goes to node:zlib, so that a bad checksum, a cut or garbage behind the last member costs none of
 * the bytes before it; corrupt deflate data costs at most the 64 KiB before it. Zero padding behind the last member is taken for padding.
 */
import * as zlib from 'node:zlib';
import type { SourceDamage } from './byte-source.ts';
import { type Closing, type Decoder, NOTHING } from './decoder.ts';
import { Engine } from './engine.ts';
import type { Intake } from './intake.ts';

const CHUNK_BYTES = 256 * 1024;
/** Stored bytes that are inflated at once. */
const PIECE_BYTES = 64 * 1024;
/** Stored bytes of a member that is small. */
const SMALL_BYTES = 4096;
const AT_ONCE = { info: true, chunkSize: SMALL_BYTES, maxOutputLength: CHUNK_BYTES };
const CRC_OF_HEADER = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

export const readGzip: Decoder = async function* (intake, closing) {
  let isSmall = false;
  for (let member = 0; ; member++) {
    if (member > 0 && !(await isMoreAfterPadding(intake))) return null;
    const wrong = await skipHeader(intake);
    if (wrong !== null) return wrong;
    const from = intake.position;
    // One small member follows another, and an engine for each would cost ten times as much.
    const chunk = isSmall ? await inflateAtOnce(intake) : null;
    yield chunk ?? NOTHING;
    const told =
      chunk === null
        ? yield* inflate(intake, closing)
        : { bytes: chunk.length, checksum: zlib.crc32(chunk, 0) };
    if (typeof told === 'string') return told;
    isSmall = intake.position - from < SMALL_BYTES;
    if (!(await intake.want(8))) return 'truncated-compression';
    const isRight = intake.word(4) === told.bytes % 2 ** 32 && intake.word(0) === told.checksum;
    if (!isRight) return 'compression-error';
    intake.advance(8);
  }
};

async function isMoreAfterPadding(intake: Intake): Promise<boolean> {
  while (await intake.want(1)) {
    if (intake.byte(0) !== 0) return true;
    intake.advance(1);
  }
  return false;
}

/**
 * offset  bytes
 *      0      4  1f 8b, method 8, flags
 *      4      6  time, extra flags, system
 *     10      …  as the flags say: extra field, name, comment, checksum of the header
 */
async function skipHeader(intake: Intake): Promise<SourceDamage | null> {
  // One byte tells a cut header from other matter behind the last member.
  if ((await intake.want(1)) && intake.byte(0) !== 0x1f) return 'compression-error';
  if (!(await intake.want(10))) return 'truncated-compression';
  const flags = intake.byte(3);
  if (!isGzip(intake.view(3)) || (flags & RESERVED) !== 0) return 'compression-error';
  intake.advance(10);
  if (flags & EXTRA) {
    if (!(await intake.want(2))) return 'truncated-compression';
    const length = intake.byte(0) | (intake.byte(1) << 8);
    if (!(await intake.skip(2 + length))) return 'truncated-compression';
  }
  if (flags & NAME && !(await skipText(intake))) return 'truncated-compression';
  if (flags & COMMENT && !(await skipText(intake))) return 'truncated-compression';
  if (flags & CRC_OF_HEADER && !(await intake.skip(2))) return 'truncated-compression';
  return null;
}

/** Passes over text that ends with a zero byte. */
async function skipText(intake: Intake): Promise<boolean> {
  while (await intake.want(1)) {
    const last = intake.byte(0);
    intake.advance(1);
    if (last === 0) return true;
  }
  return false;
}

/** What the deflate data of a small member unpacks to; null if it is not whole at hand, is large, or is corrupt. */
async function inflateAtOnce(intake: Intake): Promise<Uint8Array | null> {
  await intake.want(SMALL_BYTES);
  // An empty block and no other (RFC 1951 section 3.2.6): members that hold nothing cost next to nothing.
  if (intake.length > 1 && intake.byte(0) === 3 && intake.byte(1) === 0) {
    intake.advance(2);
    return NOTHING;
  }
  const data = intake.view(Math.min(SMALL_BYTES, intake.length));
  try {
    // The types of Node.js do not know what it returns with `info`.
    const told: unknown = zlib.inflateRawSync(data, AT_ONCE);
    if (!isInflated(told)) return null;
    intake.advance(told.engine.bytesWritten);
    return told.buffer;
  } catch {
    return null;
  }
}

interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function isInflated(told: unknown): told is Inflated {
  return typeof told === 'object' && told !== null && 'engine' in told;
}

/** How many bytes the deflate data of a member unpacks to, and their checksum. */
async function* inflate(
  intake: Intake,
  closing: Closing,
): AsyncGenerator<Uint8Array, SourceDamage | { bytes: number; checksum: number }, undefined> {
  const engine = new Engine(zlib.createInflateRaw({ chunkSize: CHUNK_BYTES }));
  closing.release = () => engine.close();
  let bytes = 0;
  let checksum = 0;
  try {
    while (!engine.ended) {
      // Whole pieces, however the bytes arrive: node:zlib drops what it made of a piece that is corrupt.
      const more = (await intake.want(PIECE_BYTES)) || intake.length > 0;
      const before = engine.consumed;
      if (more) engine.push(intake.view(Math.min(PIECE_BYTES, intake.length)));
      else engine.finish();
      for (let chunk = await engine.next(); chunk !== null; chunk = await engine.next()) {
        bytes += chunk.length;
        checksum = zlib.crc32(chunk, checksum);
        yield chunk;
      }
      if (more) intake.advance(engine.consumed - before);
      if (engine.failure !== null) return more ? 'compression-error' : 'truncated-compression';
      if (!more && !engine.ended) return 'truncated-compression';
    }
  } finally {
    engine.close();
  }
  return { bytes, checksum };
}
