/** What the figures of an audit rest on beyond the traffic. */
import type { Audit } from '../audit/audit.ts';
import type { ReportText } from '../statements/codes.ts';

/** The assumptions behind power and modelled rates, in the words of the language. */
export function assumptionsOf({ totals }: Audit, text: ReportText): string[] {
  const hasPower = totals.power !== null || totals.modelledPower !== undefined;
  return [...(totals.hashrateAssumptions ?? []), ...(hasPower ? totals.powerAssumptions : [])].map(
    text.translate,
  );
}
