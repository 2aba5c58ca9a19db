/** The command from night to night, with real captures, and servers on the loopback that take or refuse the news. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { sarifResults } from '../support/sarif.ts';
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
  const bodies: { text: string; night: { news: { case: { machine: { ip: string } } }[] } }[] = [];
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
    expect((await nightly('a.json', MINER.capture, '--format', 'junit')).out).toContain(`cases.open"`);
    // Nobody has acknowledged it: a job that is run again is no greener.
    expect(second.status).toBe(3);
    expect(JSON.parse(second.out)).toMatchObject({ news: [], rest: { mining: 1 } });
    expect((await nightly('a.json', MINER.capture, '--fail-on-new')).status).toBe(0);
    const row = { machine: MINER.miner, until: '2099-01-01', because: 'course on mining' };
    writeFileSync(at('accept.json'), JSON.stringify([row]));
    expect((await nightly('a.json', MINER.capture, '--accept', at('accept.json'))).status).toBe(0);
    writeFileSync(at('accept.json'), JSON.stringify([{ ...row, until: 'never' }]));
    const wrong = await nightly('a.json', MINER.capture, '--accept', at('accept.json'));
    expect(wrong).toMatchObject({ status: 1, err: expect.stringMatching(/accept\.json.*\[0\]\.until must/) });
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

  it('reads of a folder what is of the night: damage in other files spoils nothing, and is told once', async () => {
    mkdirSync(at('nights'));
    const bytes = readFileSync(MINER.capture);
    writeFileSync(at('nights', 'tonight.pcap'), bytes);
    const [begin, end] = [Number(bytes.readUInt32LE(24)), Number(bytes.readUInt32LE(24)) + 86_400];
    const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
    // Ten days before: a capture whose last record is cut, and one of which only the beginning was written.
    const old = Buffer.from(bytes.subarray(0, bytes.length - 7));
    for (let at = 24; at + 16 <= old.length; at += 16 + old.readUInt32LE(at + 8))
      old.writeUInt32LE(old.readUInt32LE(at) - 864_000, at);
    writeFileSync(at('nights', 'old.pcap'), old);
    writeFileSync(at('nights', 'junk.pcap'), bytes.subarray(0, 9));
    for (const name of ['old.pcap', 'junk.pcap'])
      utimesSync(at('nights', name), begin - 860_000, begin - 860_000);
    const window = ['--since', time(begin - 60), '--until', time(end)];
    const first = await run('nightly', at('nights'), '--cases', at('nights.json'), ...window);
    expect(first.status).toBe(3);
    expect(JSON.parse(first.out)).toMatchObject({ damaged: false });
    expect(first.err).toContain('2 files in folders not read, with nothing of the time that was asked for');
    expect(first.err).not.toContain('truncated');
    const other = ['--since', time(end + 1), '--until', time(end + 86_400)];
    const none = await run('nightly', at('nights'), '--cases', at('nights.json'), '--quiet', ...other);
    expect(none.status).toBe(1);
    expect(none.err).toMatch(/no traffic of this night.*; none of \d+ packets and flow records is between/);
  });

  it('fails if there is no traffic, or traffic of the future, and changes nothing', async () => {
    await nightly('h.json', MINER.capture);
    const before = readFileSync(at('h.json'), 'utf8');
    const none = await nightly('h.json', MINER.capture, '--since', '2020-01-01', '--until', '2020-01-02');
    expect(none).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining('no traffic of this night'),
    });
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 20));
    const early = await nightly('early.json', OTHER.capture);
    const beforeIt = await nightly('h.json', OTHER.capture);
    now.mockRestore();
    expect(early).toMatchObject({ status: 1, err: expect.stringContaining('a clock is wrong') });
    expect(existsSync(at('early.json'))).toBe(false);
    expect(beforeIt).toMatchObject({ status: 1, err: expect.stringContaining('or the clock here') });
    expect(readFileSync(at('h.json'), 'utf8')).toBe(before);
  });

  it('keeps as news what could not be printed', async () => {
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
    const streams = { ...capture().streams, stdout: full.on('error', () => undefined) };
    expect(await main(['nightly', MINER.capture, '--cases', at('i.json'), '-q'], {}, streams)).toBe(1);
    expect((await nightly('i.json', MINER.capture)).status).toBe(3);
  });

  it('compares nights, not what a state adds up', async () => {
    const stated = capture();
    const env = { MINESWEEP_STATE: at('state') };
    expect(await main(['nightly', MINER.capture, '--cases', at('j.json')], env, stated.streams)).toBe(2);
    expect((await nightly('j.json', MINER.capture, '--state', at('state'))).status).toBe(2);
  });

  it.skipIf(process.getuid?.() !== 0)('leaves the file to its owner if root judges a case', async () => {
    await nightly('k.json', MINER.capture);
    chownSync(at('k.json'), 65_534, 65_534);
    expect((await run('cases', 'close', at('k.json'), MINER.miner)).status).toBe(0);
    expect(statSync(at('k.json'))).toMatchObject({ uid: 65_534, gid: 65_534 });
  });

  it('has what is new on top of the page of a night', async () => {
    const pageOf = async (argv: string[]): Promise<string> => {
      expect((await nightly('page.json', MINER.capture, '--format', 'json', ...argv)).err).toBe('');
      const folder = argv[1] ?? '';
      const [date = ''] = readdirSync(folder);
      return readFileSync(path.join(folder, date, 'report.html'), 'utf8').split('id="headline"')[0] ?? '';
    };
    const first = await pageOf(['--out', at('page-1')]);
    expect(first).toMatch(/<h2>Mining, night of [\d-]+: 1 new<\/h2>/);
    expect(first).toContain(`<bdi>${MINER.miner}</bdi>`);
    // Known by now.
    const again = await pageOf(['--out', at('page-2')]);
    expect(again).not.toContain(MINER.miner);
    expect(again).toMatch(/<h2>Mining, night of [\d-]+: [^<\d]+<\/h2>/);
  });

  it('prints every format', async () => {
    for (const format of ['table', 'ticket', 'json', 'ndjson', 'junit', 'html', 'ocsf', 'misp', 'stix']) {
      const { status, out } = await nightly(`c-${format}.json`, MINER.capture, '--format', format);
      expect(status).toBe(3);
      expect(out).toContain(MINER.miner);
    }
    const chinese = await nightly('c-zh.json', MINER.capture, '--format', 'junit', '--lang', 'zh');
    expect(chinese.out).toContain(`name="${MINER.miner} 无新增情况" classname="minesweep.cases.new"`);
    expect(chinese.out).toContain('message="新增，确认：首次出现；');
    expect((await nightly('c.json', MINER.capture, '--format', 'markdown')).status).toBe(2);
    // What is known already is no news.
    expect((await nightly('c-ocsf.json', MINER.capture, '--format', 'ocsf')).out).toBe('');
    const { out } = await nightly('c-misp.json', MINER.capture, '--format', 'misp');
    expect(JSON.parse(out).Event.info).toMatch(/: 0 addresses .* \(filter: news of the night\)$/);
  });

  it('gives pipelines annotations, a summary and SARIF, the same each time', async () => {
    const env = { GITHUB_STEP_SUMMARY: at('summary.md'), SOURCE_DATE_EPOCH: '1800000000' };
    const printed = async (format: string, cases: string): Promise<string> => {
      const to = capture();
      const argv = ['nightly', '--cases', at(cases), '-q', '--coverage-threshold', '0', MINER.capture];
      expect(await main([...argv, '--format', format], env, to.streams)).toBe(3);
      return to.out().replaceAll(cases, 'cases');
    };
    const github = await printed('github', 'm.json');
    expect(github).toMatch(new RegExp(`^::error title=.*::${MINER.miner}: `, 'm'));
    expect(readFileSync(at('summary.md'), 'utf8')).toContain(MINER.miner);
    expect(await printed('github', 'n.json')).toBe(github);
    const first = await printed('sarif', 'o.json');
    expect(sarifResults(first)).toMatchObject([{ ruleId: 'mining-confirmed', level: 'error' }]);
    expect(await printed('sarif', 'p.json')).toBe(first);
    expect(await printed('json', 'q.json')).toBe(await printed('json', 'r.json'));
  });

  it('sends news, keeps what could not be sent, and sends nothing if there is none', async () => {
    const { url, bodies, close } = await webhook([403, 200]);
    const send = ['--send', `webhook:${url}`];
    const failed = await nightly('d.json', MINER.capture, ...send);
    expect(failed).toMatchObject({ status: 1, err: expect.stringContaining('not sent') });
    expect(failed.err).not.toContain('/x');
    expect(casesIn('d.json').unsent).toHaveLength(1);
    const without = ['nightly', '--cases', at('d.json'), '--coverage-threshold', '0', MINER.capture];
    expect((await run(...without)).err).toMatch(/webhook:http:\S+: unsent news waits in .*d\.json/);
    // The news of two nights, each with all that a program reads; then nothing.
    expect((await nightly('d.json', MINER.capture, OTHER.capture, ...send)).status).toBe(3);
    const ips = bodies.map(({ night }) => night.news.map((news) => news.case.machine.ip));
    expect(ips).toEqual([[MINER.miner], [MINER.miner], [OTHER.miner]]);
    expect(bodies[1].text).toContain(MINER.miner);
    expect(casesIn('d.json').unsent).toEqual([]);
    expect((await nightly('d.json', MINER.capture, ...send)).status).toBe(3);
    expect(bodies).toHaveLength(3);
    expect((await nightly('d.json', MINER.capture, ...send, '--send-always')).status).toBe(3);
    expect(bodies).toHaveLength(4);
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
    const holder = { pid: 1, host: 'elsewhere', since: '2026-11-24T00:15:00.000Z', started: null };
    writeFileSync(at('f.json.lock'), JSON.stringify({ ...holder, boot: 'another', space: 'pid:[1]' }));
    const renewal = setInterval(() => utimesSync(at('f.json.lock'), new Date(), new Date()), 100);
    const { status, err } = await nightly('f.json', MINER.capture);
    clearInterval(renewal);
    expect([status, err]).toEqual([1, expect.stringContaining('process 1 on elsewhere')]);
  });
});

describe('minesweep cases', () => {
  it('lists, shows, acknowledges and closes', async () => {
    writeFileSync(at('leases.csv'), `ip,mac,hostname\n${OTHER.miner},02:77:3f:f4:99:0a,lab-pc\n`);
    await nightly('g.json', MINER.capture, OTHER.capture, '--leases', at('leases.csv'));
    const shown = (await run('cases', 'show', at('g.json'), 'lab-pc')).out;
    expect(shown).toContain('Machine: lab-pc 02:77:3f:f4:99:0a\n');
    const list = await run('cases', 'list', at('g.json'));
    expect(list).toMatchObject({ status: 0, out: expect.stringContaining(OTHER.miner) });
    expect((await run('cases', 'show', at('g.json'), MINER.miner)).out).toContain('sha256d');
    expect((await run('cases', 'ack', at('g.json'), MINER.miner)).status).toBe(2);
    const over = ['--until', '2020-01-31', '--because', 'a course'];
    expect((await run('cases', 'ack', at('g.json'), MINER.miner, ...over)).err).toContain(
      'seen after 2020-01-31',
    );
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
      ['closed', null, null],
    ]);
    expect((await run('cases', 'close', at('g.json'), '192.0.2.250')).err).toContain('no such case');
    expect((await run('cases', 'list', at('mistyped.json'))).status).toBe(1);
    expect((await nightly('g.json', MINER.capture, OTHER.capture)).status).toBe(0);
  });
});
