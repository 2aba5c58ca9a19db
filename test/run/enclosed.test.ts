/**
 * The outer conversation counts: whoever answers in the right places a session that a mail, a file, a store or a body quotes, the
 * two ends are no miner and no pool. At most they are suspected; the same lines on a connection of their own are mining.
 */
import { describe, expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
const job = {
  blob: `1010d7a1b2c306${H}00000000${H}05`,
  job_id: 'j1',
  target: 'b88d0600',
  algo: 'rx/0',
  height: 3_310_021,
  seed_hash: H,
};
const TURNS: readonly (readonly [0 | 1, object])[] = [
  [0, { id: 1, jsonrpc: '2.0', method: 'login', params: { login: XMR, pass: 'x', agent: 'XMRig/6.22.2' } }],
  [1, { id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } }],
  ...[2, 3, 4].flatMap((id): (readonly [0 | 1, object])[] => [
    [
      0,
      {
        id,
        jsonrpc: '2.0',
        method: 'submit',
        params: { id: 's', job_id: 'j1', nonce: `0000000${id}`, result: H },
      },
    ],
    [1, { id, jsonrpc: '2.0', error: null, result: { status: 'OK' } }],
  ]),
];

/** The verdicts on a connection that begins so, the server first, and in which the session is then said by turns. */
async function verdictsBehind(
  name: string,
  before: readonly (readonly [0 | 1, string])[],
): Promise<string[]> {
  const talk = conversation({ miner: '192.0.2.5:40000', pool: '198.51.100.7:25' }).connect();
  for (const [side, text] of before) {
    const bytes = Buffer.from(text);
    side === 0 ? talk.minerSays(bytes) : talk.poolSays(bytes);
  }
  for (const [side, message] of TURNS) side === 0 ? talk.after(2).minerSays(message) : talk.poolSays(message);
  const { hosts } = await scanInputs([writeCapture(folder, name, talk.toPackets())]);
  return hosts.map(({ verdict }) => verdict);
}

describe('a session that is quoted where a stranger answers', () => {
  it.each([
    [
      'mail',
      [
        [1, '220 mx.example ESMTP\r\n'],
        [0, 'EHLO bounce.example\r\n'],
        [1, '250 mx.example\r\n'],
        [0, 'MAIL FROM:<>\r\n'],
        [1, '250 ok\r\n'],
        [0, 'DATA\r\n'],
        [1, '354 go\r\n'],
        [0, 'Subject: Undelivered Mail Returned to Sender\r\n\r\n'],
      ],
    ],
    [
      'a mailbox',
      [
        [1, '* OK IMAP4rev1 ready\r\n'],
        [0, 'a1 LOGIN u p\r\n'],
        [1, 'a1 OK\r\n'],
        [0, 'a2 APPEND INBOX {2000}\r\n'],
        [1, '+ go\r\n'],
      ],
    ],
    [
      'files',
      [
        [1, '220 FTP ready\r\n'],
        [0, 'USER anonymous\r\n'],
        [1, '331 password\r\n'],
      ],
    ],
    [
      'a store',
      [
        [0, '*1\r\n$4\r\nPING\r\n'],
        [1, '+PONG\r\n'],
      ],
    ],
    [
      'a queue',
      [
        [1, 'INFO {"server_id":"x","version":"2.10.0"}\r\n'],
        [0, 'CONNECT {"verbose":false}\r\n'],
        [1, '+OK\r\n'],
      ],
    ],
    [
      'an upload',
      [
        [0, 'POST /log HTTP/1.1\r\nHost: a.example\r\nContent-Length: 90000\r\n\r\nthe log of today:\n'],
        [1, 'HTTP/1.1 100 Continue\r\n\r\n'],
      ],
    ],
  ] as const)('in %s makes nobody more than suspected', async (name, before) => {
    for (const verdict of await verdictsBehind(name.replaceAll(' ', '-'), before))
      expect(['suspected', 'attempted', 'listed']).toContain(verdict);
  });

  it.each([
    ['nothing', []],
    ['a banner that the client does not answer to', [[1, '220 welcome\r\n']]],
    [
      'a page',
      [
        [0, 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'],
        [1, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
      ],
    ],
  ] as const)('is mining behind %s', async (name, before) => {
    expect(await verdictsBehind(`free-${name.length}`, before)).toEqual(['confirmed']);
  });
});
