/** The outcome of a command that prints an audit: of scan, merge and report. */
import type { Audit, AuditInput } from '../audit/audit.ts';
import { allNotJudged, isNothingJudged } from '../audit/judged.ts';
import { isAtLeast } from '../audit/miners.ts';
import type { Outcome } from './command.ts';
import type { FailOn } from './option-values.ts';

/**
 * An interrupted audit is that first of all; a matched verdict outweighs damage, which stands in the audit
 * (minesweep help scan --all).
 */
export function outcomeOf(audit: Audit, failOn: FailOn, strict: boolean): Outcome {
  if (audit.partial) return 'interrupted';
  if (isAllUnreadable(audit.inputs)) return 'failed';
  const { verdict, undecided } = failOn;
  if (verdict !== null && audit.hosts.some((host) => isAtLeast(host.verdict, verdict))) return 'matched';
  // No data was seen: nobody can say that a host mines, or that none does.
  if (isEmpty(audit)) return strict ? 'failed' : 'damaged';
  const { judged } = audit.coverage;
  if (audit.hosts.length === 0 && isNothingJudged(judged)) return 'damaged';
  if (undecided !== null && allNotJudged(judged).conversations >= undecided) return 'matched';
  if (audit.inputs.some((input) => input.kind === 'unreadable' || input.damage.length > 0)) {
    return strict ? 'failed' : 'damaged';
  }
  return 'done';
}

/** True if something of the night was damaged or missing: that nothing could be judged in it is no damage. */
export function isDamagedNight(audit: Audit, outcome: Outcome): boolean {
  return outcome === 'damaged' && !isNothingJudged(audit.coverage.judged);
}

/** Why the command failed although it printed an audit. */
export function whyFailed(audit: Audit): string {
  if (isAllUnreadable(audit.inputs)) return 'no input could be read; see the damage in the audit';
  return isEmpty(audit) ? 'no data was in the time range (--strict)' : 'some input was damaged (--strict)';
}

/** True if no packet, flow record or name was in the time range. */
function isEmpty(audit: Audit): boolean {
  return audit.window.start === null && audit.hosts.length === 0;
}

function isAllUnreadable(inputs: readonly AuditInput[]): boolean {
  return inputs.length > 0 && inputs.every((input) => input.kind === 'unreadable');
}

/** What was wrong with the inputs, one line each. */
export function damageLines(inputs: readonly AuditInput[]): string[] {
  return inputs.flatMap(({ path, damage }) => damage.map(({ text }) => `${path}: ${text}`));
}
