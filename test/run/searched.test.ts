/** Text counts as searched only if it is text in words: what is merely printable may hold anything. */
import { describe, expect, it } from 'vitest';
import { type Conversation, conversation } from '../support/conversation.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('searched');
const draw = random(48);
const hex = (bytes: number): string =>
  Array.from({ length: bytes }, () => draw.below(256).toString(16).padStart(2, '0')).join('');
const grouped = (text: string, size: number, by: string): string =>
  (text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(by);

const share = () =>
  JSON.stringify({
    id: 2,
    method: 'submit',
    params: { id: hex(8), job_id: hex(8), nonce: hex(4), result: hex(32) },
  });
const job = () =>
  JSON.stringify({ method: 'job', params: { job_id: hex(8), blob: hex(76), target: 'b88d0600' } });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const bytesOf = (text: string): string => Buffer.from(text).toString('hex');

/** Twenty minutes in which both sides say lines. */
function lines(client: () => string, server: () => string): Conversation {
  const talk = conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7000' }).connect();
  for (let i = 0; i < 40; i++)
    talk.after(15).minerSays(`${client()}\r\n`).after(15).poolSays(`${server()}\r\n`);
  return talk.close();
}

let files = 0;
async function judgedAs(talk: Conversation): Promise<{ ways: string[]; hosts: number }> {
  const { coverage, hosts } = await scanInputs([writeCapture(folder, `${++files}`, talk.toPackets())]);
  const { notJudged, ...ways } = coverage.judged;
  const found = Object.entries({ ...ways, ...notJudged }).filter(
    ([, { conversations }]) => conversations > 0,
  );
  return { ways: found.map(([way]) => way), hosts: hosts.length };
}

const ENCODINGS: readonly [string, (text: string) => string][] = [
  ['hex in pairs', (text) => grouped(bytesOf(text), 2, ' ')],
  ['hex in groups of eight', (text) => grouped(bytesOf(text), 8, ' ')],
  ['decimal numbers', (text) => Buffer.from(text).join(' ')],
  ['base64 in groups', (text) => grouped(base64(text), 10, ' ')],
  ['base64 in short lines', (text) => `msg ${grouped(base64(text), 24, ' ok\r\nmsg ')} ok`],
  ['base64 behind the head of syslog', (text) => `<134>Dec  1 10:00:00 host app: ${base64(text)}`],
  ['hex behind the head of syslog', (text) => `<134>Dec  1 10:00:00 host app: ${bytesOf(text)}`],
];

describe('a session in text that is not in words is not searched', () => {
  it.each(ENCODINGS)('as %s', async (_, encoded) => {
    const talk = lines(
      () => encoded(share()),
      () => encoded(job()),
    );
    expect(await judgedAs(talk)).toEqual({ ways: ['unread'], hosts: 0 });
  });

  it('as commands of its own', async () => {
    const talk = lines(
      () => `SHARE ${hex(8)} ${hex(4)} ${hex(32)}`,
      () => `WORK ${hex(8)} b88d0600 ${hex(76)}`,
    );
    expect(await judgedAs(talk)).toEqual({ ways: ['unread'], hosts: 0 });
  });

  it('as sentences with words of mining', async () => {
    const talk = lines(
      () => 'please submit share number seven of the wallet in the house by the river',
      () => 'share accepted, and the next one is at the gate of the old mill',
    );
    expect(await judgedAs(talk)).toEqual({ ways: ['unread'], hosts: 0 });
  });
});

describe('text in words is searched', () => {
  const CASES: readonly [string, () => string, () => string][] = [
    [
      'a console',
      () => 'show interface status',
      () => 'GigabitEthernet0/1 is up, line protocol is up, 1538 packets input',
    ],
    ['a store', () => '*3\r\n$3\r\nSET\r\n$9\r\nsession:7\r\n$5\r\nhello', () => '+OK'],
    [
      'a mailbox',
      () => 'a7 UID FETCH 1:* (FLAGS)',
      () => '* 12 FETCH (UID 4711 FLAGS (\\Seen))\r\na7 OK done',
    ],
    [
      'figures with their names',
      () => 'fetch memory',
      () => 'apps.value 123456789\r\nfree.value 55512\r\nbuffers.value 1234',
    ],
  ];
  it.each(CASES)('of %s', async (_, client, server) => {
    expect(await judgedAs(lines(client, server))).toEqual({ ways: ['searched'], hosts: 0 });
  });
});
