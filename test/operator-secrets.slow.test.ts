/** Each secret of the operator, planted where it may be given, by mistake too: no output holds it in any writing. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../src/cli.ts';
import { fail } from '../src/errors.ts';
import { Secret, schemeAndHost, withoutCredentials } from '../src/secret.ts';
import { capture } from './cli/streams.ts';
import { REPO_ROOT } from './support/corpus.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const SECRET = 'Zq7-Kestrel+Orbit9';
const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap');

/** Base64 of it, wherever it begins in what is encoded: the letters that hold nothing else. */
const CODED = ['WnE3LUtlc3RyZWwrT3JiaXQ5', 'pxNy1LZXN0cmVsK09yYml0O', 'acTctS2VzdHJlbCtPcmJpdD'];

/** The writings in which the text holds it. */
function found(text: string): string[] {
  const bytes = Buffer.from(SECRET);
  const forms = {
    plain: SECRET,
    url: encodeURIComponent(SECRET),
    hex: bytes.toString('hex'),
    utf16: [...SECRET].join('\0'),
    ...Object.fromEntries(CODED.map((form, i) => [`base64 at ${i}`, form])),
  };
  return Object.entries(forms).flatMap(([name, form]) =>
    text.toLowerCase().includes(form.toLowerCase()) ? [name] : [],
  );
}

it('is looked for in the writings that others use', () => {
  for (let before = 0; before < 3; before++)
    expect(found(Buffer.from(`${'u'.repeat(before)}${SECRET}:`).toString('base64'))).toEqual([
      `base64 at ${before}`,
    ]);
  expect(found(Buffer.from(SECRET).toString('hex').toUpperCase())).toEqual(['hex']);
  expect(found(Buffer.from(SECRET, 'utf16le').toString('latin1'))).toEqual(['utf16']);
});

/** All files below a folder that a run has written, as one text. */
function written(below: string): string {
  return readdirSync(below, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(below, name))
    .filter((name) => statSync(name).isFile())
    .map((name) => `${name}\n${readFileSync(name, 'latin1')}`)
    .join('\n');
}

const mistaken = (name: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, `${SECRET}\n`);
  return file;
};

interface Case {
  readonly name: string;
  readonly argv: (out: string) => readonly string[];
  readonly env?: Record<string, string>;
}

const scan = (...argv: readonly string[]) => ['scan', CAPTURE, '--format', 'json', ...argv];
const nightly = (out: string, ...argv: readonly string[]) => [
  ...['nightly', CAPTURE, '--cases', path.join(out, 'cases.json'), '--format', 'json'],
  ...argv,
];
const file = mistaken('password.txt');
const byName = path.join(folder, 'by-name.json');
writeFileSync(byName, JSON.stringify({ [SECRET]: 'user' }));
const profile = path.join(folder, 'profile');
writeFileSync(profile, `[default]\naws_access_key_id = AKID\naws_secret_access_key = ${SECRET}\n`);
const store = 'clickhouse://u@127.0.0.1:1/db?table=flows';
const OBJECTS = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' };

const PLANTED: readonly Case[] = [
  {
    name: 'password of a store, environment',
    argv: () => ['scan', store],
    env: { MINESWEEP_STORE_PASSWORD: SECRET },
  },
  {
    name: 'password of a store whose URL has wrong escapes',
    argv: () => ['scan', 'clickhouse://%zz@127.0.0.1:1/%zz?table=flows'],
    env: { MINESWEEP_STORE_PASSWORD: SECRET },
  },
  { name: 'password of a store, file', argv: () => ['scan', store, '--store-password-file', file] },
  {
    name: 'password of a store, in its URL',
    argv: () => ['scan', `clickhouse://u:${SECRET}@127.0.0.1:1/db`],
  },
  {
    name: 'password of a store, as a parameter',
    argv: () => ['scan', `clickhouse://127.0.0.1:1/db?password=${SECRET}`],
  },
  {
    name: 'password of a store, as the name of a parameter',
    argv: () => ['scan', `clickhouse://127.0.0.1:1/db?${SECRET}`],
  },
  { name: 'password of a store, in no URL', argv: () => ['scan', `clickhouse://u:${SECRET}@`] },
  { name: 'password of a store, as an option', argv: () => ['scan', store, `--store-password=${SECRET}`] },
  {
    name: 'password of a store, in place of its file',
    argv: () => ['scan', store, '--store-password-file', SECRET],
  },
  {
    name: 'password of a store, in a URL without //',
    argv: () => ['scan', CAPTURE, `clickhouse:u:${SECRET}@h`, '--format', 'json'],
  },
  { name: 'password in the URL of an unknown store', argv: () => ['scan', `mysql://u:${SECRET}@h/db`] },
  {
    name: 'token in a query of an unknown store',
    argv: () => ['scan', `https://h/db?access_token=${SECRET}`],
  },
  {
    name: 'key of objects, environment',
    argv: () => ['scan', 's3://bucket/x'],
    env: { ...OBJECTS, AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: SECRET },
  },
  {
    name: 'session of objects',
    argv: () => ['scan', 's3://bucket/x'],
    env: { ...OBJECTS, AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: SECRET },
  },
  {
    name: 'key of objects, profile',
    argv: () => ['scan', 's3://bucket/x'],
    env: { ...OBJECTS, AWS_SHARED_CREDENTIALS_FILE: profile },
  },
  {
    name: 'password in the address of objects',
    argv: () => ['scan', 's3://bucket/x'],
    env: { AWS_ENDPOINT_URL: `http://u:${SECRET}@h` },
  },
  { name: 'password in a bucket', argv: () => ['scan', `s3://u:${SECRET}@bucket/x`] },
  {
    name: 'token of a webhook',
    argv: (out) => nightly(out, '--send', `webhook:http://127.0.0.1:1/${SECRET}`),
  },
  {
    name: 'password of a webhook',
    argv: (out) => nightly(out, '--send', `webhook:http://u:${SECRET}@127.0.0.1:1/`),
  },
  {
    name: 'token of a webhook of a wrong scheme',
    argv: (out) => nightly(out, '--send', `webhook:htp://h/${SECRET}`),
  },
  {
    name: 'token of a webhook without a scheme',
    argv: (out) => nightly(out, '--send', `webhook:h/${SECRET}`),
  },
  {
    name: 'token of a webhook without its kind',
    argv: (out) => nightly(out, '--send', `https://h/${SECRET}`),
  },
  {
    name: 'password of a mail server',
    argv: (out) => nightly(out, '--send', 'mail:a@b.example'),
    env: { MINESWEEP_SMTP_URL: `smtp://u:${encodeURIComponent(SECRET)}@127.0.0.1:1` },
  },
  {
    name: 'password of a mail server of a wrong scheme',
    argv: (out) => nightly(out, '--send', 'mail:a@b.example'),
    env: { MINESWEEP_SMTP_URL: `http://u:${SECRET}@127.0.0.1` },
  },
  {
    name: 'password of a syslog server',
    argv: (out) => ['watch', out, '--alerts', `cef:syslog:tcp://u:${SECRET}@h`],
  },
  {
    name: 'user of a syslog server',
    argv: (out) => ['watch', out, '--alerts', `cef:syslog:tcp://${SECRET}@127.0.0.1:1`],
  },
  {
    name: 'token behind a syslog server',
    argv: (out) => ['watch', out, '--alerts', `cef:syslog:tcp://127.0.0.1:1/${SECRET}`],
  },
  { name: 'token in the path of an input', argv: () => ['scan', `https://h/${SECRET}?x=1`] },
  {
    name: 'token of a webhook behind a format of alerts',
    argv: (out) => ['watch', out, '--alerts', `cef:webhook:http://h/${SECRET}`],
  },
  {
    name: 'token as the form of a webhook',
    argv: (out) => nightly(out, '--send', `webhook:http://127.0.0.1:1/#${SECRET}`),
  },
  {
    name: 'key of pseudonyms, in place of its file',
    argv: () => scan('--pseudonymize', 'accounts', '--pseudonym-key', SECRET),
  },
  {
    name: 'key of pseudonyms',
    argv: () => scan('--pseudonymize', 'accounts,addresses', '--pseudonym-key', file),
  },
  ...[
    'config',
    'assume',
    'pools',
    'allow',
    'names',
    'blocks',
    'owners',
    'leases',
    'asn-db',
    'city-db',
    'compare',
    'local',
    'columns',
    'limit',
    'pue',
  ].map((option): Case => ({ name: `password file as --${option}`, argv: () => scan(`--${option}`, file) })),
  { name: 'password file as a list of pools to import', argv: () => ['pools', 'import', file] },
  { name: 'file of passwords by name as --config', argv: () => scan('--config', byName) },
  { name: 'password file as cases', argv: () => ['cases', 'list', file] },
  { name: 'password file as an audit', argv: () => ['report', file] },
  { name: 'password file as an input', argv: () => ['scan', file, '--format', 'json'] },
  { name: 'password file as a state', argv: () => scan('--state', file) },
];

describe('no output holds a secret of the operator:', () => {
  it.each(PLANTED)(
    '$name',
    async ({ name, argv, env = {} }) => {
      const out = path.join(folder, name.replaceAll(/\W+/g, '-'));
      mkdirSync(out);
      const to = capture();
      vi.spyOn(process, 'cwd').mockImplementation(() => out);
      await main([...argv(out)], { HOME: out, ...env }, to.streams);
      vi.restoreAllMocks();
      expect(found(`${to.out()}\n${to.err()}\n${written(out)}`)).toEqual([]);
      expect(to.out() + to.err()).not.toBe('');
      expect(to.err()).not.toContain('bug');
    },
    20_000,
  );
});

it('a webhook that is reached gets its token, and nobody else does', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(500, { 'x-said': 'no' }).end(SECRET);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const out = path.join(folder, 'reached');
  mkdirSync(out);
  const to = capture();
  const status = await main(
    nightly(out, '--send', `webhook:http://127.0.0.1:${port}/${SECRET}`),
    {},
    to.streams,
  );
  await new Promise((done) => server.close(done));
  expect([status, new Set(asked)]).toEqual([1, new Set([`/${SECRET}`])]);
  expect(to.err()).toContain(`webhook:http://127.0.0.1:${port}#`);
  expect(found(`${to.out()}\n${to.err()}\n${written(out)}`)).toEqual([]);
});

describe('a secret', () => {
  const secret = new Secret(SECRET);

  it('is shown by nothing that prints', () => {
    const holder = { secret, list: [secret] };
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify(holder),
      inspect(holder, { depth: 9, showHidden: true }),
      Object.values(secret).join(),
    ];
    expect(shown.flatMap(found)).toEqual([]);
    expect(secret.reveal()).toBe(SECRET);
  });

  it('is taken out of what others say, in any writing', () => {
    const said = [
      SECRET,
      encodeURIComponent(SECRET),
      Buffer.from(SECRET).toString('hex'),
      SECRET.toUpperCase(),
      Buffer.from(SECRET, 'utf16le').toString('latin1'),
      ...['', 'u', 'u:'].map((user) => Buffer.from(`${user}${SECRET}`).toString('base64')),
    ];
    for (const each of said) expect(found(secret.without(`535 ${each} is wrong`))).toEqual([]);
    expect(new Secret('').without('535 is wrong')).toBe('535 is wrong');
  });

  it.each([
    [`https://u:${SECRET}@h/x`, 'https://***@h/x'],
    [`https://u:a@${SECRET}@h/x?a=1`, 'https://***@h/x?a=1'],
    [`https://h/x?api_key=${SECRET}&a=1`, 'https://h/x?api_key=***&a=1'],
    ['https://h/x?a=1#b mail a@b.example', 'https://h/x?a=1#b mail a@b.example'],
  ])('in a URL is hidden in every message: %s', (url, shown) => {
    expect(withoutCredentials(`no ${url} here`)).toBe(`no ${shown} here`);
    expect(() => fail('USAGE', `no ${url} here`, { where: url })).toThrow(`no ${shown} here`);
  });

  it.each([
    [`htp://u:${SECRET}@h:1/${SECRET}`, 'htp://h:1'],
    [`https://[2001:db8::1]:8443?${SECRET}`, 'https://[2001:db8::1]:8443'],
    [SECRET, '***'],
  ])('leaves scheme and host of a URL', (url, shown) => {
    expect(schemeAndHost(url)).toBe(shown);
  });
});
