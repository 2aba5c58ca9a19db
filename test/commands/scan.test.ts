/** What a scan of files that are not there, or cannot be read, ends with, and what its audit says of them. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditInput } from '../../src/audit/audit.ts';
import { damageRow } from '../../src/audit/damage.ts';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const GOOD = laboratoryCapture('eth-proxy').capture;
const ABSENT = path.join(folder, 'absent.pcap');

async function scan(...argv: readonly string[]) {
  const to = capture();
  const status = await main(['scan', ...argv, '--format', 'json'], {}, to.streams);
  const inputs: AuditInput[] = to.out() === '' ? [] : JSON.parse(to.out()).inputs;
  return { status, out: to.out(), err: to.err(), inputs };
}

function written(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('an input that is not there', () => {
  const row = {
    kind: 'unreadable',
    bytes: 0,
    first: null,
    damage: [damageRow({ kind: 'not-found', count: 1, at: 0 })],
  };

  it('stands in the audit of the others as one that was not read', async () => {
    const { status, inputs, err } = await scan(ABSENT, GOOD);
    expect(status).toBe(4);
    expect(inputs.map((input) => input.path).sort()).toEqual([ABSENT, GOOD].sort());
    expect(inputs.find((input) => input.path === ABSENT)).toMatchObject(row);
    expect(err).toContain(`${ABSENT}: no such file`);
    expect((await scan(GOOD, ABSENT, '--strict')).status).toBe(1);
    expect((await scan(GOOD, ABSENT, '--fail-on', 'confirmed')).status).toBe(3);
  });

  it('fails the run where there is no other', async () => {
    const { status, out, err } = await scan(ABSENT, path.join(folder, '*.none'));
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain(`minesweep: ${ABSENT}: no such file`);
  });

  it('fails the run where no other can be read, which the audit says', async () => {
    const text = written('notes.txt', 'Dear diary,\n');
    const { status, inputs } = await scan(ABSENT, text);
    expect(status).toBe(1);
    expect(inputs.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable']);
  });

  it('fails the run where it was to name addresses', async () => {
    const { status, out } = await scan(GOOD, '--names', ABSENT);
    expect([status, out]).toEqual([1, '']);
  });
});

describe('a folder that holds lists beside captures', () => {
  const beside = temporaryFolder();
  copyFileSync(GOOD, path.join(beside, 'edge.pcap'));
  const owners = path.join(beside, 'owners.csv');
  writeFileSync(owners, 'subnet;department\n192.0.2.0/24;Physics\n');
  writeFileSync(path.join(beside, 'diary.txt'), 'Dear diary,\n');

  it('names the files that nobody asked for, once on a terminal', async () => {
    const to = capture({ terminal: true });
    expect(await main(['scan', beside, '--owners', owners, '--no-progress'], {}, to.streams)).toBe(0);
    expect(to.out()).toContain('Note: 1 file in folders skipped');
    expect(to.out()).toContain('diary.txt');
    expect(to.out()).not.toContain('owners.csv');
    expect(to.err()).toBe('');
  });

  it('warns of them where the result goes elsewhere', async () => {
    expect((await scan(beside, '--owners', owners)).err).toContain('1 file in folders skipped');
  });
});

describe('--explain-sql', () => {
  it('prints what a store would be asked, with the values, and asks nothing', async () => {
    const to = capture();
    const store = 'clickhouse://reader@ch.example/default?schema=akvorado';
    const since = ['--since', '2026-11-01T00:00:00Z', '--until', '2026-11-02T00:00:00Z'];
    expect(await main(['scan', store, ...since, '--explain-sql'], {}, to.streams)).toBe(0);
    expect(to.out()).toContain('-- pairs that may be miners');
    // 2026-11-01T00:00:00Z and the day after in seconds since 1970.
    expect(to.out()).toMatch(/^-- p\d: 1793491200$/m);
    expect(to.out()).toMatch(/^-- p\d: 1793577600$/m);
    expect(to.out()).toMatch(
      /FROM `default`\.`flows` WHERE `TimeReceived` >= fromUnixTimestamp\(\{p\d: Int64\}\)/,
    );
  });
});

describe('a damaged input', () => {
  it('is named once on a terminal, with all of its damage', async () => {
    const file = path.join(temporaryFolder(), 'cut.pcap');
    writeFileSync(file, Buffer.concat([readFileSync(GOOD), Buffer.alloc(3000, 0xff)]));
    const to = capture({ terminal: true });
    await main(['scan', file, '--no-progress'], {}, to.streams);
    expect(to.out().replaceAll(/\s+/g, ' ')).toMatch(
      /cut\.pcap: invalid record length, at .*; bytes skipped: 3,000/,
    );
    expect(to.err()).toBe('');
  });
});

describe('an input of which nothing could be read', () => {
  const TABLE =
    'Begin;Quelle;QP;Ziel;ZP;Menge\n2026-11-24 22:43:52;192.0.2.13;52150;198.51.100.30;18081;716\n';
  const RIGHT = 'start=Begin,src=Quelle,sport=QP,dst=Ziel,dport=ZP,bytes=Menge';

  it.each([
    {
      name: 'a capture that is said to be a flow log',
      file: () => GOOD,
      argv: ['--input-format', 'nfcapd'],
    },
    {
      name: 'a table that is said to be a capture',
      file: () => written('flows.csv', TABLE),
      argv: ['--input-format', 'pcap'],
    },
    {
      name: 'a table with columns that it has not',
      file: () => written('flows.csv', TABLE),
      argv: ['--columns', 'start=Begin,src=Sender,dst=Ziel,dport=ZP,bytes=Menge'],
    },
    {
      name: 'the header of a capture and the beginning of its first record',
      file: () => written('begun.pcap', readFileSync(GOOD).subarray(0, 30)),
      argv: [],
    },
  ])('is unreadable: $name', async ({ file, argv }) => {
    const { status, inputs } = await scan(file(), ...argv);
    expect(inputs).toMatchObject([{ kind: 'unreadable', first: null }]);
    expect(inputs[0]?.damage).not.toEqual([]);
    expect(status).toBe(1);
    const to = capture();
    await main(['scan', file(), ...argv, '--format', 'table', '--quiet'], {}, to.streams);
    expect(to.out()).toContain('0 of 1 read, 1 unreadable');
  });

  it.each([
    {
      name: 'a capture without packets',
      file: () => written('none.pcap', readFileSync(GOOD).subarray(0, 24)),
      argv: [],
      // Nothing was looked at.
      status: 4,
    },
    {
      name: 'a table that is read',
      file: () => written('flows.csv', TABLE),
      argv: ['--columns', RIGHT],
      // Of its one connection nobody can tell anything.
      status: 4,
    },
    {
      name: 'a table of which a row is read',
      file: () => written('half.csv', `${TABLE}broken\n`),
      argv: ['--columns', RIGHT],
      status: 4,
    },
    {
      name: 'a log of names with a broken line',
      file: () =>
        written(
          'dns.log',
          '{"ts":1700000000.5,"id.orig_h":"192.0.2.7","id.resp_h":"192.0.2.53","query":"pool.example","qtype_name":"A","answers":["198.51.100.9"]}\n{"ts":\n',
        ),
      argv: [],
      status: 4,
    },
  ])('is not $name', async ({ file, argv, status }) => {
    const { status: ended, inputs } = await scan(file(), ...argv);
    expect(inputs.map(({ kind }) => kind)).not.toContain('unreadable');
    expect(ended).toBe(status);
  });
});

describe('a list of pools of which entries are not taken', () => {
  it('is told in the audit and as a warning', async () => {
    const pools = written('pools.txt', 'garbage line !!\npool.example:3333\n198.51.100.10\n');
    const { status, out, err } = await scan(GOOD, '--pools', pools);
    expect(status).toBe(0);
    const note = 'pools.txt: 2 entries ignored; line 1: a single label, not a domain';
    expect(textsOf(JSON.parse(out).notes)).toContain(note);
    expect(err).toContain(note);
  });

  it('is told where nothing at all was taken', async () => {
    const pools = written('pools.txt', '198.51.100.10\n');
    const { out } = await scan(GOOD, '--pools', pools);
    expect(textsOf(JSON.parse(out).notes)).toContain(
      'pools.txt: no endpoint found; line 1: a private or reserved address; only a list of your own may name one, with its port',
    );
  });

  it('is told by a merge that reads it, too', async () => {
    const pools = written('pools.txt', '198.51.100.10\n');
    const audit = written('audit.json', (await scan(GOOD)).out);
    const to = capture();
    expect(await main(['merge', audit, '--pools', pools, '--format', 'json'], {}, to.streams)).toBe(0);
    expect(JSON.parse(to.out()).notes[0].text).toMatch(/^pools\.txt: no endpoint found/);
    expect(to.err()).toContain('no endpoint found');
  });

  it('is no loss where rules about other things are passed over', async () => {
    const rules = written(
      'local.rules',
      'alert tcp any any -> any any (msg:"ET TROJAN something"; content:"evil.example"; sid:1;)\n' +
        'alert dns any any -> any any (msg:"ET COINMINER pool lookup"; dns.query; content:"pool.example"; sid:2;)\n',
    );
    const { out } = await scan(GOOD, '--pools', rules);
    expect(JSON.parse(out).notes).toEqual([]);
  });
});

describe('an assumption of the command line', () => {
  it('is told what it lacks, and a file that it is not there', async () => {
    for (const rule of ['port=3357', 'pool=203.0.113.12 Port = 3357', 'algorithm=equihash']) {
      const { status, err } = await scan(GOOD, '--assume', rule);
      expect(status).toBe(2);
      expect(err).toContain("minesweep: --assume: an assumption needs either 'difficulty' or 'hashes'\n");
    }
    const { status, err } = await scan(GOOD, '--assume', ABSENT);
    expect(status).toBe(1);
    expect(err).toContain(`minesweep: ${ABSENT}: cannot read the file of assumptions\n`);
  });

  it('may be a file whose name looks like one', async () => {
    const partition = path.join(folder, 'port=3357');
    writeFileSync(partition, 'difficulty=600\n');
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await scan(GOOD, '--assume', 'port=3357')).status).toBe(0);
    } finally {
      process.chdir(before);
    }
  });
});
