/**
 * A network on which every dialect is spoken for a morning, taken through every command that people use: the golden texts of all that it
 * says. What the figures are, other tests tell; here a change of any verdict, sum, word or order shows.
 */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { departures } from '../support/merging.ts';
import { body } from '../support/page-body.ts';
import {
  Desk,
  FLOWS,
  golden,
  HOUR_US,
  lines,
  listed,
  lookUps,
  mining,
  NOW,
  proxied,
  read,
  START_US,
  scanning,
} from './network.ts';

describe('a network on which every dialect is spoken', async () => {
  const desk = new Desk();
  const flows = desk.file('flows.csv');
  writeFileSync(flows, FLOWS);
  const packets = [...lookUps(), ...mining().flat(), ...proxied(), ...scanning(), ...listed()];
  const isMorning = ({ timeUs }: { timeUs: number }) => timeUs <= START_US + HOUR_US + 200e6;
  const captures = {
    day: desk.capture('day', packets),
    morning: desk.capture('morning', packets.filter(isMorning)),
    noon: desk.capture(
      'noon',
      packets.filter((packet) => !isMorning(packet)),
    ),
    listed: desk.capture('flows', listed()),
  };
  const whole = await desk.scan('day', captures.day);
  const withFlows = await desk.scan('flows', captures.listed, flows);
  const morning = await desk.scan('morning', captures.morning);
  const noon = await desk.scan('noon', captures.noon);

  it('has an audit', async () => {
    await expect(lines(read(whole))).toMatchFileSnapshot(golden('audit.txt'));
  });

  it('has the connections of captures and flows once', async () => {
    await expect(lines(read(withFlows))).toMatchFileSnapshot(golden('flows.txt'));
  });

  it('has the same of two parts, merged', async () => {
    const to = capture();
    const options = ['--owners', desk.file('owners'), '--pools', desk.file('pools'), '--format', 'json'];
    await main(['merge', morning, noon, ...options, '--quiet'], NOW, to.streams);
    // Each part has notes of its own, and nonces of a session that was cut are counted in neither.
    const isOfParts = (line: string): boolean =>
      /^\/(notes|coverage\/atSeam|sessions\/\d+\/counter)/.test(line);
    const found = departures(read(whole), JSON.parse(to.out()));
    expect(found.filter((line) => !isOfParts(line))).toEqual([]);
    expect(found).toContain(
      '/coverage/atSeam: undefined, {"connections":0,"messages":0,"joined":2,"answers":0}',
    );
  });

  it.each([
    ['table', '--wide'],
    ['ticket', '--for', 'admin'],
    ['markdown', '--lang', 'zh'],
    ['ticket', '--style', 'official', '--lang', 'zh', '--sample-of', '400'],
    ['html', '--top', '6'],
    ['csv'],
    ['prometheus'],
    ['junit'],
    ['github'],
    ['eve'],
    ['misp'],
  ])('is reported as %s', async (format, ...more) => {
    const said = await desk.run('report', whole, '--format', format, '--tz', 'UTC', ...more);
    const name = more.includes('official') ? 'official' : format;
    await expect(format === 'html' ? body(said) : said).toMatchFileSnapshot(golden(`report.${name}.txt`));
  });

  it.each([['--all'], ['--letter']])('is explained with %s, machine by machine', async (option) => {
    const said: string[] = [];
    for (const { ip } of read(whole).hosts)
      said.push(await desk.run('explain', ip, whole, option, '--tz', 'UTC'));
    await expect(said.join('=====\n')).toMatchFileSnapshot(golden(`explain${option}.txt`));
  });

  it('fits terminals', async () => {
    const said: string[] = [];
    for (const file of [whole, withFlows])
      for (const columns of [56, 80, 132])
        for (const more of [[], ['--wide', '--lang', 'zh']])
          said.push(await desk.screen(columns, 'report', file, '--format', 'table', '--tz', 'UTC', ...more));
    await expect(said.join('=====\n')).toMatchFileSnapshot(golden('screens.txt'));
  });

  it('changes from the morning to noon', async () => {
    await expect(await desk.run('diff', morning, noon, '--tz', 'UTC')).toMatchFileSnapshot(
      golden('diff.txt'),
    );
  });

  it('has cases, and news at noon', async () => {
    const cases = desk.file('cases.json');
    const said: string[] = [];
    for (const file of [captures.morning, captures.noon])
      said.push(await desk.run('nightly', file, '--cases', cases, ...desk.known(), '--format', 'ticket'));
    said.push(await desk.run('cases', 'list', cases));
    await expect(said.join('=====\n')).toMatchFileSnapshot(golden('nightly.txt'));
  });
});
