/** HTTP requests whose head came in several segments are judged as those that came in one. */
import { expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** A GET and its answer, the request in segments of so many bytes. */
async function visited(name: string, agent: string, host: string, segmentBytes: number): Promise<Audit> {
  const request = `GET /work HTTP/1.1\r\nHost: ${host}\r\nAccept: ${'text/html, '.repeat(200)}*/*\r\nUser-Agent: ${agent}\r\n\r\n`;
  const talk = conversation({ miner: '192.0.2.11:4000', pool: '198.51.100.9:10300' })
    .connect()
    .minerSays(Buffer.from(request))
    .poolSays(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhiya'))
    .close();
  return scanInputs([writeCapture(folder, `${name}-${segmentBytes}`, talk.toPackets({ segmentBytes }))]);
}

/** What a host is told of, without the packets that tell it. */
function findings(audit: Audit) {
  return {
    sessions: audit.sessions.map(({ pool, transport }) => ({ pool, transport })),
    hosts: audit.hosts.map(({ ip, verdict, evidence }) => ({
      ip,
      verdict,
      evidence: evidence.map(({ kind, code }) => ({ kind, code })),
    })),
  };
}

it('a browser at a pool is known by the host that it names', async () => {
  const whole = findings(await visited('pool', BROWSER, 'xmr-eu1.nanopool.org', 8000));
  expect(whole.hosts).toMatchObject([{ ip: '192.0.2.11', verdict: 'listed' }]);
  for (const bytes of [1400, 90, 7])
    expect(findings(await visited('pool', BROWSER, 'xmr-eu1.nanopool.org', bytes))).toEqual(whole);
});

it('a visit of somebody else is nobody’s business', async () => {
  for (const bytes of [8000, 1400, 7])
    expect(findings(await visited('other', BROWSER, 'news.example', bytes)).hosts).toEqual([]);
});

it('a miner of a pool is known by the host that it names', async () => {
  const whole = findings(await visited('miner', 'cpuminer/2.5.1', 'xmr-eu1.nanopool.org', 8000));
  expect(whole.hosts).toHaveLength(1);
  for (const bytes of [1400, 90, 7])
    expect(findings(await visited('miner', 'cpuminer/2.5.1', 'xmr-eu1.nanopool.org', bytes))).toEqual(whole);
});
