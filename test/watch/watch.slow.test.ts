/** A watch in this process: captures that come out of order, reads that fail, and what the audits say of them. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { watch } from '../../src/watch/watch.ts';
import type { WatchOptions } from '../../src/watch/watch-options.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { essence, scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PACKETS = readCapture(path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap')).map(
  (packet) => ({
    ...packet,
    timeUs: Math.floor(packet.timeUs),
  }),
);
const PARTS = 6;

function part(i: number): readonly CapturedPacket[] {
  const edge = (at: number): number => Math.floor((at * PACKETS.length) / PARTS);
  return PACKETS.slice(edge(i), edge(i + 1));
}

class Watched {
  readonly folder = temporaryFolder('watched');
  readonly state = path.join(temporaryFolder('state'), 'state');
  readonly log: string[] = [];
  audit: Audit | null = null;
  private readonly stopping = new AbortController();
  private readonly ended: Promise<boolean>;

  constructor(more: Partial<WatchOptions> = {}, before?: Watched) {
    if (before !== undefined) {
      this.folder = before.folder;
      this.state = before.state;
    }
    const options: WatchOptions = {
      ...{ inputs: [this.folder], local: [], poolFiles: [], allowFile: null, hash: false, inputFormat: null },
      ...{ stateFile: this.state, period: 'day', everyUs: 0, quietUs: 100_000, signal: this.stopping.signal },
      log: (_, message) => this.log.push(message),
      onAudit: async (audit) => {
        this.audit = audit;
      },
      ...more,
    };
    this.ended = watch(options, { wanted: false });
    running.push(this);
  }

  path(i: number): string {
    return path.join(this.folder, `part-${i}.pcap`);
  }

  drop(i: number, days = 0): void {
    const packets = part(i).map((packet) => ({ ...packet, timeUs: packet.timeUs + days * 86_400e6 }));
    writeFileSync(`${this.path(i)}.part`, writePcap(packets));
    renameSync(`${this.path(i)}.part`, this.path(i));
  }

  async until(met: () => boolean): Promise<void> {
    for (let i = 0; i < 200 && !met(); i++) await sleep(50);
    expect(met(), this.log.join('\n')).toBe(true);
  }

  /** Until so many files are in the audit. */
  has(inputs: number): Promise<void> {
    return this.until(() => this.audit?.inputs.length === inputs);
  }

  async dropEach(...parts: readonly number[]): Promise<void> {
    for (const i of parts) {
      const inputs = this.audit?.inputs.length ?? 0;
      this.drop(i);
      await this.has(inputs + 1);
    }
  }

  stop(): Promise<boolean> {
    this.stopping.abort();
    return this.ended;
  }
}

const running: Watched[] = [];

afterEach(async () => {
  for (const watched of running.splice(0)) await watched.stop();
});

function whole(watched: Watched, parts: readonly number[]): Promise<Audit> {
  return scanInputs(parts.map((i) => watched.path(i)));
}

const ALL = [0, 1, 2, 3, 4, 5];
const codes = (audit: Audit | null): string[] => (audit?.notes ?? []).map(({ code }) => code);

describe('a capture that comes behind later ones', () => {
  it('is read in its turn, and the later ones again', async () => {
    const watched = new Watched();
    await watched.dropEach(0, 1, 3, 4, 2, 5);
    expect(await watched.stop()).toBe(true);
    const audit = await whole(watched, ALL);
    expect(essence(watched.audit as Audit)).toEqual(essence(audit));
    expect(audit.sessions[0].shares.accepted).toBeGreaterThan(0);
    expect(codes(watched.audit)).not.toContain('captures-out-of-order');
    expect(watched.log.join()).toContain('files are read again');
  }, 30_000);

  it('is so after a restart', async () => {
    const before = new Watched();
    await before.dropEach(0, 1, 3);
    await before.stop();
    const watched = new Watched({}, before);
    watched.drop(2);
    await watched.has(4);
    await watched.stop();
    expect(essence(watched.audit as Audit)).toEqual(essence(await whole(watched, [0, 1, 2, 3])));
  }, 30_000);

  it('is read in pieces if those are gone, and counted', async () => {
    const watched = new Watched();
    await watched.dropEach(0, 1, 3, 4);
    rmSync(watched.path(4));
    await watched.dropEach(2);
    await watched.stop();
    expect(watched.audit?.notes).toContainEqual(
      expect.objectContaining({ code: 'captures-out-of-order', params: { count: 1 } }),
    );
    expect(watched.audit?.inputs.map(({ packets }) => packets)).toEqual(
      [0, 1, 3, 4, 2].map((i) => part(i).length),
    );
  }, 30_000);
});

describe('a read that fails', () => {
  it.each([0, 2])(
    'leaves nothing of the file behind, and is counted: part %i',
    async (bad) => {
      const watched = new Watched({
        onProgress: ({ input }) => {
          if (input.endsWith(`part-${bad}.pcap`)) throw new Error('an injected fault');
        },
      });
      for (const i of ALL) watched.drop(i);
      await watched.has(ALL.length);
      await watched.stop();
      const others = ALL.filter((i) => i !== bad);
      expect(essence(watched.audit as Audit)).toEqual(essence(await whole(watched, others)));
      expect(watched.audit?.inputs).toContainEqual(
        expect.objectContaining({
          ...{ path: watched.path(bad), kind: 'unreadable' },
          damage: [expect.objectContaining({ kind: 'read-error' })],
        }),
      );
      expect(watched.audit?.coverage.complete).toBe(false);
      expect(watched.log.join()).toContain('an injected fault');
    },
    30_000,
  );
});

it('the audit of a period waits while it cannot be written', async () => {
  const written = new Map<string | null, Audit>();
  let isFull = true;
  const watched: Watched = new Watched({
    onAudit: async (audit, closed) => {
      if (closed !== null && isFull) throw new Error('no room');
      written.set(closed, audit);
      watched.audit = audit;
    },
  });
  watched.drop(0);
  watched.drop(1);
  await watched.has(2);
  // Both begin so long after midnight that no file is waited for any more.
  for (const i of [3, 4]) {
    watched.drop(i, 1);
    await watched.until(() => written.get(null)?.inputs.at(-1)?.path === watched.path(i));
  }
  expect(watched.log.join()).toContain('no room');
  isFull = false;
  watched.drop(5, 1);
  await watched.until(() => written.has('2026-11-24'));
  await watched.stop();
  const day = { sinceUs: Date.UTC(2026, 10, 24) * 1000, untilUs: Date.UTC(2026, 10, 25) * 1000 };
  const asked = await scanInputs(
    [0, 1, 3].map((i) => watched.path(i)),
    day,
  );
  expect(essence(written.get('2026-11-24') as Audit)).toEqual(essence(asked));
}, 30_000);
