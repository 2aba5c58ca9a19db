/**
 * Two days of a network, taken through the commands that look back: each day's audit, both merged, their history, what changed, and the
 * formats that other programs read. Golden texts; and what must be the same whichever way it was reached.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { departures } from '../support/merging.ts';
import { body } from '../support/page-body.ts';
import { days, MIDNIGHT_US, OF_DAYS, SECRETS } from './days.ts';
import { Desk, golden, HOUR_US, line, lines, read } from './network.ts';

describe('two days of a network', async () => {
  const desk = new Desk(OF_DAYS);
  const packets = days();
  const isFirst = ({ timeUs }: { timeUs: number }): boolean => timeUs < MIDNIGHT_US + 24 * HOUR_US;
  const captures = [
    desk.capture('first', packets.filter(isFirst)),
    desk.capture(
      'second',
      packets.filter((packet) => !isFirst(packet)),
    ),
  ];
  const both = await desk.scan('both', ...captures);
  const [first, second] = [await desk.scan('first', captures[0]), await desk.scan('second', captures[1])];
  const outcome = (said: string) => said.slice(0, said.lastIndexOf('\n--- '));
  const all = (audit: Audit): string =>
    [lines(audit), ...(audit.machines ?? []).map((each) => line('machines', each))].join('\n');
  const of = (name: string) => golden(`days.${name}.txt`);

  it('has an audit of each day, and of both', async () => {
    for (const [name, file] of Object.entries({ both, first, second })) {
      const audit = read(file);
      await expect(all(audit)).toMatchFileSnapshot(of(name));
    }
  });

  it('has the same of two days, merged, and of a state that goes on', async () => {
    const merged = await desk.run(
      'merge',
      first,
      second,
      ...desk.known(['owners']),
      '--format',
      'json',
      '--quiet',
    );
    const part: Audit = JSON.parse(outcome(merged));
    // The nonces of the session that midnight cuts are read in each part: their rate is hardly another one, and nothing else.
    const isOfParts = /^\/(notes|coverage\/atSeam|sessions\/\d+\/counter)/;
    const isOfRate = /\/(hashrate|power|energy)\/|\/params\/(estimate|high95|low95)|\/text: /;
    const exactly = departures(read(both), part).filter((line) => !isOfParts.test(line));
    expect(exactly.filter((line) => !isOfRate.test(line))).toEqual([]);
    const nearly = departures(read(both), part, { timeMs: 0, relative: 0.02 });
    expect(nearly.filter((line) => !isOfParts.test(line) && !line.includes('/text: '))).toEqual([]);
    const state = ['--state', desk.file('state')];
    await desk.scan('until-night', captures[0], ...state);
    const goesOn = await desk.scan('goes-on', captures[1], ...state);
    const after = departures(read(both), read(goesOn)).filter((line) => !/^\/(notes|inputs)/.test(line));
    expect(after).toEqual([]);
  });

  it('has a history', async () => {
    for (const [name, file] of Object.entries({ first, second })) {
      mkdirSync(desk.file(`nights/${name}`), { recursive: true });
      writeFileSync(desk.file(`nights/${name}/audit.json`), readFileSync(file));
    }
    const nights = desk.file('nights');
    for (const [format, ...more] of [['table'], ['csv'], ['prometheus'], ['html', '--lang', 'zh']]) {
      const said = await desk.run('history', nights, '--format', format, '--tz', 'UTC', ...more);
      await expect(format === 'html' ? body(said) : said).toMatchFileSnapshot(of(`history.${format}`));
    }
  });

  it('changed from the first day to the second', async () => {
    for (const [format, ...more] of [
      ['markdown', '--lang', 'zh'],
      ['json', '--hashrate-change', '5'],
    ])
      await expect(
        await desk.run('diff', first, second, '--format', format, '--tz', 'UTC', ...more),
      ).toMatchFileSnapshot(of(`diff.${format}`));
  });

  it.each(['ecs', 'ocsf', 'stix', 'arkime', 'sarif'])('is reported as %s', async (format) => {
    await expect(await desk.run('report', both, '--format', format)).toMatchFileSnapshot(
      of(`report.${format}`),
    );
  });

  it.each([
    ['department', '--department', 'Hall', '--department', 'Physics', '--format', 'markdown'],
    ['network', '--host', '10.7.1.0/24', '--host', '10.7.9.1', '--format', 'ticket', '--lang', 'zh'],
    ['verdict', '--verdict', 'confirmed', '--format', 'table', '--columns', 'all', '--sort', 'traffic'],
    ['steps', '--format', 'html', '--tz', 'Asia/Shanghai', '--lang', 'zh', '--top', '3'],
    ['sample', '--format', 'markdown', '--style', 'official', '--sample-of', 'government=10,enterprise=30'],
    ['compared', '--format', 'markdown', '--compare', 'jiangsu-2021'],
  ])('is reported by %s', async (name, ...options) => {
    const said = await desk.run('report', both, '--tz', 'UTC', ...options);
    await expect(options.includes('html') ? body(said) : said).toMatchFileSnapshot(of(`report.${name}`));
  });

  it('fits terminals', async () => {
    const said: string[] = [];
    for (const columns of [64, 80, 100, 160])
      for (const more of [[], ['--wide', '--lang', 'zh'], ['--lang', 'zh', '--top', '2'], ['--sort', 'ip']])
        said.push(await desk.screen(columns, 'report', both, '--format', 'table', '--tz', 'UTC', ...more));
    await expect(said.join('=====\n')).toMatchFileSnapshot(of('screens'));
  });

  it('is explained, machine by machine', async () => {
    const said: string[] = [];
    for (const { ip } of read(both).hosts)
      for (const more of [[], ['--all', '--lang', 'zh'], ['--letter']])
        said.push(await desk.run('explain', ip, both, '--tz', 'UTC', ...more));
    await expect(said.join('=====\n')).toMatchFileSnapshot(of('explain'));
  });

  it('is asked for machines by other names, and for what mines nothing', async () => {
    const said: string[] = [];
    const asked = ['LAB-PC-01', '02-00-00-00-00-01', '10.7.1.3', '203.0.113.60', '203.0.113.64', 'nobody'];
    for (const name of asked) said.push(await desk.run('explain', name, both, '--tz', 'UTC'));
    await expect(said.join('=====\n')).toMatchFileSnapshot(of('asked'));
  });

  it('gives out the packets of a host without its password, and finds the same in them', async () => {
    const whole = await desk.scan('absolute', ...captures);
    const [{ ip }] = read(whole).hosts.filter(({ ip }) => ip === '10.7.1.2');
    for (const [name, ...more] of [['shown', '--with-secrets'], ['hidden']]) {
      const to = desk.file(`${name}.pcapng`);
      await desk.run('explain', ip, whole, '--extract', to, '--captures', path.dirname(captures[0]), ...more);
      expect(SECRETS.map((secret) => readFileSync(to).includes(secret))).toEqual([name === 'shown']);
      const own = (audit: Audit) =>
        audit.sessions.filter(({ miner }) => miner.ip === ip).map(({ shares }) => shares);
      expect(own(read(await desk.scan(name, to)))).toEqual(own(read(whole)));
    }
  });

  it('is shared under other names', async () => {
    writeFileSync(desk.file('key'), 'a key of sixteen bytes and more');
    const said = await desk.run(
      ...['report', both, '--format', 'json', '--pseudonymize', 'accounts,addresses', '--coarse'],
      ...['--pseudonym-key', desk.file('key')],
    );
    const audit: Audit = JSON.parse(outcome(said));
    await expect(all(audit)).toMatchFileSnapshot(of('shared'));
  });
});
