/** One kind of damage of one input, as a log line. */
import type { Damage } from './audit.ts';

export function damageText(path: string, { kind, count, at }: Readonly<Damage>): string {
  const what = kind === 'skipped-bytes' ? 'bytes' : 'times';
  const where = kind === 'not-found' ? '' : `, first at byte ${at}`;
  return `${path}: ${kind}${count > 1 ? `, ${count} ${what}` : ''}${where}`;
}
