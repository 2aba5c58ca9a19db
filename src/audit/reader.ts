/** Who reads a report, if nobody says so: it decides what is advised. */

import type { Reader } from '../statements/languages.ts';
import type { Audit } from './audit.ts';
import { isCountedMiner } from './miners.ts';

/**
 * A provider if all miners are at public addresses whose network is known and whose department is not: such a reader has
 * customers. Who gave an owners table, or has private addresses, is an administrator.
 */
export function readerOf({ hosts }: Pick<Audit, 'hosts'>, asked: Reader | null | undefined): Reader {
  if (asked != null) return asked;
  const miners = hosts.filter(isCountedMiner);
  const isCustomer = ({ owner }: (typeof miners)[number]): boolean =>
    owner.department == null && owner.contact == null && owner.asn !== null;
  return miners.length > 0 && miners.every(isCustomer) ? 'isp' : 'admin';
}
