/** What a scan of objects does when the store or the way to it fails, and whose credentials it takes. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { discover } from '../../../src/sources/discover.ts';
import { accountOf, type Credentials } from '../../../src/sources/s3/account.ts';
import { REPO_ROOT } from '../../support/corpus.ts';
import { comparable, scanInputs } from '../../support/scanning.ts';
import { stateAt } from '../../support/states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { KEYS, refuse, SmallStore } from './small-store.ts';

/** As they are sent. */
const revealed = (of: Credentials | null) =>
  of && { ...of, secretAccessKey: of.secretAccessKey.reveal(), sessionToken: of.sessionToken?.reveal() };

const CAPTURE = path.join(REPO_ROOT, 'fixtures/stratum-v1/btc-minerd.pcap');
const folder = temporaryFolder('s3');
let store: SmallStore;
let said: string[] = [];
beforeEach(async () => {
  store = new SmallStore();
  said = [];
  await store.start();
});
afterEach(() => {
  store.stop();
  vi.restoreAllMocks();
});

const log = (_: string, message: string): void => void said.push(message);
const scanOf = (url: string, options = {}) =>
  scanInputs([url], { objects: store.settings(), log, ...options });

/** Bytes of an object as the readers get them, and the damage of the source. */
async function readAll(url: string, signal = new AbortController().signal) {
  const [ref] = await discover([url], () => {}, {
    ...store.settings(),
    signal,
    tell: (text) => log('', text),
  });
  if (ref === undefined) throw new Error('no object');
  const source = await ref.open();
  const hash = createHash('sha256');
  const block = new Uint8Array(100_000);
  let bytes = 0;
  for (let count = await source.fill(block); count > 0; count = await source.fill(block)) {
    hash.update(block.subarray(0, count));
    bytes += count;
  }
  await source.close();
  return { bytes, sha256: hash.digest('hex'), damage: source.damage, damageAt: source.damageAt };
}

const large = Buffer.alloc(11_000_000, 'no two rows of 4 MB are alike: ');
for (let i = 0; i < large.length; i += 1000) large.writeUInt32LE(i, i);
const sha256 = createHash('sha256').update(large).digest('hex');
const range = ({ request }: { request: { headers: { range?: string | undefined } } }): number[] =>
  (/(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []).slice(1).map(Number);

describe('an object', () => {
  it('is one input, and gives the audit of the same file', async () => {
    store.put('a/happy.pcap', readFileSync(CAPTURE));
    const audit = await scanOf('s3://flows/a');
    expect(audit.inputs).toMatchObject([{ path: 's3://flows/a/happy.pcap', kind: 'pcap', damage: [] }]);
    expect(comparable(audit)).toEqual(comparable(await scanInputs([CAPTURE])));
    expect(audit.totals.hosts.confirmed).toBe(1);
  });

  it('is read whole, by ranges that each lie behind the one before', async () => {
    store.put('large', large);
    expect(await readAll('s3://flows/large')).toMatchObject({ bytes: large.length, sha256, damage: null });
    const ranges = store.asked.filter(({ key }) => key !== '').map(range);
    expect(ranges.length).toBeGreaterThan(2);
    expect(Math.max(...ranges.map(([from = 0, to = 0]) => to - from))).toBeLessThan(5_000_000);
  });

  it('goes on where its connection was cut, and reads nothing twice', async () => {
    store.put('large', large);
    let cuts = 0;
    store.fault = (asked, response) => {
      const [from = 0, to = 0] = range(asked);
      if (asked.key === '' || cuts > 4 || to - from < 1_000_000) return false;
      cuts++;
      response.writeHead(206, {
        'content-range': `bytes ${from}-${to}/${large.length}`,
        'content-length': to + 1 - from,
      });
      response.write(large.subarray(from, from + 700_000), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    expect(await readAll('s3://flows/large')).toMatchObject({ bytes: large.length, sha256, damage: null });
    expect(cuts).toBe(5);
    const asked = store.asked.filter(({ key }) => key !== '').map((one) => range(one)[0]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(said.join()).toContain('attempt 2 of');
  });

  it('is damaged behind the last byte that could be had, if the store stays away', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    store.put('large', large);
    store.fault = (asked, response) => {
      const [from = 0] = range(asked);
      if (asked.key === '' || from < 5_000_000) return false;
      response.destroy();
      return true;
    };
    const read = await readAll('s3://flows/large');
    expect(read).toMatchObject({ damage: 'read-error', damageAt: read.bytes });
    expect(read.bytes).toBeGreaterThan(4_000_000);
    // Of the two ranges that are missing each was asked for a bounded number of times.
    expect(store.asked.length).toBeLessThan(20);
  });

  it.each([
    ['another object by now', 'If-Match', 'replaced'],
    ['another object by now, of a store that knows no If-Match', 'ETag', 'replaced'],
    ['gone', 'gone', 'not-found'],
    ['barred', 'barred', 'access-denied'],
    ['in an archive', 'archive', 'archived'],
    ['of a store without ranges', 'whole', 'unreadable'],
  ])('has its own damage if it is %s', async (_, fault, damage) => {
    store.put('k', readFileSync(CAPTURE));
    store.fault = ({ key }, response) => {
      if (key === '') return false;
      if (fault === 'If-Match') store.put('k', Buffer.from('other'), '"other"');
      else if (fault === 'gone') store.objects.clear();
      else if (fault === 'barred') refuse(response, 403, 'AccessDenied');
      else if (fault === 'archive') refuse(response, 403, 'InvalidObjectState');
      else
        response
          .writeHead(fault === 'whole' ? 200 : 206, fault === 'whole' ? {} : { etag: '"x"' })
          .end('other');
      return response.writableEnded;
    };
    const audit = await scanOf('s3://flows/k');
    expect(audit.inputs).toMatchObject([{ kind: 'unreadable', damage: [{ kind: damage }] }]);
    expect(audit.coverage.complete).toBe(false);
  });

  it('is waited for while the store is busy, and no longer than the run', async () => {
    store.put('k', readFileSync(CAPTURE));
    let busy = 2;
    store.fault = (_, response) => {
      if (busy-- <= 0) return false;
      refuse(response, 503, 'SlowDown');
      return true;
    };
    expect((await readAll('s3://flows/k')).damage).toBeNull();
    const controller = new AbortController();
    store.fault = ({ key }) => {
      if (key === '') return false;
      setTimeout(() => controller.abort(), 100);
      return true;
    };
    const audit = await scanOf('s3://flows/k', { signal: controller.signal });
    expect(audit.partial).toBe(true);
  });

  it('is not asked for again once the run was stopped in the pause before', async () => {
    store.put('k', readFileSync(CAPTURE));
    const controller = new AbortController();
    store.fault = ({ key }, response) => {
      if (key === '') return false;
      refuse(response, 503, 'SlowDown');
      setTimeout(() => controller.abort(), 100);
      return true;
    };
    await readAll('s3://flows/k', controller.signal);
    expect(store.asked.map(({ key }) => key)).toEqual(['', 'k']);
  });

  it('that a state knows is not read again', async () => {
    store.put('k', readFileSync(CAPTURE));
    const state = stateAt(path.join(folder, 'state'));
    await scanOf('s3://flows/k', { state });
    const before = store.asked.length;
    await scanOf('s3://flows/k', { state });
    expect(store.asked.slice(before).map(({ key }) => key)).toEqual(['']);
  });
});

describe('a list', () => {
  it('has the object alone whose key is named, else all that begin so, without folders', async () => {
    for (const key of ['a', 'a.old', 'a/1', 'b']) store.put(key, Buffer.from(key));
    store.put('a/', Buffer.alloc(0));
    const found = async (url: string) =>
      (
        await discover([url], () => {}, {
          ...store.settings(),
          signal: new AbortController().signal,
          tell: () => {},
        })
      ).map((ref) => ref.path);
    expect(await found('s3://flows/a')).toEqual(['s3://flows/a']);
    expect(await found('s3://flows/a/')).toEqual(['s3://flows/a/1']);
    expect(await found('s3://flows')).toEqual([
      's3://flows/a',
      's3://flows/a.old',
      's3://flows/a/1',
      's3://flows/b',
    ]);
    await expect(found('s3://flows/c')).rejects.toMatchObject({ code: 'NO_INPUT' });
  });

  it.each([
    ['of a bucket that is not there', 404, 'NoSuchBucket', 'name of the bucket'],
    ['without the right', 403, 'AccessDenied', 's3:ListBucket'],
    ['with a wrong secret', 403, 'SignatureDoesNotMatch', 'AWS_SECRET_ACCESS_KEY'],
    ['in a session that is over', 400, 'ExpiredToken', 'sign in again'],
    ['by a wrong clock', 403, 'RequestTimeTooSkewed', 'clock'],
    ['in a region that the store does not name', 301, 'PermanentRedirect', 'AWS_REGION'],
  ])('says what to do: %s', async (_, status, code, hint) => {
    store.fault = (__, response) => {
      refuse(response, status, code);
      return true;
    };
    const failure = await scanOf('s3://flows/a').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'INPUT_UNREADABLE', hint: expect.stringContaining(hint) });
    expect(store.asked.length).toBeLessThan(4);
  });

  it('that a store ends by itself ends, and does not go round', async () => {
    store.fault = (_, response) => {
      response.end(
        '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken></ListBucketResult>',
      );
      return true;
    };
    await expect(scanOf('s3://flows/a')).rejects.toMatchObject({
      message: expect.stringContaining('does not go on'),
    });
    store.fault = (_, response) => {
      response.end('<a>'.repeat(200_000));
      return true;
    };
    await expect(scanOf('s3://flows/a')).rejects.toMatchObject({
      message: expect.stringContaining('no list'),
    });
  });

  it('is asked for in the region that the store names, on the same host', async () => {
    store.put('k', readFileSync(CAPTURE));
    const region = ({ headers }: { headers: { authorization?: string | undefined } }) =>
      /\/([a-z0-9-]+)\/s3\//.exec(headers.authorization ?? '')?.[1];
    store.fault = ({ request }, response) => {
      if (region(request) === 'eu-west-3') return false;
      response.setHeader('location', 'http://127.0.0.1:1/flows');
      response.setHeader('x-amz-bucket-region', 'eu-west-3');
      refuse(response, 301, 'PermanentRedirect');
      return true;
    };
    expect((await readAll('s3://flows/k')).damage).toBeNull();
    expect(store.asked.map(({ request }) => region(request))).toEqual([
      'us-east-1',
      'eu-west-3',
      'eu-west-3',
    ]);
  });
});

describe('credentials', () => {
  const file = (name: string, text: string): string => {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  const config = file(
    'config',
    '# of the test\n[default]\nregion = eu-central-1\n[profile  flows]\nregion=ap-east-1\nendpoint_url = https://oss.example\ns3 =\n  addressing_style = virtual\n[profile sso]\nsso_session = corp\n',
  );
  const credentials = file(
    'credentials',
    '[default]\naws_access_key_id = AKDEFAULT\naws_secret_access_key = one\n[flows]\naws_access_key_id=AKFLOWS\naws_secret_access_key=two/=+\naws_session_token = three\n[half]\naws_access_key_id = AKHALF\n',
  );
  const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };

  it('come from the environment before a profile, and with them what the profile says of the store', async () => {
    const first = await accountOf({ env: { ...env, ...KEYS, AWS_SESSION_TOKEN: 'now' } });
    expect(revealed(await first.credentials())).toEqual({
      ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's3cret-of-the-test', sessionToken: 'now' },
    });
    expect(first).toMatchObject({ region: 'eu-central-1', endpoint: null, isPathStyle: null });
    const flows = await accountOf({ env: { ...env, AWS_PROFILE: 'flows' } });
    expect(flows).toMatchObject({ region: 'ap-east-1', isPathStyle: false });
    expect(String(flows.endpoint)).toBe('https://oss.example/');
    expect(revealed(await flows.credentials())).toEqual({
      accessKeyId: 'AKFLOWS',
      secretAccessKey: 'two/=+',
      sessionToken: 'three',
    });
    const none = await accountOf({ env: { HOME: folder } });
    expect(await none.credentials()).toBeNull();
  });

  it('that are not whole are refused with what to do', async () => {
    const of = async (profile: string) =>
      (await accountOf({ env: { ...env, AWS_PROFILE: profile } })).credentials();
    await expect(of('half')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(of('nobody')).rejects.toMatchObject({ code: 'USAGE', where: 'AWS_PROFILE' });
    await expect(of('sso')).rejects.toMatchObject({
      hint: expect.stringContaining('export-credentials --profile sso'),
    });
    await expect(accountOf({ env: { AWS_ENDPOINT_URL: 'http://u:p4ss@h' } })).rejects.not.toMatchObject({
      message: expect.stringContaining('p4ss'),
    });
  });

  it("are the machine's only if it may be asked", async () => {
    const asked: string[] = [];
    const service = createServer((request, response) => {
      asked.push(
        `${request.method} ${request.url} ${request.headers['x-aws-ec2-metadata-token'] ?? ''}`.trim(),
      );
      if (request.method === 'PUT') response.end('a-token');
      else if (request.url?.endsWith('/security-credentials/') === true) response.end('collector');
      else response.end(JSON.stringify({ AccessKeyId: 'AKROLE', SecretAccessKey: 'four', Token: 'five' }));
    });
    await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
    const server = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const machine = { HOME: folder, AWS_EC2_METADATA_SERVICE_ENDPOINT: server };
    expect(await (await accountOf({ env: machine })).credentials()).toBeNull();
    expect(asked).toEqual([]);
    const account = await accountOf({ env: machine, asksMachine: true });
    expect(revealed(await account.credentials())).toEqual({
      accessKeyId: 'AKROLE',
      secretAccessKey: 'four',
      sessionToken: 'five',
    });
    expect(asked).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/ a-token',
      'GET /latest/meta-data/iam/security-credentials/collector a-token',
    ]);
    service.close();
    service.closeAllConnections();
    await expect(account.credentials()).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });

  it('are read again when a session ends in the middle, and stand in no word of the program', async () => {
    const profile = file(
      'turning',
      '[default]\naws_access_key_id = AKOLD\naws_secret_access_key = old-s3cret\n',
    );
    store.put('k', readFileSync(CAPTURE));
    store.fault = ({ request, key }, response) => {
      if (key === '' || request.headers.authorization?.includes('AKNEW') === true) return false;
      file('turning', '[default]\naws_access_key_id = AKNEW\naws_secret_access_key = new-s3cret\n');
      refuse(response, 400, 'ExpiredToken');
      return true;
    };
    const objects = store.settings({ AWS_SHARED_CREDENTIALS_FILE: profile });
    const audit = await scanOf('s3://flows/k', { objects });
    expect(audit.inputs[0]?.damage).toEqual([]);
    store.fault = (_, response) => {
      refuse(response, 403, 'SignatureDoesNotMatch', '<StringToSign>new-s3cret</StringToSign>');
      return true;
    };
    const failure = await scanOf('s3://flows/k', { objects }).catch((error: unknown) => error);
    const words = JSON.stringify([audit, said, failure, String(failure), (failure as Error).cause ?? null]);
    for (const secret of ['s3cret', 'AKNEW', 'AKOLD', 'AKIDEXAMPLE']) expect(words).not.toContain(secret);
  });

  it('may be absent: then nothing is signed, and the refusal says so', async () => {
    store.put('k', readFileSync(CAPTURE));
    const objects = store.settings({});
    expect((await scanOf('s3://flows/k', { objects })).inputs[0]?.damage).toEqual([]);
    expect(store.asked.some(({ request }) => request.headers.authorization !== undefined)).toBe(false);
    store.fault = (_, response) => {
      refuse(response, 403, 'AccessDenied');
      return true;
    };
    await expect(scanOf('s3://flows/k', { objects })).rejects.toMatchObject({
      hint: expect.stringContaining('No credentials were found'),
    });
  });

  it('do not belong in an address', async () => {
    const failure = await scanOf('s3://AKID:p4ss@bucket/k').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'USAGE' });
    expect(JSON.stringify([failure, String(failure)])).not.toContain('p4ss');
  });
});
