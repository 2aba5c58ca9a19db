import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/sources/byte-source.ts';
import { openPath, openStage } from '../../src/sources/open.ts';
import { StreamStage } from '../../src/sources/stored.ts';
import { bytesSource } from '../support/capture-reading.ts';
import { REPO_ROOT } from '../support/corpus.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'minesweep-sources-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const zstdTool = spawnSync('zstd', ['--version']).status === 0;
const zstd = (bytes: Uint8Array, ...options: string[]): Buffer =>
  spawnSync('zstd', ['-c', '-q', ...options], { input: bytes, maxBuffer: 1 << 28 }).stdout;

// Compressible, but not trivially: every length of match and some literals.
const TEXT = Buffer.from(
  Array.from({ length: 60_000 }, (_, i) => `${(i * 2654435761) % 9973} share ${i % 97}\n`).join(''),
);

/** Names bytes by length and hash: the test runner takes seconds to compare a megabyte. */
function id(bytes: Uint8Array): string {
  return `${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;
}

/** True where `part` is how `whole` begins. */
function begins(whole: Buffer, part: Uint8Array): boolean {
  return whole.subarray(0, part.length).equals(part);
}

/** Everything that a source yields, in blocks of the given size. */
async function drain(source: ByteSource, blockBytes = 65536, onTheSpot = false): Promise<Buffer> {
  const parts: Buffer[] = [];
  const block = new Uint8Array(blockBytes);
  for (;;) {
    const count = await source.fill(block, onTheSpot);
    if (count === 0) return Buffer.concat(parts);
    parts.push(Buffer.from(block.subarray(0, count)));
  }
}

function openBytes(bytes: Uint8Array, atMost?: number, hash = false): ByteSource {
  const inner = bytesSource(bytes, atMost);
  const stage = { fill: inner.fill, damage: null, damageAt: 0, close: async () => {} };
  return openStage(stage, { hash });
}

async function read(bytes: Uint8Array, atMost?: number) {
  const source = openBytes(bytes, atMost);
  const out = await drain(source);
  const { compression, damage, storedBytes } = source;
  await source.close();
  return { out, id: id(out), compression, damage, storedBytes };
}

/** A gzip member with every optional field. */
function decoratedGzip(bytes: Uint8Array): Buffer {
  const plain = gzipSync(bytes);
  const extra = Buffer.from([5, 0, 1, 2, 3, 4, 5]);
  const texts = Buffer.from('capture.pcap\0a comment\0');
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3]),
    extra,
    texts,
    Buffer.from([0xaa, 0xbb]),
    plain.subarray(10),
  ]);
}

describe('a file read on the spot', () => {
  it('gives the same bytes and hash, and lets timers have their turn', async () => {
    const file = path.join(scratch, 'on-the-spot');
    const bytes = Buffer.concat(new Array<Buffer>(90).fill(TEXT));
    writeFileSync(file, bytes);
    const source = await openPath(file, { hash: true });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const out = await drain(source, 65_536, true);
    clearInterval(timer);
    expect(id(out)).toBe(id(bytes));
    expect(source.sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(turns).toBeGreaterThan(0);
    await source.close();
  });

  it('says what is wrong like any other', async () => {
    const source = await openPath(scratch);
    expect(await source.fill(new Uint8Array(10), true)).toBe(0);
    expect(source.damage).toBe('read-error');
    await source.close();
  });
});

describe('compression is found from content and taken off', () => {
  const half = TEXT.length >> 1;
  const skippable = Buffer.concat([Buffer.from('532a4d1803000000', 'hex'), Buffer.from('abc')]);
  const cases: { name: string; bytes: Uint8Array; compression: string[]; out?: Buffer }[] = [
    { name: 'plain bytes', bytes: TEXT, compression: [] },
    { name: 'nothing', bytes: Buffer.alloc(0), compression: [], out: Buffer.alloc(0) },
    { name: 'one byte', bytes: Buffer.from('x'), compression: [], out: Buffer.from('x') },
    { name: 'gzip', bytes: gzipSync(TEXT), compression: ['gzip'] },
    { name: 'gzip of nothing', bytes: gzipSync(''), compression: ['gzip'], out: Buffer.alloc(0) },
    { name: 'gzip with all header fields', bytes: decoratedGzip(TEXT), compression: ['gzip'] },
    {
      name: 'gzip members one after another, empty ones too',
      bytes: Buffer.concat([
        gzipSync(TEXT.subarray(0, half)),
        gzipSync(''),
        gzipSync(TEXT.subarray(half)),
        gzipSync(''),
      ]),
      compression: ['gzip'],
    },
    {
      name: 'gzip behind 10,000 empty members, which unpack to nothing',
      bytes: Buffer.concat([...Array.from({ length: 10_000 }, () => gzipSync('')), gzipSync(TEXT)]),
      compression: ['gzip'],
    },
    {
      name: 'gzip with zero padding behind it',
      bytes: Buffer.concat([gzipSync(TEXT), Buffer.alloc(1000)]),
      compression: ['gzip'],
    },
    { name: 'gzip in gzip', bytes: gzipSync(gzipSync(TEXT)), compression: ['gzip', 'gzip'] },
    {
      name: 'gzip three deep, of which two layers are taken off',
      bytes: gzipSync(gzipSync(gzipSync('x'))),
      compression: ['gzip', 'gzip'],
      out: gzipSync('x'),
    },
  ];
  if (zstdTool) {
    cases.push(
      { name: 'zstd', bytes: zstd(TEXT), compression: ['zstd'] },
      { name: 'zstd without checksum', bytes: zstd(TEXT, '--no-check'), compression: ['zstd'] },
      {
        name: 'zstd at level 19 with a long window',
        bytes: zstd(TEXT, '-19', '--long=27'),
        compression: ['zstd'],
      },
      { name: 'zstd of nothing', bytes: zstd(Buffer.alloc(0)), compression: ['zstd'], out: Buffer.alloc(0) },
      {
        name: 'zstd of a run',
        bytes: zstd(Buffer.alloc(1e6, 7)),
        compression: ['zstd'],
        out: Buffer.alloc(1e6, 7),
      },
      {
        name: 'zstd frames one after another, with skippable ones',
        bytes: Buffer.concat([
          skippable,
          zstd(TEXT.subarray(0, half)),
          skippable,
          skippable,
          zstd(TEXT.subarray(half)),
          skippable,
        ]),
        compression: ['zstd'],
      },
      { name: 'zstd in gzip', bytes: gzipSync(zstd(TEXT)), compression: ['gzip', 'zstd'] },
      { name: 'gzip in zstd', bytes: zstd(gzipSync(TEXT)), compression: ['zstd', 'gzip'] },
    );
  }
  for (const { name, bytes, compression, out } of cases) {
    it(`for ${name}, however the bytes trickle in`, async () => {
      const expected = { id: id(out ?? TEXT), compression, damage: null, storedBytes: bytes.length };
      for (const atMost of bytes.length < 2000 ? [undefined, 1009, 1] : [undefined, 1009]) {
        const { out: _, ...rest } = await read(bytes, atMost);
        expect(rest).toEqual(expected);
      }
    });
  }

  it.skipIf(!zstdTool)(
    'for zstd from a pipe, whose size the writer did not know (skipped without zstd)',
    async () => {
      const piped = spawnSync('sh', ['-c', 'cat | zstd -c -q -3'], {
        input: TEXT,
        maxBuffer: 1 << 28,
      }).stdout;
      expect((await read(piped)).id).toBe(id(TEXT));
    },
  );
});

describe('a broken compressed input', () => {
  it('of gzip, cut anywhere, gives the bytes before the cut and says so', async () => {
    const small = TEXT.subarray(0, 3000);
    const bytes = gzipSync(small);
    for (let cut = 3; cut < bytes.length; cut++) {
      const { out, damage } = await read(bytes.subarray(0, cut));
      expect(damage).toBe('truncated-compression');
      expect(begins(small, out)).toBe(true);
      // Only the trailer is missing.
      if (cut >= bytes.length - 8) expect(out.length).toBe(small.length);
    }
    const large = await read(gzipSync(TEXT).subarray(0, -20_000));
    expect(large.out.length).toBeGreaterThan(TEXT.length / 2);
  });

  it('of gzip gives all that was decompressed where checksum, length or what follows is wrong', async () => {
    const bytes = gzipSync(TEXT);
    for (const at of [1, 2, 5, 8]) {
      const broken = Buffer.from(bytes);
      broken[broken.length - at] = (broken[broken.length - at] ?? 0) ^ 0x40;
      expect(await read(broken)).toMatchObject({ damage: 'compression-error', id: id(TEXT) });
    }
    const garbage = await read(Buffer.concat([bytes, Buffer.from('garbage')]));
    expect(garbage).toMatchObject({ damage: 'compression-error', id: id(TEXT) });
  });

  it('of gzip, broken inside the deflate data, gives a part from the start', async () => {
    const broken = Buffer.from(gzipSync(TEXT));
    broken.fill(0xff, broken.length >> 1, (broken.length >> 1) + 64);
    const { out, damage } = await read(broken);
    expect(damage).toBe('compression-error');
    expect(out.length).toBeGreaterThan(250_000);
    expect(begins(TEXT, out.subarray(0, 250_000))).toBe(true);
  });

  it('of gzip, broken inside the deflate data, gives the same bytes however it arrives', async () => {
    const broken = Buffer.from(gzipSync(TEXT));
    broken.fill(0xff, broken.length >> 1, (broken.length >> 1) + 64);
    // Without the bytes themselves, which the test runner takes seconds to compare.
    const { out: _, ...whole } = await read(broken);
    for (const atMost of [1, 1009, 65_537]) expect(await read(broken, atMost)).toMatchObject(whole);
    // Twice compressed: the outer layer hands on what it makes, in pieces of its own.
    const twice = await read(gzipSync(broken));
    expect(twice).toMatchObject({ id: whole.id, damage: 'compression-error' });
  });

  it('of gzip with an unknown method or reserved flags is refused', async () => {
    const reserved = Buffer.from(gzipSync(TEXT));
    reserved[3] = 0x20;
    expect(await read(reserved)).toMatchObject({ damage: 'compression-error', id: id(Buffer.alloc(0)) });
  });

  it.skipIf(!zstdTool)(
    'of zstd, cut anywhere, gives the bytes before the cut (skipped without zstd)',
    async () => {
      const bytes = zstd(TEXT);
      for (let cut = 4; cut < bytes.length; cut += 997) {
        const { out, damage } = await read(bytes.subarray(0, cut));
        expect(damage).toBe('truncated-compression');
        expect(begins(TEXT, out)).toBe(true);
      }
      expect((await read(bytes.subarray(0, -5))).out.length).toBeGreaterThanOrEqual(5 * 131072);
    },
  );

  it.skipIf(!zstdTool)(
    'of zstd that asks for an absurd window is refused (skipped without zstd)',
    async () => {
      const piped = spawnSync('sh', ['-c', 'cat | zstd -c -q -3'], {
        input: TEXT,
        maxBuffer: 1 << 28,
      }).stdout;
      piped[5] = 0xff;
      expect(await read(piped)).toMatchObject({ damage: 'compression-error', id: id(Buffer.alloc(0)) });
    },
  );

  it('of a tiny file that unpacks to a huge one is unpacked no faster than it is asked for', async () => {
    // 50 MB of zeros in 50 kB.
    const zeros = gzipSync(Buffer.alloc(50_000_000), { level: 9 });
    const source = openBytes(zeros);
    const block = new Uint8Array(65536);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 20; i++) expect(await source.fill(block)).toBeGreaterThan(4000);
    // One piece in, and no more than one chunk out beyond what was asked for.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    await source.close();
    expect(await source.fill(block)).toBe(0);
    expect(source.damage).toBeNull();
  });
});

describe('a source', () => {
  it('still delivers what was peeked at', async () => {
    for (const bytes of [TEXT, gzipSync(TEXT)]) {
      const source = openBytes(bytes, 100);
      expect(Buffer.from(await source.peek(10))).toEqual(TEXT.subarray(0, 10));
      expect(id(await source.peek(70_000))).toBe(id(TEXT.subarray(0, 70_000)));
      expect(Buffer.from(await source.peek(3))).toEqual(TEXT.subarray(0, 3));
      expect(id(await drain(source, 777))).toBe(id(TEXT));
      expect(Buffer.from(await source.peek(3))).toEqual(Buffer.alloc(0));
    }
  });

  it('hashes the stored bytes, all of them, also where decompression stops before', async () => {
    const gz = gzipSync(TEXT);
    for (const bytes of [TEXT, gz, Buffer.concat([gz, Buffer.alloc(600_000, 1)]), Buffer.alloc(0)]) {
      const source = openBytes(bytes, undefined, true);
      if (bytes.length > 4) expect(source.sha256()).toBeNull();
      await drain(source);
      expect(source.sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
    const unasked = openBytes(TEXT);
    await drain(unasked);
    expect(unasked.sha256()).toBeNull();
  });

  it('on a file reads straight into the block it is given', async () => {
    const file = path.join(scratch, 'plain');
    writeFileSync(file, TEXT);
    const source = await openPath(file, { hash: true });
    expect(id(await drain(source, 1 << 20))).toBe(id(TEXT));
    expect(source.sha256()).toBe(createHash('sha256').update(TEXT).digest('hex'));
    await source.close();
  });

  it('that cannot be opened or read is empty and damaged', async () => {
    const absent = await openPath(path.join(scratch, 'absent'), { hash: true });
    expect([await drain(absent), absent.damage, absent.sha256()]).toEqual([
      Buffer.alloc(0),
      'unreadable',
      null,
    ]);
    await absent.close();
    const folder = await openPath(scratch);
    expect([await drain(folder), folder.damage]).toEqual([Buffer.alloc(0), 'read-error']);
    await folder.close();
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is damaged (skipped for root)', async () => {
    const barred = path.join(scratch, 'barred');
    writeFileSync(barred, 'x');
    chmodSync(barred, 0);
    expect((await openPath(barred)).damage).toBe('unreadable');
  });

  it('on a stream takes all of it, whatever the chunks', async () => {
    for (const size of [1, 1000, 65536, 10_000_000]) {
      const chunks = function* () {
        const part = size === 1 ? TEXT.subarray(0, 5000) : TEXT;
        for (let at = 0; at < part.length; at += size) yield part.subarray(at, at + size);
      };
      const source = openStage(new StreamStage(Readable.from(chunks(), { objectMode: false })));
      expect(id(await drain(source))).toBe(id(size === 1 ? TEXT.subarray(0, 5000) : TEXT));
    }
  });

  it('on a stream gives what is there and holds back the writer', async () => {
    const pipe = new PassThrough({ highWaterMark: 1000 });
    pipe.write('first');
    const source = openStage(new StreamStage(pipe));
    const block = new Uint8Array(65536);
    expect(await source.fill(block)).toBe(5);
    for (let i = 0; i < 100; i++) pipe.write(Buffer.alloc(1000));
    expect(pipe.writableNeedDrain).toBe(true);
    pipe.end();
    expect((await drain(source)).length).toBe(100_000);
  });

  it('on a stream that breaks delivers what came before and is damaged', async () => {
    const pipe = new PassThrough();
    pipe.write('some');
    const source = openStage(new StreamStage(pipe));
    const block = new Uint8Array(16);
    expect(await source.fill(block)).toBe(4);
    const pending = source.fill(block);
    pipe.destroy(new Error('gone'));
    expect(await pending).toBe(0);
    expect(source.damage).toBe('read-error');
  });

  it('closed while it waits for a stream ends there without damage', async () => {
    for (const first of [Buffer.from('plain'), gzipSync(TEXT).subarray(0, 100)]) {
      const pipe = new PassThrough();
      pipe.write(first);
      const source = openStage(new StreamStage(pipe));
      const block = new Uint8Array(1_000_000);
      if (first.length === 5) await source.fill(block);
      const pending = source.fill(block);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await source.close();
      expect(await pending).toBeLessThan(1000);
      expect(source.damage).toBeNull();
    }
  });
});

describe('standard input', () => {
  const reader = `
    import { createHash } from 'node:crypto';
    import { openStdin } from ${JSON.stringify(path.join(REPO_ROOT, 'src/sources/open.ts'))};
    const source = await openStdin();
    const hash = createHash('sha256');
    const block = new Uint8Array(1 << 20);
    for (let n = await source.fill(block); n > 0; n = await source.fill(block)) hash.update(block.subarray(0, n));
    await source.close();
    console.log(hash.digest('hex'), source.storedBytes);
    process.exit(0);
  `;
  const program = path.join(scratch, 'reader.mjs');
  beforeAll(() =>
    build({
      stdin: { contents: reader, resolveDir: REPO_ROOT },
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      loader: { '.tsv': 'text' },
    }),
  );
  const run = (command: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn('sh', ['-c', command], {
        cwd: REPO_ROOT,
        env: {
          ...process.env,
          NODE_BIN: process.execPath,
          READER: program,
          FILE: path.join(scratch, 'stdin'),
        },
      });
      let out = '';
      let err = '';
      child.stdout.on('data', (text) => {
        out += text;
      });
      child.stderr.on('data', (text) => {
        err += text;
      });
      child.on('close', (code) => (code === 0 ? resolve(out.trim()) : reject(new Error(err))));
    });

  const node = '"$NODE_BIN" "$READER"';
  it('gives every byte of a pipe and of a file, compressed or not', async () => {
    const digest = createHash('sha256').update(TEXT).digest('hex');
    const file = path.join(scratch, 'stdin');
    writeFileSync(file, TEXT);
    expect(await run(`cat "$FILE" | ${node}`)).toBe(`${digest} ${TEXT.length}`);
    expect(await run(`${node} < "$FILE"`)).toBe(`${digest} ${TEXT.length}`);
    const packed = gzipSync(TEXT);
    writeFileSync(file, packed);
    expect(await run(`cat "$FILE" | ${node}`)).toBe(`${digest} ${packed.length}`);
  });
});

describe('deflate data on its own', () => {
  it('is no known compression', async () => {
    const bytes = deflateRawSync(TEXT);
    expect(await read(bytes)).toMatchObject({ id: id(bytes), compression: [] });
  });
});
