/** `minesweep explain IP AUDIT.json`: the story of one host, and the packets of its sessions if asked for. */
import type { Audit, AuditHost } from '../audit/audit.ts';
import { findHost } from '../audit/find-host.ts';
import { pseudonymsIn } from '../audit/pseudonyms.ts';
import { readAudit } from '../audit/read-audit.ts';
import { fail } from '../errors.ts';
import { escapeTerminal } from '../escape.ts';
import { renderExplanation, renderShortExplanation } from '../report/explain/explain.ts';
import { renderLetters } from '../report/letter.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { counted } from '../statements/figures.ts';
import type { Language } from '../statements/languages.ts';
import type { CommandContext, Execute } from './command.ts';
import { pageWidth, writeAll } from './output.ts';
import { generatedAt } from './request.ts';

/** Prints the explanation. Throws USAGE if the audit has no such host. */
export const runExplain: Execute = async (args, context) => {
  const { settings, streams, env } = context;
  const [asked = '', file = '-'] = args;
  const page = {
    width: pageWidth(streams.stdout, env),
    zone: settings.read('tz'),
    language: settings.read('lang'),
    reader: settings.read('for'),
  };
  const [extractTo, bundleTo] = [settings.read('extract'), settings.read('bundle')];
  const audit = await readAudit(file, streams.stdin);
  const found = findHost(audit, asked);
  const { host } = found;
  if (host === null) return unknownHost(audit, asked, found);
  const explain = settings.read('all') ? renderExplanation : renderShortExplanation;
  await writeAll(
    streams.stdout,
    settings.read('letter') ? lettersOf(audit, host, page) : explain(audit, host, page),
  );
  if (extractTo !== null) await extract(audit, host.ip, extractTo, context);
  if (bundleTo === null) return 'done';
  const { writeBundle } = await import('./bundle.ts');
  const [withSecrets, captures] = [settings.read('with-secrets'), settings.read('captures')];
  const flags = [
    ...(captures === null ? [] : [`--captures ${captures}`]),
    ...(withSecrets ? ['--with-secrets'] : []),
    ...(page.language === 'en' ? [] : [`--lang ${page.language}`]),
  ];
  const why = await writeBundle(audit, host, bundleTo, {
    ...page,
    withSecrets,
    captures,
    command: ['minesweep explain', asked, file, `--bundle ${bundleTo}`, ...flags].join(' '),
    nowMs: generatedAt(env).generatedMs ?? Date.now(),
  });
  const missing = why === null ? '' : ` ${catalogueOf('en').bundle.noPackets(why)}`;
  streams.stderr.write(`${escapeTerminal(`${bundleTo}: written.${missing}`)}\n`);
  return 'done';
};

/** Throws USAGE for what no pool could find an account by. */
function lettersOf(audit: Audit, host: AuditHost, page: { readonly language: Language }): string[] {
  const pseudonyms = pseudonymsIn(audit);
  if (pseudonyms !== null)
    fail('USAGE', `the audit has pseudonyms (${pseudonyms}), which no pool knows`, {
      where: '--letter',
      hint: 'Use the audit that it was made from.',
    });
  const letters = [...renderLetters(audit, host, page)];
  if (letters.length > 0) return letters;
  return fail('USAGE', 'no account of this host was seen', {
    where: '--letter',
    hint: 'A pool needs one to find the miner; encrypted sessions and flow logs show none.',
  });
}

function unknownHost(audit: Audit, asked: string, { ip, near, serves }: ReturnType<typeof findHost>): never {
  const what = ip === null ? 'not an IP address' : 'the audit has no host with this address';
  let hint = 'The audit has no hosts at all.';
  if (serves.length > 0) hint = `It is the pool or proxy of ${serves.join(', ')}: explain those.`;
  else if (ip !== null && near.length > 0) hint = `Similar addresses in it: ${near.join(', ')}.`;
  else if (audit.hosts.length > 0) {
    hint = `Its ${counted(audit.hosts.length, 'host')}: ${audit.hosts
      .slice(0, 5)
      .map((host) => host.ip)
      .join(', ')}${audit.hosts.length > 5 ? ' …' : '.'}`;
  }
  return fail('USAGE', what, { where: asked, hint });
}

/** What was written goes to standard error: standard output carries the story only. */
async function extract(audit: Audit, ip: string, file: string, context: CommandContext): Promise<void> {
  const { settings, streams } = context;
  const withSecrets = settings.read('with-secrets');
  const { extractHost } = await import('../extract.ts');
  const report = await extractHost(audit, ip, file, withSecrets, settings.read('captures'));
  const from = report.inputs.map(({ path, packets }) => `${path} (${packets})`).join(', ');
  const line = `${file}: ${counted(report.packets, 'packet')} of ${counted(report.sessions, 'session')} as ${report.format}, from ${from}`;
  const secrets = withSecrets
    ? 'as on the wire, passwords included'
    : 'known passwords overwritten (--with-secrets keeps them)';
  streams.stderr.write(`${escapeTerminal(`${line}; ${secrets}`)}\n`);
}
