/** The command from night to night, with real captures, and servers on the loopback that take or refuse the news. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);
const [MINER, OTHER] = ['btc-minerd', 'xmr-many-shares'].map((name) => laboratoryCapture(name));

async function run(...argv: readonly string[]) {
  const to = capture();
  const status = await main(argv, {}, to.streams);
  return { status, out: to.out(), err: to.err() };
}
const nightly = (cases: string, ...argv: readonly string[]) =>
  run('nightly', '--cases', at(cases), '--quiet', '--coverage-threshold', '0', ...argv);
const casesIn = (name: string) => JSON.parse(readFileSync(at(name), 'utf8'));

/** A webhook that answers with these statuses, one after the other. */
async function webhook(statuses: number[]) {
  const bodies: { text: string; night: { news: unknown[] } }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      bodies.push(JSON.parse(body));
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/x`,
    bodies,
    close: () => new Promise((done) => server.close(done)),
  };
}

describe('minesweep nightly', () => {
  it('tells everything once, with status 3, and keeps it for its owner', async () => {
    const first = await nightly('a.json', MINER.capture, '--format', 'json', '--out', at('out'));
    expect(first.status).toBe(3);
    expect(JSON.parse(first.out).news).toMatchObject([
      { kind: 'new', case: { machine: { ip: MINER.miner } } },
    ]);
    expect(statSync(at('a.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(at()).filter((name) => name.endsWith('.lock'))).toEqual([]);
    expect(existsSync(at('out', JSON.parse(first.out).date, 'audit.json'))).toBe(true);
    const second = await nightly('a.json', MINER.capture, '--format', 'json');
    expect(second.status).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({ news: [], rest: { mining: 1 } });
    const third = await nightly('a.json', MINER.capture, OTHER.capture, '--format', 'table');
    expect(third.status).toBe(3);
    expect(third.out).toContain(OTHER.miner);
    expect(third.out).not.toContain(`${MINER.miner} `);
  });

  it('changes nothing if it fails', async () => {
    await nightly('b.json', MINER.capture);
    const before = readFileSync(at('b.json'), 'utf8');
    expect((await nightly('b.json', at('missing.pcap'))).status).toBe(1);
    writeFileSync(at('cut.pcap'), readFileSync(OTHER.capture).subarray(0, 9000));
    expect((await nightly('b.json', at('cut.pcap'), '--strict')).status).toBe(1);
    expect(readFileSync(at('b.json'), 'utf8')).toBe(before);
  });

  it('prints every format', async () => {
    for (const format of ['table', 'ticket', 'json', 'ndjson', 'junit', 'html']) {
      const { status, out } = await nightly(`c-${format}.json`, MINER.capture, '--format', format);
      expect(status).toBe(3);
      expect(out).toContain(MINER.miner);
    }
    expect((await nightly('c.json', MINER.capture, '--format', 'markdown')).status).toBe(2);
  });

  it('sends news, keeps what could not be sent, and sends nothing if there is none', async () => {
    const { url, bodies, close } = await webhook([500, 200]);
    const send = ['--send', `webhook:${url}`];
    const failed = await nightly('d.json', MINER.capture, ...send);
    expect(failed).toMatchObject({ status: 1, err: expect.stringContaining('not sent') });
    expect(failed.err).not.toContain('/x');
    expect(casesIn('d.json').unsent).toHaveLength(1);
    // No news in this night, but that of the one before.
    expect((await nightly('d.json', MINER.capture, ...send)).status).toBe(0);
    expect(bodies).toHaveLength(2);
    expect(bodies[1].text).toContain(MINER.miner);
    expect(casesIn('d.json').unsent).toEqual([]);
    expect((await nightly('d.json', MINER.capture, ...send)).status).toBe(0);
    expect(bodies).toHaveLength(2);
    expect((await nightly('d.json', MINER.capture, ...send, '--send-always')).status).toBe(0);
    expect(bodies).toHaveLength(3);
    await close();
  });

  it('needs the whole audit, and a file of its own', async () => {
    expect((await nightly('e.json', MINER.capture)).status).toBe(3);
    const { status, err } = await run('nightly', MINER.capture, '--cases', MINER.capture);
    expect([status, err]).toEqual([1, expect.stringContaining('not a file of cases')]);
    const filtered = capture();
    const env = { MINESWEEP_HOST: MINER.miner };
    expect(await main(['nightly', MINER.capture, '--cases', at('e.json')], env, filtered.streams)).toBe(2);
    expect(filtered.err()).toContain('cases are kept of all hosts');
  });

  it('says who holds the file', async () => {
    const holder = { pid: 1, host: 'elsewhere', started: '2026-11-24T00:15:00Z' };
    symlinkSync(JSON.stringify(holder), at('f.json.lock'));
    const { status, err } = await nightly('f.json', MINER.capture);
    expect([status, err]).toEqual([1, expect.stringContaining('process 1 on elsewhere')]);
  });
});

describe('minesweep cases', () => {
  it('lists, shows, acknowledges and closes', async () => {
    await nightly('g.json', MINER.capture, OTHER.capture);
    const list = await run('cases', 'list', at('g.json'));
    expect(list).toMatchObject({ status: 0, out: expect.stringContaining(OTHER.miner) });
    expect((await run('cases', 'show', at('g.json'), MINER.miner)).out).toContain('sha256d');
    expect((await run('cases', 'ack', at('g.json'), MINER.miner)).status).toBe(2);
    const acked = await run(
      'cases',
      'ack',
      at('g.json'),
      MINER.miner,
      '--until',
      '2027-01-31',
      '--because',
      'a course',
      '--by',
      'anna',
    );
    expect(acked.out).toContain('acknowledged');
    expect((await run('cases', 'close', at('g.json'), OTHER.miner, '--because', 'cleaned')).out).toContain(
      'closed',
    );
    const states = casesIn('g.json').cases.map(({ state, until, by }: Record<string, unknown>) => [
      state,
      until,
      by,
    ]);
    expect(states.sort()).toEqual([
      ['acknowledged', '2027-01-31', 'anna'],
      ['closed', null, expect.any(String)],
    ]);
    expect((await run('cases', 'close', at('g.json'), '192.0.2.250')).err).toContain('no such case');
    expect((await nightly('g.json', MINER.capture, OTHER.capture)).status).toBe(0);
  });
});
