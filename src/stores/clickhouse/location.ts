/**
 * The address of a ClickHouse table: `clickhouse[s]://user@host:port/database?table=flows&schema=auto`. `clickhouses`
 * means TLS. The password is never in a command line: it comes from the environment (MINESWEEP_STORE_PASSWORD) or
 * from a file (--store-password-file), and a URL that holds one is refused.
 */
import { fail } from '../../errors.ts';
import { readNamedList } from '../../given-file.ts';
import { percentDecoded, Secret, schemeAndHost } from '../../secret.ts';

export interface StoreLocation {
  /** http(s) address of the server, without credentials. */
  readonly server: string;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  /** Null: the schema's usual table. */
  readonly table: string | null;
  /** Id of a schema, `auto`, or `columns:src=…,dst=…`. */
  readonly schema: string;
  /** For people: no credentials in it. */
  readonly shown: string;
}

const SCHEME = /^clickhouses?:\/\//;

export function isStoreUrl(input: string): boolean {
  return SCHEME.test(input);
}

/** Throws USAGE if the URL makes no sense. */
export function parseStoreUrl(input: string, password: Secret): StoreLocation {
  const isSecure = input.startsWith('clickhouses://');
  const address = input.replace(SCHEME, isSecure ? 'https://' : 'http://');
  const refuse = (what: string, hint = EXAMPLE): never =>
    fail('USAGE', what, { where: schemeAndHost(input), hint });
  if (!URL.canParse(address)) refuse('this is not the address of a ClickHouse table');
  const url = new URL(address);
  if (url.password !== '')
    refuse(
      'the address of a store must not hold a password',
      'Set MINESWEEP_STORE_PASSWORD, or give --store-password-file.',
    );
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'table' && key !== 'schema');
  if (unknown !== undefined) refuse(`the address of a store takes no parameter but table and schema`);
  if (url.port === '') url.port = isSecure ? '8443' : '8123';
  const database = percentDecoded(url.pathname.replace(/^\//, '')) || 'default';
  const table = url.searchParams.get('table');
  const schema = url.searchParams.get('schema') ?? 'auto';
  const scheme = isSecure ? 'clickhouses' : 'clickhouse';
  const suffix = table === null ? '' : `?table=${table}`;
  return {
    server: `${url.protocol}//${url.host}`,
    user: percentDecoded(url.username) || 'default',
    password,
    database,
    table,
    schema,
    shown: `${scheme}://${url.host}/${database}${suffix}`,
  };
}

const EXAMPLE = 'Write clickhouse://user@host:8123/database?table=flows&schema=auto.';

/** The password, from a file or a pipe if one is named, else from the environment. Throws FILE_UNREADABLE. */
export async function storePassword(env: NodeJS.ProcessEnv, file: string | null): Promise<Secret> {
  if (file === null) return new Secret(env.MINESWEEP_STORE_PASSWORD ?? '');
  const bytes = await readNamedList(file, 'the password of the store', undefined, '--store-password-file');
  return new Secret(bytes.toString().replace(/^\uFEFF|\r?\n$/g, ''));
}
