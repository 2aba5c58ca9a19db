/** Names that reverse look-ups in the traffic give hosts say whose they are, where they end as only some holders' do. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { concat, ethernet, hex, ipv4, udp } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START_US = 1_795_560_000_000_000;

function labels(name: string): Uint8Array {
  const parts = name.split('.').map((label) => concat(Uint8Array.of(label.length), Buffer.from(label)));
  return concat(...parts, Uint8Array.of(0));
}

/** The answer to a reverse look-up: one PTR record. */
function pointer(question: string, name: string): CapturedPacket {
  const target = labels(name);
  const message = concat(
    hex('0007 8180 0001 0001 0000 0000'),
    labels(question),
    hex('000c 0001 c00c 000c 0001 0000 0e10'),
    Uint8Array.of(target.length >> 8, target.length & 255),
    target,
  );
  const { bytes } = ethernet(
    {},
    ipv4({ source: '198.51.100.53' }, udp({ sourcePort: 53, destinationPort: 40_000 }, message)),
  );
  return { timeUs: START_US - 1_000_000, bytes, wireBytes: bytes.length, linkType: 1 };
}

function mining(ip: string): CapturedPacket[] {
  const job = { blob: 'ab'.repeat(76), job_id: 'j1', target: 'b88d0600', algo: 'rx/0' };
  const talk = conversation({
    miner: `${ip}:50123`,
    pool: '198.51.100.68:3333',
    startUs: START_US,
  }).connect();
  talk.minerSays({ id: 1, method: 'login', params: { login: 'w', pass: 'x', agent: 'XMRig/6.21.0' } });
  talk.poolSays({ id: 1, error: null, result: { id: 's', status: 'OK', job } });
  talk.minerSays({
    id: 2,
    method: 'submit',
    params: { id: 's', job_id: 'j1', nonce: '01020304', result: '00'.repeat(32) },
  });
  talk.poolSays({ id: 2, error: null, result: { status: 'OK' } });
  return talk.toPackets();
}

async function ownerOf(ip: string, ...answers: readonly CapturedPacket[]) {
  const audit = await scanInputs([writeCapture(folder, `reverse-${ip}`, [...answers, ...mining(ip)])]);
  const host = audit.hosts.find((each) => each.ip === ip);
  return [host?.owner.class, host?.owner.source, host?.owner.rule?.text];
}

describe('a name by reverse DNS', () => {
  it('says whose host it is behind the line of an operator', async () => {
    expect(await ownerOf('218.2.135.1')).toEqual([
      'isp',
      'asn-table',
      'AS4134 is China Telecom ChinaNet backbone',
    ]);
    expect(
      await ownerOf('218.2.135.2', pointer('2.135.2.218.in-addr.arpa', 'mail.tjj.nanjing.gov.cn')),
    ).toEqual(['government', 'domain', 'host name mail.tjj.nanjing.gov.cn ends in "gov.cn"']);
  });

  it('says nothing where it is the operator’s own, or that of another host', async () => {
    expect(
      await ownerOf('218.2.135.3', pointer('3.135.2.218.in-addr.arpa', 'dyn-3.135.2.218.js.example')),
    ).toEqual(['isp', 'asn-table', 'AS4134 is China Telecom ChinaNet backbone']);
    expect((await ownerOf('218.2.135.4', pointer('5.135.2.218.in-addr.arpa', 'www.nju.edu.cn')))[0]).toBe(
      'isp',
    );
  });
});
