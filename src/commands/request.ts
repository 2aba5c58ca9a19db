/** What several commands are asked to do alike, out of the settings. */
import { beginning, fail } from '../errors.ts';
import { Networks } from '../networks.ts';
import { storePassword } from '../stores/clickhouse/location.ts';
import type { CommandContext } from './command.ts';

/** What the hosts of any audit are judged by. Throws USAGE for a value that its option does not take. */
export async function judgedBy({ settings }: CommandContext) {
  const local = settings.read('local');
  await Networks.parse(local, settings.sourceOf('local').where);
  return {
    local,
    poolFiles: settings.read('pools'),
    ownersFile: settings.read('owners'),
    asnDb: settings.read('asn-db'),
    cityDb: settings.read('city-db'),
    malwareFiles: settings.read('malware'),
    pue: settings.read('pue'),
    wattsPerAddress: settings.read('power-per-address'),
    model: settings.read('model'),
    assume: settings.read('assume'),
  };
}

/** The time that results state, if it is to be the same in every run (reproducible-builds.org). Throws USAGE. */
export function generatedAt(env: NodeJS.ProcessEnv): { generatedMs?: number } {
  const { SOURCE_DATE_EPOCH: seconds = '' } = env;
  if (seconds === '') return {};
  if (/^\d{1,11}$/.test(seconds)) return { generatedMs: Number(seconds) * 1000 };
  return fail('USAGE', `'${beginning(seconds)}' is not a number of seconds since 1970`, {
    where: 'SOURCE_DATE_EPOCH',
  });
}

/** What scan and watch are asked for alike. Throws USAGE, as above. */
export async function requestOf(context: CommandContext) {
  const { settings, env } = context;
  for (const option of ['trust-tunnel', 'trust-exporter'] as const)
    await Networks.parse(settings.read(option), settings.sourceOf(option).where);
  return {
    ...(await judgedBy(context)),
    trustTunnels: settings.read('trust-tunnel'),
    trustExporters: settings.read('trust-exporter'),
    lookUpMaxAgeUs: settings.read('pools-age') * 86_400e6,
    allowFile: settings.read('allow'),
    nameFiles: settings.read('names'),
    leaseFiles: settings.read('leases'),
    blockFiles: settings.read('blocks'),
    inputFormat: settings.read('input-format'),
    undecided: settings.read('undecided') ?? 0,
    coverageThreshold: settings.read('coverage-threshold'),
    columns: settings.read('columns'),
    timeZone: settings.read('input-tz'),
    dateOrder: settings.read('input-dates'),
    jobs: settings.read('jobs'),
    limits: settings.read('limit'),
    ...generatedAt(env),
    objects: { env, asksMachine: settings.read('instance-role') },
    storePassword: await storePassword(env, settings.read('store-password-file')),
  };
}
