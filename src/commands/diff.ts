/** `minesweep diff OLD.json NEW.json`: what changed between two audits, and whether it is too much. */
import { diffAudits } from '../audit/diff.ts';
import { isAtLeast } from '../audit/miners.ts';
import { readAudit } from '../audit/read-audit.ts';
import { DIFF_FORMATS, type DiffFormat } from '../report/diff.ts';
import type { Execute } from './command.ts';
import { destinationOf, formatAmong, writeAll } from './output.ts';

/** Prints the differences; 'matched' if a threshold is crossed. */
export const runDiff: Execute = async (files, context) => {
  const { settings, streams } = context;
  const [oldFile = '-', newFile = '-'] = files;
  const { page } = await destinationOf(context);
  const formats = Object.keys(DIFF_FORMATS).filter(isDiffFormat);
  const format =
    (await formatAmong(context, formats, 'a diff is not printed as')) ??
    (streams.stdout.isTTY === true ? 'table' : 'json');
  const least = settings.read('least');
  const { verdict: failOn } = settings.read('fail-on');
  const options = {
    // A verdict that is asked for has to be looked at.
    least: failOn !== null && isAtLeast(least, failOn) ? failOn : least,
    failOn: failOn ?? 'probable',
    failOnChange: settings.read('fail-on-change'),
    hashrateChange: settings.read('hashrate-change'),
    trafficChange: settings.read('traffic-change'),
  };
  const old = await readAudit(oldFile, streams.stdin);
  const fresh = await readAudit(newFile, streams.stdin);
  const diff = diffAudits(old, fresh, options);
  await writeAll(streams.stdout, DIFF_FORMATS[format](diff, page));
  return diff.crossed ? 'matched' : 'done';
};

function isDiffFormat(format: string): format is DiffFormat {
  return Object.hasOwn(DIFF_FORMATS, format);
}
