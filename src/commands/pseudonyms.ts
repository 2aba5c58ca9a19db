/** `--pseudonymize`: an audit made safe to share, before any output sees it. */
import type { Audit } from '../audit/audit.ts';
import { fail } from '../errors.ts';
import { readNamedList } from '../given-file.ts';
import type { Settings } from './config.ts';

/** The pseudonymizer, if pseudonyms were asked for. To be called before any work. Throws USAGE, FILE_UNREADABLE. */
export async function pseudonymsOf(settings: Settings): Promise<(audit: Audit) => Audit> {
  const kinds = settings.read('pseudonymize');
  const [isRandom, isCoarse] = [settings.read('pseudonymize-as') === 'random', settings.read('coarse')];
  if (kinds.length === 0) {
    if (isRandom || isCoarse)
      fail('USAGE', 'without --pseudonymize there are no pseudonyms', {
        where: isCoarse ? '--coarse' : '--pseudonymize-as',
        hint: 'Add --pseudonymize accounts,addresses.',
      });
    return (audit) => audit;
  }
  const file = settings.read('pseudonym-key');
  if (file === null) {
    fail('USAGE', 'pseudonyms need a key', {
      where: '--pseudonymize',
      hint: 'Make one (head -c 32 /dev/urandom > key) and give it with --pseudonym-key.',
    });
  }
  const key = await readNamedList(file, 'the key of the pseudonyms', undefined, '--pseudonym-key');
  const { createPseudonymizer } = await import('../pseudonyms/pseudonymizer.ts');
  const { pseudonymizeAudit } = await import('../pseudonyms/audit.ts');
  const names = createPseudonymizer({
    key,
    accounts: kinds.includes('accounts'),
    addresses: kinds.includes('addresses'),
    isRandom,
  });
  if (!isCoarse) return (audit) => pseudonymizeAudit(audit, names);
  const { coarse } = await import('../audit/coarse.ts');
  return (audit) => pseudonymizeAudit(coarse(audit), names);
}
