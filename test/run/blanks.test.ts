/** What stands before a message, on either side, hides none: blanks of any length, a line of something else, a batch. */
import { expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('blanks');
const LOGIN = {
  id: 1,
  jsonrpc: '2.0',
  method: 'login',
  params: { login: 'x', pass: 'x', agent: 'XMRig/6.22.0' },
};
const JOB = {
  blob: `0606${'5a'.repeat(74)}`,
  job_id: '7',
  target: 'b88d0600',
  algo: 'rx/0',
  height: 3_000_000,
  seed_hash: '11'.repeat(32),
};

/** The verdict on a miner of which each message is written like this, and whose sides say something else first. */
async function verdictOf(name: string, write: (text: string) => string, first: string, answer = 'ok\n') {
  const talk = conversation({ miner: '192.0.2.11:4000', pool: '198.51.100.9:14433' }).connect();
  const bytes = (said: object): Buffer => Buffer.from(`${write(JSON.stringify(said))}\n`, 'latin1');
  if (first !== '') talk.minerSays(Buffer.from(first)).poolSays(Buffer.from(answer));
  talk.minerSays(bytes(LOGIN));
  talk.poolSays(bytes({ id: 1, jsonrpc: '2.0', error: null, result: { id: 'a', job: JOB, status: 'OK' } }));
  for (let id = 2; id < 8; id++) {
    const params = { id: 'a', job_id: '7', nonce: `0000000${id}`, result: `${'c'.repeat(57)}${id}000000` };
    talk.after(5).minerSays(bytes({ id, jsonrpc: '2.0', method: 'submit', params }));
    talk.poolSays(bytes({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } }));
  }
  const { hosts } = await scanInputs([writeCapture(folder, `${name}.pcap`, talk.toPackets())]);
  return hosts.map(({ ip, verdict }) => [ip, verdict]);
}

const before =
  (blanks: string) =>
  (text: string): string =>
    blanks + text;

it.each([
  { name: 'plain', write: before(''), first: '' },
  { name: 'twelve blanks', write: before(' '.repeat(12)), first: '' },
  { name: 'a thousand blanks', write: before(' '.repeat(1000)), first: '' },
  { name: 'more blanks than a segment has room for', write: before(' \t'.repeat(5000)), first: '' },
  { name: 'a line end', write: before('\n'), first: '' },
  { name: 'a record separator', write: before('\x1e'), first: '' },
  { name: 'many record separators', write: before('\x1e'.repeat(40)), first: '' },
  { name: 'a form feed', write: before('\f'), first: '' },
  { name: 'a batch', write: (text: string) => `[${text}]`, first: '' },
  { name: 'a batch behind a line end', write: (text: string) => `\r\n[ ${text} ]`, first: '' },
  { name: 'a line of something else', write: before(''), first: 'hello\n' },
  { name: 'a line of something else, and line ends', write: before('\n'), first: 'hello\n' },
  { name: 'a line of another protocol', write: before(''), first: '\n', answer: 'JOB,\n' },
])('$name', async ({ name, write, first, answer }) => {
  expect(await verdictOf(name.replaceAll(/\W/g, '-'), write, first, answer)).toContainEqual([
    '192.0.2.11',
    'confirmed',
  ]);
});
