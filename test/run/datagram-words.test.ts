/** Words of mining in JSON over UDP accuse only if one side sends shares and the other jobs, not by a name that others use too. */
import { expect, it } from 'vitest';
import { ethernet, ipv4, udp } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('datagram-words');
const [CLIENT, SERVER] = ['192.0.2.1', '198.51.100.1'];
const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
let files = 0;

/** Ten minutes in which both sides say this each ten seconds. */
async function verdicts(client: unknown, server: unknown): Promise<readonly string[]> {
  const packets = Array.from({ length: 60 }, (_, i) =>
    [client, server].map((said, from) => {
      const [source, destination] = from === 0 ? [CLIENT, SERVER] : [SERVER, CLIENT];
      const [sourcePort, destinationPort] = from === 0 ? [40_000, 5555] : [5555, 40_000];
      const datagram = udp({ sourcePort, destinationPort }, Buffer.from(JSON.stringify(said)));
      const { bytes } = ethernet({}, ipv4({ source, destination, protocol: 17 }, datagram));
      return { timeUs: (1_760_000_000 + i * 10 + from) * 1e6, linkType: 1, bytes, wireBytes: bytes.length };
    }),
  ).flat();
  const { hosts } = await scanInputs([writeCapture(folder, `${++files}`, packets)]);
  return hosts.map(({ verdict }) => verdict);
}

it.each([
  [
    'a miner of Monero',
    { method: 'submit', params: { id: 's', job_id: 'j1', nonce: '9f767c45', result: H } },
    { method: 'job', params: { job_id: 'j1', blob: H, target: 'b88d0600', seed_hash: H } },
  ],
  [
    'a miner of Bitcoin',
    { id: 4, method: 'mining.submit', params: ['w', 'j1', '00000000', '68a0a6f3', '9f767c45'] },
    {
      id: null,
      method: 'mining.notify',
      params: ['j1', H, H, H, [], '20000000', '17034219', '68a0a6f3', true],
    },
  ],
])('%s is suspected', async (_, client, server) => {
  expect(await verdicts(client, server)).toEqual(['suspected']);
});

it.each([
  [
    'a game',
    { action: 'submit', nonce: 7, job_id: 'smith', item: 'pickaxe' },
    { target: 'ore', blob: 'aa00', difficulty: 'hard', job_id: 'smith' },
  ],
  [
    'shared password recovery',
    { action: 'sendProgress', submit: true, job_id: 3, nonce: '9f76', hashrate: 123_456 },
    { action: 'getChunk', job_id: 3, target: H, difficulty: 0 },
  ],
  [
    'a proof of work at a log-in',
    { op: 'login', nonce: H, job_id: 'a' },
    { op: 'challenge', target: H, difficulty: 4, job_id: 'a' },
  ],
  [
    'a queue of builds',
    { method: 'submit', job_id: 5, nonce: '9f7' },
    { method: 'job', job_id: 5, target: 'release', blob: 'aa00' },
  ],
  [
    'a timelord of Chia',
    { method: 'submit', nonce: 3, proof: H },
    { target: H, difficulty: 12_345, iters: 90_000, challenge: H },
  ],
])('%s is not', async (_, client, server) => {
  expect(await verdicts(client, server)).toEqual([]);
});
