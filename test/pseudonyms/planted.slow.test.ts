/**
 * The accounts of every dialect's conversation, planted in every text that either side says in it, one text at a time and in
 * several spellings, and looked for in every format of the audit with pseudonyms.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pseudonymizeAudit } from '../../src/pseudonyms/audit.ts';
import { createPseudonymizer } from '../../src/pseudonyms/pseudonymizer.ts';
import { FORMATS, renderAudit } from '../../src/report/index.ts';
import { CANONICAL } from '../dialects/canonical.ts';
import { RECENT } from '../dialects/canonical-recent.ts';
import { writePcap } from '../support/capture-writer.ts';
import { type Conversation, Framed, type Said } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const names = createPseudonymizer({ key: 'a key that only this test has', accounts: true, addresses: false });
const folder = temporaryFolder('planted');
/** What a longer text may hold by chance. */
const SHORTEST = 6;

const SPELLINGS = [
  (account: string): string => account,
  (account: string): string => account.toUpperCase(),
  (account: string): string => `a_${account}_b`,
  (account: string): string => encodeURIComponent(`user ${account}`),
];

/** All values that differ from this one in one text, to which the word is added. */
function* planted(value: unknown, word: string): Generator<unknown> {
  if (typeof value === 'string') yield value === '' ? word : `${value} ${word}`;
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const other of planted(item, word)) yield value.with(i, other);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value))
      for (const other of planted(member, word)) yield { ...value, [key]: other };
    yield { ...value, note: word };
    yield { ...value, error: { code: -1, message: word } };
  }
}

function* plantedIn(said: Said, word: string): Generator<Said> {
  if (typeof said === 'string') yield `${said} ${word}`;
  else if (said instanceof Framed)
    for (const other of planted(said.value, word)) yield new Framed(Object(other), said.wrap);
  else if (!(said instanceof Uint8Array)) for (const other of planted(said, word)) yield Object(other);
}

async function scanned(name: string, told: readonly Conversation[]) {
  const file = path.join(folder, `${name}.pcap`);
  const packets = told.flatMap((each) => each.toPackets());
  writeFileSync(file, writePcap(packets.map(({ timeUs, bytes }) => ({ timeUs, linkType: 1, bytes }))));
  return scanInputs([file], { local: ['10.0.0.0/8'] });
}

describe('an account that is planted in any text', () => {
  const conversations = [...CANONICAL, ...RECENT];
  conversations.forEach(({ conversation, expected: { dialect } }, at) => {
    it(`is in no format of an audit with pseudonyms: ${dialect}, conversation ${at}`, async () => {
      const plain = await scanned(`plain-${at}`, [conversation]);
      const accounts = [
        ...new Set(plain.sessions.flatMap(({ logins }) => logins.map(({ account }) => account))),
      ].filter((account) => account.length >= SHORTEST);
      for (const account of accounts) {
        const { said } = conversation;
        let count = 0;
        const told = said.flatMap((each, i) =>
          SPELLINGS.flatMap((spelling) =>
            [...plantedIn(each, spelling(account))].map((other) => {
              const miner = `10.9.${count >> 8}.${count++ & 255}:40000`;
              return conversation.retold(miner, said.with(i, other));
            }),
          ),
        );
        const audit = pseudonymizeAudit(await scanned(`planted-${at}`, told), names);
        for (const id of FORMATS) {
          const options = { width: 200, color: false, zone: 'UTC', language: 'en' } as const;
          const text = [...(await renderAudit(id, audit, options))].join('').toLowerCase();
          const found = text.indexOf(account.toLowerCase());
          expect(found < 0 ? '' : text.slice(Math.max(0, found - 120), found + 80), id).toBe('');
        }
      }
    }, 120_000);
  });
});
