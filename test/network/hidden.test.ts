/**
 * Miners that nobody can read, at pools known by name or by list: what is counted of their shares, what is estimated of their rates if
 * somebody asks for it, and what stands of it in each report. Golden texts.
 */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { MINERS, mining, NOISE_MINERS, noiseMining } from '../support/opaque-talk.ts';
import { body } from '../support/page-body.ts';
import { random } from '../support/random.ts';
import { plainHello, sealedPackets } from '../support/tls.ts';
import { Desk, golden, lines, read, START_US } from './network.ts';

/** On the list of pools. */
const POOL = 'xmr.pool.lab.example';
const BARE = '198.51.100.202:34254';

/** Encrypted mining from an address, at these minutes, for so many seconds each. */
function hidden(host: number, minutes: readonly number[], seconds: number): CapturedPacket[] {
  const miner = MINERS[host % MINERS.length];
  return minutes.flatMap((minute) => {
    const draw = random(1000 * host + minute);
    return sealedPackets(mining(miner)(draw, seconds), draw, {
      ...{ client: `10.7.0.${host}:${50_000 + minute}`, server: '198.51.100.201:443' },
      ...{ hello: plainHello(POOL), startUs: START_US + 60e6 * minute },
    });
  });
}

/** Encrypted Stratum V2, which has no TLS, and one that was met in its middle. */
function noisy(host: number, options: object = {}): CapturedPacket[] {
  const draw = random(host);
  return sealedPackets(noiseMining(NOISE_MINERS[host % NOISE_MINERS.length])(draw, 2400), draw, {
    ...{ client: `10.7.1.${host}:50000`, server: BARE, bare: true, startUs: START_US + 300e6 },
    ...options,
  });
}

describe('miners that nobody can read', async () => {
  const desk = new Desk({
    owners: [
      'subnet;department;contact;organisation;class',
      '10.7.0.0/24;Physics;it@physics.example;University of Somewhere;university',
    ],
    pools: [`${POOL}:443`, BARE],
  });
  const packets = [
    ...hidden(1, [0], 3600),
    // Seven connections, one after the other.
    ...hidden(2, [0, 10, 20, 30, 40, 50, 60], 570),
    // It pauses for most of an hour.
    ...hidden(3, [2, 50], 900),
    ...hidden(4, [5], 3000),
    ...noisy(1),
    ...noisy(2, { hello: null }),
  ];
  const capture = desk.capture('hidden', packets);
  const plain = await desk.scan('plain', capture);
  const modelled = await desk.scan('modelled', capture, '--model', '--pue', 'home');
  const assumed = await desk.scan(
    ...(['assumed', capture, '--power-per-address', '350', '--pue', '1.1,1.2,1.5'] as const),
    ...['--assume', 'pool=198.51.100.201 algorithm=rx/0 difficulty=50000..100000'],
  );

  it.each(Object.entries({ plain, modelled, assumed }))('have an audit: %s', async (name, file) => {
    await expect(lines(read(file))).toMatchFileSnapshot(golden(`hidden.${name}.txt`));
  });

  it('are reported, and explained', async () => {
    const said: string[] = [];
    for (const file of [plain, modelled, assumed]) {
      for (const more of [[], ['--wide', '--lang', 'zh']])
        said.push(await desk.screen(100, 'report', file, '--format', 'table', '--tz', 'UTC', ...more));
      for (const format of ['markdown', 'ticket', 'csv'])
        said.push(await desk.run('report', file, '--format', format, '--tz', 'UTC'));
      for (const { ip } of read(file).hosts)
        said.push(await desk.run('explain', ip, file, '--all', '--tz', 'UTC'));
    }
    said.push(body(await desk.run('report', modelled, '--format', 'html', '--tz', 'UTC')));
    await expect(said.join('=====\n')).toMatchFileSnapshot(golden('hidden.said.txt'));
  });

  it('are news of a night, of the next one, and gone in the last', async () => {
    const none = desk.capture(
      'none',
      noisy(9, { server: '192.0.2.200:22', startUs: START_US + 5 * 86_400e6 }),
    );
    const only = desk.capture('one', hidden(1, [1500], 1800));
    const said: string[] = [];
    for (const format of ['table', 'json', 'junit', 'github', 'html']) {
      const cases = desk.file(`cases.${format}`);
      for (const file of [capture, only, none]) {
        const night = ['nightly', file, '--cases', cases, ...desk.known(), '--gone-after', '1', '--model'];
        const told = await desk.run(...night, '--format', format);
        said.push(format === 'html' ? body(told) : told);
      }
      said.push(await desk.run('cases', 'list', cases), await desk.run('cases', 'show', cases, '10.7.0.1'));
    }
    await expect(said.join('=====\n')).toMatchFileSnapshot(golden('hidden.nights.txt'));
  });
});
