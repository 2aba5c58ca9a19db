/** Limits that an operator changes: each reaches what it bounds, and the audit says that it was reached. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { OPTIONS } from '../src/commands/options.ts';
import { LIMITS, setLimits } from '../src/limits.ts';
import { MOST_FLOWS, MOST_WATCHED } from '../src/schema/packets-memory.ts';
import { isStatementCode } from '../src/statements/index.ts';
import { conversation } from './support/conversation.ts';
import { scanInputs } from './support/scanning.ts';
import { writeCapture } from './support/split.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
afterEach(() => setLimits({}));

const LOGIN = '{"id":1,"method":"mining.subscribe","params":["cgminer/4.12.1"]}\n';
const ADMITTED = '{"id":1,"result":[[["mining.notify","1"]],"f0000001",8],"error":null}\n';

/** Miners that log in at one pool, all at once. */
function miners(count: number) {
  return Array.from({ length: count }, (_, i) =>
    conversation({ miner: `192.0.2.5:${40_000 + i}`, pool: '198.51.100.7:3333' })
      .connect()
      .minerSays(LOGIN)
      .poolSays(ADMITTED)
      .minerSays('{"id":2,"method":"mining.authorize","params":["a.b","x"]}\n')
      .poolSays('{"id":2,"result":true,"error":null}\n')
      .toPackets(),
  )
    .flat()
    .sort((a, b) => a.timeUs - b.timeUs);
}

describe('a limit', () => {
  it('of sessions keeps the first, and coverage is incomplete', async () => {
    const file = writeCapture(folder, 'five', miners(5));
    const audit = await scanInputs([file], { limits: { sessions: 3 } });
    expect(audit.sessions).toHaveLength(3);
    expect(audit.notes).toMatchObject([{ code: 'limit-sessions', params: { count: 2 } }]);
    expect(audit.coverage.complete).toBe(false);
    // The next scan has the defaults again.
    const again = await scanInputs([file]);
    expect(again.sessions).toHaveLength(5);
    expect(again.notes).toEqual([]);
  });

  it('of connections reaches the kernel', async () => {
    const file = writeCapture(folder, 'flows', miners(64));
    const { notes } = await scanInputs([file], { limits: { flows: 16 } });
    expect(notes.map(({ code }) => code)).toContain('limit-connections');
  });

  it('of evidence leaves the later rows out', async () => {
    const file = writeCapture(folder, 'one', miners(1));
    const { hosts, notes } = await scanInputs([file], { limits: { evidence: 1 } });
    expect(hosts[0]?.evidence).toHaveLength(1);
    expect(notes.map(({ code }) => code)).toEqual(['limit-evidence']);
  });

  it('of JSON is told of messages that are longer', async () => {
    const file = writeCapture(folder, 'long', miners(1));
    const { notes } = await scanInputs([file], { limits: { json: 60 } });
    expect(notes.map(({ code }) => code)).toContain('limit-messages');
  });

  it('of unpacking stops an input, whichever of the three it is', async () => {
    const file = path.join(folder, 'packed.pcap.gz');
    const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
    writeFileSync(file, gzipSync(Buffer.concat([head, Buffer.alloc(4_000_000)])));
    for (const limits of [{ 'unpack-free': 1000, 'unpack-ratio': 2 }, { 'unpack-total': 1_000_000 }]) {
      const { inputs, coverage } = await scanInputs([file], { limits });
      expect(inputs[0]?.damage.map(({ kind }) => kind)).toContain('compression-limit');
      expect(coverage.complete).toBe(false);
    }
  });

  it('is no larger than the tables of the kernel', () => {
    expect([LIMITS.flows.most, LIMITS.watched.most]).toEqual([MOST_FLOWS, MOST_WATCHED]);
  });

  it.each(Object.entries(LIMITS))('%s has a default within bounds, and a code of its own', (_, limit) => {
    const { value, most = Number.MAX_SAFE_INTEGER, code } = limit;
    expect(Number.isInteger(value) && value >= 1 && value <= most).toBe(true);
    expect(isStatementCode(code), code).toBe(true);
  });
});

describe('--limit', () => {
  it('takes names with values', () => {
    expect(OPTIONS.limit.parse(['sessions=10', 'line=64k', 'unpack-free=1M'], '--limit')).toEqual({
      sessions: 10,
      line: 65_536,
      'unpack-free': 1_048_576,
    });
    expect(OPTIONS.limit.parse([], '--limit')).toEqual({});
  });

  it.each(['sessions', 'sessions=', 'sessions=0', 'sessions=-1', 'nothing=1', 'flows=2m', 'toString=1'])(
    'refuses %s',
    (word) => {
      expect(() => OPTIONS.limit.parse([word], '--limit')).toThrow(/limit|cannot be/);
    },
  );
});
