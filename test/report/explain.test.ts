/**
 * The story of a host as a page: golden text of a laboratory miner, hostile words made harmless, nothing wider than
 * the page and nothing lost from it.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { renderExplanation } from '../../src/report/explain/explain.ts';
import { widthOf } from '../../src/report/width.ts';
import { verbatim } from '../../src/statements/index.ts';
import { sampleAudit, XMR_WALLET } from '../support/sample-audit.ts';
import { scanInputs } from '../support/scanning.ts';
import { laboratoryCapture } from '../support/truth.ts';

function explained(audit: Audit, ip: string, width = 80): string {
  const host = audit.hosts.find((each) => each.ip === ip);
  if (host === undefined) throw new Error(`the audit has no host ${ip}`);
  return [...renderExplanation(audit, host, { width, zone: 'UTC', language: 'en' })].join('');
}

/** The audit of a laboratory capture, with the input under its bare name. */
async function laboratoryAudit(name: string): Promise<Audit> {
  const { capture } = laboratoryCapture(name);
  const text = JSON.stringify(await scanInputs([capture]));
  const audit: Audit = JSON.parse(
    text.replaceAll(JSON.stringify(capture).slice(1, -1), path.basename(capture)),
  );
  // Owners and power are weighed by other parts of the program, whose figures change with their data.
  for (const host of audit.hosts) {
    host.owner = { ...host.owner, class: 'unknown', name: null, reasons: [] };
    host.power = null;
  }
  return audit;
}

describe('the explanation', () => {
  it.each(['xmr-socks5', 'xmr-plain-vardiff'])('of %s is the golden text', async (name) => {
    const audit = await laboratoryAudit(name);
    await expect(explained(audit, laboratoryCapture(name).miner)).toMatchFileSnapshot(
      `golden/explain-${name}.txt`,
    );
  });

  it('tells how the rate from nonces moved, where more than one span of 15 minutes is known', async () => {
    const audit = await laboratoryAudit('xmr-plain-vardiff');
    const { miner } = laboratoryCapture('xmr-plain-vardiff');
    expect(explained(audit, miner, 1000)).not.toContain('In spans of 15 minutes');
    const counter = audit.sessions[0]?.counter;
    if (counter === null || counter === undefined) throw new Error('no counter');
    const span = { start: '', end: '', shares: 9 };
    counter.series = [
      { ...span, estimate: 36, low95: 34, high95: 38 },
      { ...span, estimate: 30, low95: 28, high95: 31 },
    ];
    expect(explained(audit, miner, 1000)).toContain(
      ' In spans of 15 minutes: 30.0 H/s – 36.0 H/s; in the last: 30.0 H/s (28.0–31.0).',
    );
  });

  it('names the other addresses of a machine that moved, and since when it is seen', () => {
    const audit = sampleAudit();
    const [{ ip }] = audit.hosts;
    const span = (address: string, day: number) => ({
      ip: address,
      from: `2026-03-0${day}T08:00:00.000000Z`,
      to: `2026-03-0${day}T09:00:00.000000Z`,
    });
    const moved = {
      ...{
        id: 'lab-17',
        basis: 'lease' as const,
        names: ['lab-17'],
        verdict: 'confirmed' as const,
        roles: [],
      },
      ...{ algorithms: [], hashrate: [], power: null },
      addresses: [span('192.0.2.200', 1), span(ip, 2)],
    };
    audit.machines = [
      { ...moved, id: 'other', addresses: [span('192.0.2.201', 1)] } as never,
      moved as never,
    ];
    expect(explained(audit, ip, 1000)).toContain(
      'The same machine, seen since 2026-03-01 08:00:00.000 UTC, also had 192.0.2.200 (2026-03-01 08:00:00 – 09:00:00 UTC); explain these too.',
    );
  });

  it('says of an encrypted session what is not known', () => {
    expect(explained(sampleAudit(), '198.18.204.200', 120)).toContain(
      '1 session is encrypted: names, bytes and timing are known, work and rate are not observable.',
    );
  });

  it('keeps a long account whole, over several lines', () => {
    const squeezed = explained(sampleAudit(), '192.0.2.11', 40).replace(/\n */g, '');
    expect(squeezed).toContain(XMR_WALLET);
  });

  it.each([40, 60, 80, 120])('is never wider than %d columns', (width) => {
    const audit = sampleAudit();
    for (const { ip } of audit.hosts) {
      const lines = explained(audit, ip, width).split('\n');
      expect(lines.filter((line) => widthOf(line) > width)).toEqual([]);
    }
  });

  it('shows hostile words and lets none of them act', () => {
    const audit = sampleAudit();
    const evil = '\u001b]0;pwned\u0007\u202e\r\n\u200b\ud800<script>';
    for (const host of audit.hosts) {
      for (const fact of host.evidence) {
        Object.assign(fact, verbatim(evil));
        fact.kind = evil;
        fact.input = evil;
      }
      host.owner = { ...host.owner, name: evil, reasons: [verbatim(evil)] };
      for (const row of host.hashrate) row.algorithm = evil;
    }
    for (const session of audit.sessions) {
      session.agent = evil;
      session.dialect = evil;
      session.reason = verbatim(evil);
      session.algorithm = evil;
      session.pool = { ...session.pool, names: [evil], pool: evil };
      session.logins = [{ account: evil, worker: evil }];
      session.rejects = { [evil]: 1 };
    }
    for (const { ip } of audit.hosts) {
      const text = explained(audit, ip);
      expect(text).toContain('\\u{1b}');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e\ud800]/u);
    }
  });
});

it('says of a worker that is named like its password that it is hidden', () => {
  const audit = sampleAudit();
  const session = audit.sessions.find(({ logins }) => logins.length > 0) ?? expect.fail();
  session.logins = [{ account: 'account1', worker: '***' }];
  expect(explained(audit, session.miner.ip, 1000)).toContain(
    'account1 as worker equal to its password, hidden',
  );
});
