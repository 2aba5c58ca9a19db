/** A network on which every dialect is spoken for a morning: its traffic, and what commands say of it. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Audit } from '../../src/audit/audit.ts';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { CANONICAL } from '../dialects/canonical.ts';
import { RECENT } from '../dialects/canonical-recent.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { type Conversation, conversation } from '../support/conversation.ts';
import { dnsLookup } from '../support/dns-answer.ts';
import { type Random, random } from '../support/random.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello, records, sealed, serverHelloMessage } from '../support/tls.ts';

export const START_US = Date.parse('2026-11-24T08:00:00Z') * 1000;
export const HOUR_US = 3600e6;
const POOLS = ['198.51.100.40:3333', '198.51.100.41:443', '203.0.113.9:14444', '203.0.113.77:5555'];
/** The pool that a known name leads to. */
const NAMED = '198.51.100.77:3333';
const PROXY = '10.7.9.1';

const addressOf = (at: number): string => `10.7.${Math.floor(at / 25)}.${1 + (at % 25)}`;

/** Each dialect's conversation from a machine of its own, in three hours: the packets of each connection. */
export function mining(hours: readonly number[] = [0, 1, 3.5]): CapturedPacket[][] {
  const talks = [...CANONICAL, ...RECENT].map(({ conversation }) => conversation);
  return talks.flatMap((talk, at) =>
    hours.map((hour, again) =>
      told(
        talk,
        `${addressOf(at)}:${49_152 + 97 * at + again}`,
        at % 9 === 0 ? NAMED : POOLS[at % POOLS.length],
        START_US + hour * HOUR_US + 7e6 * at,
      ),
    ),
  );
}

export function told(talk: Conversation, miner: string, pool: string, startUs: number): CapturedPacket[] {
  return talk.retold(miner, talk.said, { pool, startUs }).toPackets();
}

/** Three miners behind a proxy of the own network, which has a session at the pool for each. */
export function proxied(): CapturedPacket[] {
  const [{ conversation: talk }] = CANONICAL;
  return [1, 2, 3].flatMap((at) => {
    const startUs = START_US + HOUR_US + at * 60e6;
    return [
      ...told(talk, `10.7.8.${at}:50000`, `${PROXY}:3333`, startUs),
      ...told(talk, `${PROXY}:${51_000 + at}`, POOLS[0], startUs + 20_000),
    ];
  });
}

/** One machine knocks at forty doors, where nobody answers its login. */
export function scanning(): CapturedPacket[] {
  return Array.from({ length: 40 }, (_, at) =>
    conversation({
      ...{ miner: `10.7.7.7:${52_000 + at}`, pool: `203.0.113.${100 + at}:3333` },
      startUs: START_US + 2 * HOUR_US + at * 1e6,
    })
      .connect()
      .minerSays({ id: 1, method: 'mining.subscribe', params: ['scan/1.0'] })
      .close()
      .toPackets(),
  ).flat();
}

/** The server of the list that is given, where nothing that is said can be read. */
const LISTED = '198.51.100.200:443';
const CONNECT_PROXY = '10.7.9.2';

/** What nobody can read, a message of so many bytes each way and minute. */
function opaque(talk: Conversation, draw: Random): Conversation {
  talk.minerSays(plainHello(null)).poolSays(records(22, serverHelloMessage(0x0303)));
  for (let minute = 0; minute < 20; minute++)
    talk
      .after(50 + draw.below(20))
      .minerSays(sealed(draw, 180))
      .poolSays(sealed(draw, 90 + draw.below(300)));
  return talk.close();
}

/** At the listed server: one machine by itself, one behind a proxy that is asked in clear. */
export function listed(): CapturedPacket[] {
  const of = (miner: string, pool: string, minutes: number) =>
    conversation({ miner, pool, startUs: START_US + minutes * 60e6 }).connect();
  const asked = `CONNECT ${LISTED} HTTP/1.1\r\nHost: ${LISTED}\r\n\r\n`;
  const inner = of('10.7.6.2:53000', `${CONNECT_PROXY}:3128`, 30)
    .minerSays(Buffer.from(asked))
    .poolSays(Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'));
  return [
    opaque(of('10.7.6.1:53000', LISTED, 20), random(1)),
    opaque(inner, random(2)),
    opaque(of(`${CONNECT_PROXY}:54000`, LISTED, 30), random(2)),
  ].flatMap((talk) => talk.toPackets());
}

/** What a router tells of the same machine and server: the connection that was captured, and one that was not. */
export const FLOWS = [
  'start,end,src_ip,dst_ip,src_port,dst_port,proto,packets,bytes',
  '2026-11-24T08:20:00Z,2026-11-24T08:40:00Z,10.7.6.1,198.51.100.200,53000,443,6,42,6000',
  '2026-11-24T08:20:00Z,2026-11-24T08:40:00Z,198.51.100.200,10.7.6.1,443,53000,6,41,7000',
  '2026-11-24T10:20:00Z,2026-11-24T10:40:00Z,10.7.6.1,198.51.100.200,53001,443,6,42,6100',
  '2026-11-24T10:20:00Z,2026-11-24T10:40:00Z,198.51.100.200,10.7.6.1,443,53001,6,41,7100',
].join('\n');

export const lookUps = (): CapturedPacket[] =>
  [0, 9, 18].flatMap((at) =>
    dnsLookup({ name: 'xmr.2miners.com', to: addressOf(at), timeUs: START_US - 1e6 + at }),
  );

/** The lines of each file that is given to a scan, by the name of its option. */
export type Given = Readonly<Record<string, readonly string[]>>;

/** The owners, leases and pools that are known, the last one by its address. */
const GIVEN: Given = {
  owners: [
    'subnet;department;contact;organisation;class',
    '10.7.0.0/24;Physics;it@physics.example;University of Somewhere;university',
    '10.7.1.0/24;Wards;it@ward.example;City Hospital;government',
    '10.7.8.0/23;Hall;noc@hall.example;Hall Ltd;enterprise',
  ],
  leases: ['address,mac,name', '10.7.0.1,02:00:00:00:00:01,lab-pc-01'],
  pools: [LISTED],
};

/** The clock of all commands. */
export const NOW = { SOURCE_DATE_EPOCH: `${Date.parse('2026-11-27T00:00:00Z') / 1000}` };

/** A folder in which commands are run as somebody would who has a list of owners, of leases and of pools. */
export class Desk {
  readonly #folder = temporaryFolder('network');

  constructor(private readonly given: Given = GIVEN) {
    for (const [name, lines] of Object.entries(given)) writeFileSync(this.file(name), lines.join('\n'));
  }

  file(name: string): string {
    return path.join(this.#folder, name);
  }

  capture(name: string, packets: readonly CapturedPacket[]): string {
    const inOrder = [...packets].sort((a, b) => a.timeUs - b.timeUs);
    return writeCapture(this.#folder, name, inOrder);
  }

  /** What a command prints and returns, its files under their bare names. */
  run(...args: readonly string[]): Promise<string> {
    return this.print(120, ...args);
  }

  /** The same on a terminal with so many columns, without the advice, which is wrapped by where the folder is. */
  async screen(columns: number, ...args: readonly string[]): Promise<string> {
    return (await this.print(columns, ...args)).replaceAll(/^(Next: |下一步：)(.+\n)+/gm, '');
  }

  private async print(columns: number, ...args: readonly string[]): Promise<string> {
    const to = capture({ columns });
    const status = await main([...args], NOW, to.streams);
    const said = `${to.out()}${to.err() === '' ? '' : `\n--- standard error\n${to.err()}`}`;
    return this.#bare(said)
      .replaceAll(/^(warn|info) \S+Z/gm, '$1')
      .concat(`\n--- status ${status}\n`);
  }

  /** The path of the audit of these files. */
  async scan(name: string, ...files: readonly string[]): Promise<string> {
    const to = capture();
    await main(['scan', ...files, ...this.known(), '--format', 'json', '--quiet'], NOW, to.streams);
    const audit = this.file(`${name}.json`);
    // Lines are wrapped by the length of names, so the folder goes before anything is printed.
    writeFileSync(audit, this.#bare(to.out()));
    return audit;
  }

  known(names = Object.keys(this.given)): string[] {
    return names.flatMap((name) => [`--${name}`, this.file(name)]);
  }

  #bare(text: string): string {
    return text.replaceAll(`${this.#folder}${path.sep}`, '');
  }
}

export const golden = (name: string): string => path.join(import.meta.dirname, 'golden', name);

/**
 * An audit as text: a line for each member of its lists. What the first of three alike sessions shows, the others do not show again;
 * texts of statements stand in what is explained, and machines with their hosts.
 */
export function lines({
  generated: _,
  inputs: __,
  machines: ___,
  merge: ____,
  sessions,
  ...rest
}: Audit): string {
  const firsts = sessions.filter(
    ({ miner }, at) => sessions.findIndex((other) => other.miner.ip === miner.ip) === at,
  );
  return Object.entries({ ...rest, sessions: firsts })
    .flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((each) => line(name, each)) : [line(name, value)],
    )
    .join('\n');
}

/** Members of a list that a golden text has; of a longer list it has the ends and a sum of all. */
const LONGEST_LIST = 40;

/** A row of an audit as a line, without texts of statements. */
export function line(name: string, value: unknown): string {
  const text = JSON.stringify(value, (key, part) => {
    if (key === 'text' || key === 'facts') return undefined;
    if (!Array.isArray(part) || part.length <= LONGEST_LIST) return part;
    const sum = createHash('sha256').update(JSON.stringify(part)).digest('hex');
    return { count: part.length, first: part[0], last: part.at(-1), sum };
  });
  return `${name} ${text}`;
}

export const read = (file: string): Audit => JSON.parse(readFileSync(file, 'utf8'));
