/** An alert of Suricata without a time is nobody's (found by the fuzzer: it ended the run). */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ALERT = {
  event_type: 'alert',
  src_ip: '10.0.0.5',
  src_port: 51000,
  dest_ip: '198.51.100.20',
  dest_port: 3333,
  proto: 'TCP',
  alert: { signature: 'ET COINMINER Stratum login', category: 'Crypto Currency Mining Activity Detected' },
};

it('an alert without a time makes no host, one with a time does', async () => {
  const file = path.join(temporaryFolder(), 'eve.json');
  writeFileSync(file, `${JSON.stringify({ tiimestamp: '2023-11-14T22:13:20Z', ...ALERT })}\n`);
  expect((await scanInputs([file], { inputFormat: 'eve' })).hosts).toEqual([]);
  writeFileSync(file, `${JSON.stringify({ timestamp: '2023-11-14T22:13:20.000000+0000', ...ALERT })}\n`);
  const { hosts } = await scanInputs([file], { inputFormat: 'eve' });
  expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['10.0.0.5', 'listed']]);
});
