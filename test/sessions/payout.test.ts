/** An address says who is paid, and not what is mined. */
import { describe, expect, it } from 'vitest';
import { type Conversation, conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { dropFromPort } from '../support/transform.ts';

const folder = temporaryFolder();
const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const COINBASE = `01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff1c03a3cf1d2f6d696e6573776565702d746573742f`;
const LTC = 'LQtsB5VxwPqZ9jwvXeJgEi6iQuQceY5BXN';
const BTC = 'bc1qgpgckh9ahuu6jdw6jthn6yp7lysfcn5sgmfkvh';
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';

/** Stratum v1 with jobs of a network difficulty between 1e3 and 5e9, as of X11, scrypt and dozens of others. */
function stratum(login: string): Conversation {
  let talk = conversation({ miner: '10.7.0.21:49152', pool: '198.51.100.40:3333' })
    .connect()
    .minerSays({ id: 1, method: 'mining.subscribe', params: ['cpuminer-opt/24.5'] })
    .poolSays({ id: 1, result: [[['mining.notify', 'a']], '08000002', 4], error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: [login, 'c=LTC'] })
    .poolSays({ id: 2, result: true, error: null })
    .poolSays({ id: null, method: 'mining.set_difficulty', params: [0.5] });
  for (let at = 0; at < 4; at++) {
    const id = `j${at}`;
    const job = [
      id,
      H,
      COINBASE,
      'ffffffff01205fa012000000001600aa',
      [],
      '20000000',
      '1902a1b2',
      `68a1b2c${at}`,
      true,
    ];
    talk = talk
      .poolSays({ id: null, method: 'mining.notify', params: job })
      .after(12)
      .minerSays({
        id: 4 + at,
        method: 'mining.submit',
        params: [login, id, '0000000a', `68a1b2c${at}`, `0000a1b${at}`],
      })
      .poolSays({ id: 4 + at, result: true, error: null });
  }
  return talk;
}

/** CryptoNote's envelope around another algorithm, as a pool of several sends it. */
function cryptonote(algo: string): Conversation {
  const job = { job_id: 'a', blob: `1010f1d69ad606${H}00000000${H}1f`, target: 'b88d0600', algo };
  let talk = conversation({ miner: '10.7.0.21:49152', pool: '198.51.100.40:3333' })
    .connect()
    .minerSays({ id: 1, method: 'login', params: { login: XMR, pass: 'x', agent: 'SRBMiner-MULTI/2.6.1' } })
    .poolSays({ id: 1, result: { id: 's', job, status: 'OK' }, error: null });
  for (let id = 2; id < 9; id++)
    talk = talk
      .after(9)
      .minerSays({ id, method: 'submit', params: { id: 's', job_id: 'a', nonce: `0000000${id}`, result: H } })
      .poolSays({ id, result: { status: 'OK' }, error: null });
  return talk;
}

async function mined(name: string, packets: ReturnType<Conversation['toPackets']>): Promise<unknown> {
  const audit = await scanInputs([writeCapture(folder, name, packets)]);
  return audit.sessions.map(({ algorithm, coin, hashrate }) => ({ algorithm, coin, rates: hashrate.length }));
}

describe('an address of a coin that pools pay in', () => {
  const unknown = [{ algorithm: null, coin: null, rates: 0 }];
  it.each([
    ['LTC', LTC],
    ['BTC', BTC],
    ['DASH', 'XfKYDVuATJexbxEgf1JGdqEM7NEr7bKUfT'],
    ['XMR', XMR],
    ['LTC with its coin before it', `LTC:${LTC}.rig1#ab12-cd34`],
  ])('of %s names no algorithm, coin or rate, by both directions or one', async (name, login) => {
    const packets = stratum(login).toPackets();
    expect(await mined(`${name}-both`, packets)).toEqual(unknown);
    expect(await mined(`${name}-miner`, dropFromPort(packets, 3333))).toEqual(unknown);
    // The account is in the login, which only the miner sends.
    expect(await mined(`${name}-pool`, dropFromPort(packets, 49152))).toEqual(unknown);
  });

  it('of XMR is none of what the jobs name, also where they are not seen', async () => {
    const packets = cryptonote('kawpow').toPackets();
    expect(await mined('xmr-both', packets)).toMatchObject([{ algorithm: 'kawpow' }]);
    expect(await mined('xmr-miner', dropFromPort(packets, 3333))).toEqual(unknown);
  });
});
