/** TLS takes two: a hello that the server answers in the clear has encrypted nothing, whatever the client wished. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { conversation, type Said } from '../support/conversation.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello, records, serverHelloMessage } from '../support/tls.ts';

const folder = temporaryFolder();
const poolFile = path.join(folder, 'pools.txt');
writeFileSync(poolFile, 'pool.example\n');

/** A client greets a listed pool, which answers so. */
async function answered(name: string, ...answers: readonly Said[]) {
  const talk = conversation({ miner: '192.0.2.77:50123', pool: '198.51.100.77:3333' })
    .connect()
    .minerSays(plainHello('pool.example', ['http/1.1']))
    .after(0.1)
    .poolSays(...answers)
    .after(1)
    .close();
  const audit = await scanInputs([writeCapture(folder, name, talk.toPackets())], { poolFiles: [poolFile] });
  const [session] = audit.sessions;
  return {
    transport: session?.transport,
    dialect: session?.dialect,
    refused: session?.tls?.refused,
    isEncrypted: audit.coverage.encrypted.bytes > 0,
    greeting: audit.hosts[0]?.evidence.find(({ kind }) => kind === 'tls-hello')?.detail.split(', ')[0],
  };
}

const ERROR = '{"error":[20,"Parse error"]}';
const CLEAR = {
  transport: 'tcp',
  dialect: 'flow',
  refused: true,
  isEncrypted: false,
  greeting: 'TLS that the server answered in the clear',
};

describe('a hello of TLS', () => {
  it('is no TLS where the server answers with lines', async () => {
    expect(await answered('line', ERROR)).toEqual(CLEAR);
    expect(await answered('lines', ERROR, ERROR, ERROR, ERROR, ERROR)).toEqual(CLEAR);
  });

  it('is no TLS where the server answers with HTTP', async () => {
    const page = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    expect(await answered('page', Buffer.from(page))).toEqual(CLEAR);
  });

  it('is TLS where the server greets back', async () => {
    expect(await answered('hello', records(22, serverHelloMessage(0x0303)))).toEqual({
      transport: 'tls',
      dialect: 'tls',
      refused: undefined,
      isEncrypted: true,
      greeting: 'TLS for pool.example',
    });
  });

  const corpus = corpusFolder();
  it.skipIf(corpus === null)(`was refused by BitMinter in clear (${corpus ?? CORPUS_ABSENT})`, async () => {
    const capture = path.join(corpus ?? '', 'real', 'zeek-bitcoin-stratum-and-getwork.pcap');
    const { coverage, hosts, sessions } = await scanInputs([capture]);
    // tshark finds five client hellos and no record of TLS from the servers.
    expect(coverage.encrypted.bytes).toBe(0);
    expect(sessions.filter(({ transport }) => transport === 'tls')).toEqual([]);
    expect(sessions.filter(({ tls }) => tls?.refused === true)).toHaveLength(2);
    expect(hosts[0]?.owner.reasons.join()).not.toContain('TLS');
  });
});
