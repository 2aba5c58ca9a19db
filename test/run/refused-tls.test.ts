/** TLS takes two: a hello that the server answers in the clear has encrypted nothing, whatever the client wished. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TlsFacts } from '../../src/endpoints/pool-connection.ts';
import { type PoolConnection, PoolConnectionTable } from '../../src/endpoints/pool-connection.ts';
import { matchPool } from '../../src/endpoints/pool-match.ts';
import { noTraffic } from '../../src/endpoints/traffic.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { verbatim } from '../../src/statements/index.ts';
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
    isRefusedHello: audit.hosts[0]?.evidence.find(({ kind }) => kind === 'tls-hello')?.params.refused,
  };
}

/** A connection to the pool whose port is the time at which it began. */
function contactAt(tls: TlsFacts): PoolConnection {
  const { timeUs } = tls.packetRef;
  return {
    ...{
      kind: 'connection',
      client: { ip: '192.0.2.77', port: timeUs },
      server: { ip: '198.51.100.77', port: 3333 },
    },
    match: matchPool(new PoolSet([]), [], '198.51.100.77', 3333, timeUs),
    ...{ namedBy: 'client', ownName: 'pool.example', isEncrypted: tls.isRefused !== true, tls, marks: [] },
    ...{ duty: null, watchedFrom: null, packetRef: tls.packetRef, verdict: 'listed', reason: verbatim('') },
    ...{ startUs: timeUs, endUs: timeUs, count: 1, traffic: noTraffic() },
  };
}

const ERROR = '{"error":[20,"Parse error"]}';
const CLEAR = {
  transport: 'tcp',
  dialect: 'flow',
  refused: true,
  isEncrypted: false,
  isRefusedHello: true,
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
      isRefusedHello: false,
    });
  });

  it('stands in a merge as it does in one scan: the first of several, and one that was taken up before all', () => {
    const facts = (timeUs: number, isRefused: boolean): TlsFacts => ({
      ...{ packetRef: { timeUs, record: 1, input: 0 }, serverName: 'pool.example', hasEncryptedHello: false },
      ...{ alpn: [], ja3: '', ja4: '', version: null, certificate: null },
      ...(isRefused ? { isRefused } : {}),
    });
    const folded = (openings: readonly TlsFacts[]) => {
      const poolConnections = new PoolConnectionTable();
      for (const tls of openings) poolConnections.add(contactAt(tls));
      const [poolConnection] = poolConnections.values();
      return [
        poolConnection?.client.port,
        poolConnection?.tls?.packetRef.timeUs,
        poolConnection?.isEncrypted,
      ];
    };
    const refused = [facts(1, true), facts(2, true)];
    for (const order of [refused, refused.toReversed()]) expect(folded(order)).toEqual([1, 1, false]);
    const mixed = [facts(1, true), facts(2, false), facts(3, false)];
    for (const order of [mixed, mixed.toReversed()]) expect(folded(order)).toEqual([1, 2, true]);
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
