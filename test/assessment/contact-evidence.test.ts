/** What flow records and sensors tell of a host, as evidence: every verdict has its reason, with its figures. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function file(name: string, lines: readonly object[]): string {
  const target = path.join(temporaryFolder('evidence'), name);
  writeFileSync(target, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return target;
}

const told = async (input: string) =>
  (await scanInputs([input])).hosts.map(({ ip, verdict, evidence }) => [
    ip,
    verdict,
    evidence.map(({ kind, strength, text, record }) => ({ kind, strength, text, record })),
  ]);

const conn = (port: number, from: number) => ({
  ts: 1_772_438_400 + from,
  'id.orig_h': '192.0.2.11',
  'id.orig_p': port,
  'id.resp_h': '198.51.100.10',
  'id.resp_p': 14_444,
  proto: 'tcp',
  duration: 3600,
  conn_state: 'SF',
  history: 'ShADadFf',
  orig_pkts: 300,
  orig_ip_bytes: 42_000,
  resp_pkts: 220,
  resp_ip_bytes: 50_600,
});

describe('evidence of flow records', () => {
  it('tells the figures of what behaves like mining', async () => {
    expect(await told(file('conn.log', [conn(50_000, 0), conn(50_001, 3610)]))).toEqual([
      [
        '192.0.2.11',
        'suspected',
        [
          {
            kind: 'behaviour',
            strength: 'hint',
            text: 'one server over many connections, low and steady traffic in both directions; 2 connections of 1 h on average with 198.51.100.10:14444; active in 121 of 121 minutes; per minute 5 packets of 140 B out, 3.67 of 230 B in; likeness 1.6 (suspected from 0.5), reduced by share-size 1.4, scatter-in 1.2',
            record: 1,
          },
        ],
      ],
    ]);
  });

  it('tells the rule of a sensor that fired', async () => {
    const alert = {
      timestamp: '2026-03-02T08:00:00.000000+0000',
      flow_id: 1,
      event_type: 'alert',
      src_ip: '192.0.2.5',
      src_port: 40_000,
      dest_ip: '198.51.100.9',
      dest_port: 3333,
      proto: 'TCP',
      alert: { signature: 'ET COINMINER login', category: 'Crypto Currency Mining Activity Detected' },
    };
    expect(await told(file('eve.json', [alert]))).toEqual([
      [
        '192.0.2.5',
        'listed',
        [
          {
            kind: 'sensor-alert',
            strength: 'hint',
            text: 'ET COINMINER login, with 198.51.100.9:3333',
            record: 1,
          },
        ],
      ],
    ]);
  });
});
