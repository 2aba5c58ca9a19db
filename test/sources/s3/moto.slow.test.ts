/**
 * Objects in moto, a whole store in Python that others test with: what it lists and gives is read, and botocore agrees with what
 * was signed. Skipped if moto is not there (python3-moto and python3-flask-cors of Debian).
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../../src/audit/audit.ts';
import { flowsFolder, REPO_ROOT } from '../../support/corpus.ts';
import { comparable, scanInputs } from '../../support/scanning.ts';

const hasMoto = spawnSync('python3', ['-c', 'import moto.server, flask_cors']).status === 0;
const at = (name: string): string => path.join(REPO_ROOT, 'fixtures', name);
const CAPTURE = 'stratum-v1/btc-minerd.pcap';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
/** moto lets nobody replace an object who is nobody. */
const OWNER = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AK/20261101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
};
const WIDE = { maxBuffer: 1 << 28 };
/** Keys that are hard to sign, to write in XML, or to have in a path. */
const ODD = [
  'plain',
  'a b+c&d=e?f#g%41%2F',
  "日本/ü$!'()*,;:@",
  '/two//slashes',
  'up/../and/./down',
  '<tag attr="x">&amp;',
  'control\u0001',
];

/** Without the note that names the input whose columns were found by their names. */
function withoutNames(audit: Audit): Audit {
  return { ...audit, notes: audit.notes.filter(({ code }) => code !== 'columns-guessed') };
}

describe.skipIf(!hasMoto)('objects in moto (python3-moto is not installed, if skipped)', () => {
  let moto: ChildProcess;
  let port = 0;
  let watcher: Server;
  let settings = { env: {} };
  /** What came by on the way to moto, and what is done about it. */
  const passed: IncomingMessage[] = [];
  let meddle: (request: IncomingMessage) => Promise<'cut' | 'pass'> = async () => 'pass';

  const encoded = (key: string): string => key.split('/').map(encodeURIComponent).join('/');
  const put = async (key: string, body: Buffer | null): Promise<void> => {
    // Not fetch, which would resolve dots.
    const status = await new Promise<number | undefined>((done, failed) => {
      const to = forward({ port, method: 'PUT', path: `/${key}`, headers: OWNER }, (answer) => {
        answer.resume().on('end', () => done(answer.statusCode));
      });
      to.on('error', failed).end(body);
    });
    if (status !== 200) throw new Error(`moto answers ${status} to a PUT of ${key}`);
  };
  const scanOf = (url: string, options = {}) => scanInputs([url], { objects: settings, ...options });

  beforeAll(async () => {
    port = await freePort();
    moto = spawn('python3', ['-m', 'moto.server', '-p', String(port)], { stdio: 'ignore' });
    while (
      !(await fetch(`http://127.0.0.1:${port}/`).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await pause(100);
    watcher = createServer(async (request, response) => {
      passed.push(request);
      const isCut = (await meddle(request)) === 'cut';
      const { method, url: place, headers } = request;
      const to = forward({ port, method, path: place, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        if (!isCut) return answer.pipe(response);
        return answer.once('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, chunk.length >> 1), () =>
            setTimeout(() => response.destroy(), 20),
          );
          to.destroy();
        });
      });
      to.on('error', () => response.destroy());
      request.pipe(to);
    });
    await new Promise<void>((done) => watcher.listen(0, '127.0.0.1', done));
    const server = `http://127.0.0.1:${(watcher.address() as AddressInfo).port}`;
    settings = {
      env: {
        ...{ HOME: '/nonexistent', AWS_ENDPOINT_URL: server, AWS_REGION: 'us-east-1' },
        ...{
          AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
          AWS_SECRET_ACCESS_KEY: SECRET,
          AWS_SESSION_TOKEN: 'a/token+=',
        },
      },
    };
    await put('flows', null);
  }, 90_000);
  afterAll(() => {
    moto?.kill('SIGKILL');
    watcher?.closeAllConnections();
    watcher?.close();
  });

  it('are read under any key, and signed as botocore signs', async () => {
    const capture = readFileSync(at(CAPTURE));
    for (const key of ODD) await put(`flows/odd/${encoded(key)}`, capture);
    passed.length = 0;
    const audit = await scanOf('s3://flows/odd/');
    expect(audit.inputs.map((input) => input.path).sort()).toEqual(
      ODD.map((key) => `s3://flows/odd/${key}`).sort(),
    );
    expect(audit.inputs.flatMap(({ damage }) => damage)).toEqual([]);
    for (const { packets } of audit.inputs) expect(packets).toBe(audit.inputs[0]?.packets);
    const signed = passed.map(({ method, url: place, headers }) => ({ method, place, headers }));
    const theirs: string[] = JSON.parse(
      execFileSync('python3', ['-c', SIGN], { input: JSON.stringify(signed), encoding: 'utf8' }),
    );
    expect(signed.length).toBeGreaterThan(ODD.length);
    expect(signed.map(({ headers }) => /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual(
      theirs,
    );
  });

  it('are listed by pages, one input each: 2,500 of them', async () => {
    const records = (i: number): Buffer =>
      Buffer.from(
        `src,dst,sport,dport,proto,packets,bytes,start,end\n10.0.${i >> 8}.${i & 255},198.51.100.7,40000,443,6,${1 + (i % 7)},${1000 + i},1793491200,1793491260\n`,
      );
    const all = Array.from({ length: 2500 }, (_, i) => i);
    for (let i = 0; i < all.length; i += 50)
      await Promise.all(
        all.slice(i, i + 50).map((n) => put(`flows/many/${String(n).padStart(5, '0')}.csv`, records(n))),
      );
    passed.length = 0;
    const audit = await scanOf('s3://flows/many/');
    expect(passed.filter(({ url: place }) => place?.includes('list-type=2')).length).toBe(3);
    expect(audit.inputs.length).toBe(2500);
    expect(new Set(audit.inputs.map((input) => input.path)).size).toBe(2500);
    const packets = all.reduce((sum, i) => sum + 1 + (i % 7), 0);
    const bytes = all.reduce((sum, i) => sum + 1000 + i, 0);
    expect(audit.coverage.counts?.records).toEqual({ packets, bytes });
  }, 300_000);

  it('hold what files hold, packed or not: captures, Parquet, nfcapd', async () => {
    const flows = flowsFolder();
    const files = [at(CAPTURE), at('flowlogs/aws-vpc.parquet')];
    if (flows !== null) files.push(path.join(flows, 'office-a-v9.nfcapd'));
    const hasZstd = spawnSync('zstd', ['-V']).status === 0;
    for (const file of files) {
      const bytes = readFileSync(file);
      const expected = await scanInputs([file]);
      const packings = [
        bytes,
        gzipSync(bytes),
        ...(hasZstd ? [execFileSync('zstd', ['-c', file], WIDE)] : []),
      ];
      for (const [i, packed] of packings.entries()) {
        const key = `flows/one/${path.basename(file)}.${i}`;
        await put(key, packed);
        const audit = await scanOf(`s3://${key}`, { hash: true });
        expect(comparable(withoutNames(audit))).toEqual(comparable(withoutNames(expected)));
        expect(audit.inputs[0]).toMatchObject({
          kind: expected.inputs[0]?.kind,
          bytes: packed.length,
          damage: expected.inputs[0]?.damage,
        });
      }
    }
  }, 120_000);

  it('are read to their end though connections are cut, and not at all once they are others', async () => {
    const capture = readFileSync(at(CAPTURE));
    await put('flows/cut.pcap', capture);
    let cuts = 3;
    meddle = async ({ headers }) => (headers.range !== undefined && cuts-- > 0 ? 'cut' : 'pass');
    expect(comparable(await scanOf('s3://flows/cut.pcap'))).toEqual(
      comparable(await scanInputs([at(CAPTURE)])),
    );
    expect(cuts).toBeLessThanOrEqual(0);
    meddle = async ({ headers }) => {
      if (headers.range !== undefined) await put('flows/cut.pcap', Buffer.concat([capture, capture]));
      return 'pass';
    };
    const audit = await scanOf('s3://flows/cut.pcap');
    expect(audit.inputs).toMatchObject([{ kind: 'unreadable', damage: [{ kind: 'replaced' }] }]);
    meddle = async () => 'pass';
  }, 60_000);

  it('are only read', async () => {
    expect(new Set(passed.map(({ method }) => method))).toEqual(new Set(['GET']));
    await expect(scanOf('s3://absent/x')).rejects.toMatchObject({
      message: expect.stringContaining('NoSuchBucket'),
    });
  });
});

async function freePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((done) => socket.listen(0, '127.0.0.1', done));
  const { port } = socket.address() as AddressInfo;
  await new Promise((done) => socket.close(done));
  return port;
}

/** The signature of each request by botocore, from what was sent. */
const SIGN = `
import json, sys
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
out = []
for asked in json.load(sys.stdin):
    given = asked['headers']
    names = given['authorization'].split('SignedHeaders=')[1].split(',')[0].split(';')
    auth = S3SigV4Auth(Credentials('AKIDEXAMPLE', '${SECRET}'), 's3', 'us-east-1')
    request = AWSRequest(method=asked['method'], url='http://' + given['host'] + asked['place'],
        headers={name: given[name] for name in names})
    request.context['timestamp'] = given['x-amz-date']
    out.append(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
print(json.dumps(out))
`;
