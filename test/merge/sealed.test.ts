/** An audit that is read again to be made fit to share carries no packet of anybody, bystanders included. */
import { describe, expect, it } from 'vitest';
import type { AuditEdges } from '../../src/audit/edges.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START_US = 1_700_000_000_000_000;
const HOUR_US = 3_600_000_000;

/** Packets that are carried, of flows of any kind. */
function packetsIn({ flows, nameless }: AuditEdges): string[] {
  return [...flows, ...nameless].flatMap(({ head, tail }) => [...head, ...tail]);
}

describe('edges without packets', () => {
  it('have none of a connection within the input whose server nobody named either', async () => {
    // An hour of silence behind the first, so that it is over when the input ends.
    const talks = [0, 1].map((hour) =>
      conversation({
        miner: `192.0.2.7:4000${hour}`,
        pool: '198.51.100.80:80',
        startUs: START_US + hour * HOUR_US,
      })
        .connect()
        .minerSays(Buffer.from('PROPFIND /payroll HTTP/1.1\r\nCookie: id=71\r\n\r\n'))
        .poolSays(Buffer.from('HTTP/1.1 207 Multi-Status\r\nContent-Length: 0\r\n\r\n'))
        .close()
        .toPackets(),
    );
    const audit = await scanInputs([writeCapture(folder, 'bystander', talks.flat())]);
    expect(audit.edges?.nameless.flatMap(({ head }) => head)).not.toEqual([]);
    const { edges } = await mergeAll([partOf(audit, 'audit')], { sealed: true });
    expect(edges?.nameless).toHaveLength(1);
    expect(edges === undefined ? null : packetsIn(edges)).toEqual([]);
  });
});
