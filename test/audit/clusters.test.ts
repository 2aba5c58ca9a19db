import { describe, expect, it } from 'vitest';
import type { AuditSession } from '../../src/audit/audit.ts';
import { clustersOf } from '../../src/audit/clusters.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const WALLET = '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa';

const [SAMPLE] = sampleAudit().sessions;

/** A session of an address with logins `account.worker` at a pool. */
function session(ip: string, pool: string, ...logins: readonly string[]): AuditSession {
  if (SAMPLE === undefined) throw new Error('the sample has sessions');
  return {
    ...SAMPLE,
    miner: { ip, port: 50_000 },
    pool: { ip: '198.51.100.9', port: 3333, names: [], pool, kind: null },
    logins: logins.map((login) => {
      const [account = '', worker = null] = login.split('.');
      return { account, worker };
    }),
  };
}

describe('clusters', () => {
  it('link addresses by a wallet, at whatever pool, and tell the worker that several of them have', () => {
    expect(
      clustersOf([
        session('192.0.2.3', 'F2Pool', `${WALLET}.rig1`),
        session('192.0.2.1', 'AntPool', `${WALLET}.rig1`, `${WALLET}.rig2`),
        session('192.0.2.9', 'F2Pool', 'somebody.rig1'),
      ]),
    ).toEqual([
      {
        accounts: [WALLET],
        addresses: ['192.0.2.1', '192.0.2.3'],
        workers: ['rig1', 'rig2'],
        sameWorker: [{ worker: 'rig1', addresses: ['192.0.2.1', '192.0.2.3'] }],
        pools: ['AntPool', 'F2Pool'],
      },
    ]);
  });

  it('link by a user name at one pool only', () => {
    const at = (pool: string) => [
      session('192.0.2.1', 'F2Pool', 'alice'),
      session('192.0.2.2', pool, 'alice'),
    ];
    expect(clustersOf(at('F2Pool')).map(({ addresses }) => addresses)).toEqual([['192.0.2.1', '192.0.2.2']]);
    expect(clustersOf(at('AntPool'))).toEqual([]);
  });

  it('link over accounts that one address has in common, the largest first', () => {
    const found = clustersOf([
      session('192.0.2.7', 'F2Pool', 'zoe.a'),
      session('192.0.2.8', 'F2Pool', 'zoe.b'),
      session('192.0.2.1', 'F2Pool', 'alice', 'bob'),
      session('192.0.2.2', 'F2Pool', 'bob'),
      session('192.0.2.3', 'F2Pool', 'alice'),
    ]);
    expect(found.map(({ accounts, addresses }) => [accounts, addresses.length])).toEqual([
      [['alice', 'bob'], 3],
      [['zoe'], 2],
    ]);
  });

  it('are not made of names that anybody gives, of the same worker alone, or of one address', () => {
    expect(
      clustersOf([
        ...['x', 'test', 'Worker'].flatMap((name) => [
          session('192.0.2.1', 'F2Pool', name),
          session('192.0.2.2', 'F2Pool', name),
        ]),
        session('192.0.2.3', 'F2Pool', 'alice.rig1'),
        session('192.0.2.4', 'F2Pool', 'bob.rig1'),
        session('192.0.2.5', 'F2Pool', 'carol', 'carol.rig1'),
      ]),
    ).toEqual([]);
  });

  it('are the same under pseudonyms, wherever these are used', () => {
    const found = clustersOf([
      session('10.0.0.1', 'F2Pool', 'acct-80uqbk6usdsg'),
      session('10.0.0.2', 'AntPool', 'acct-80uqbk6usdsg'),
    ]);
    expect(found.map(({ addresses }) => addresses)).toEqual([['10.0.0.1', '10.0.0.2']]);
  });

  it('of very many workers of one address take no longer than they must', () => {
    const logins = Array.from({ length: 50_000 }, (_, i) => `${WALLET}.rig${i}`);
    const sessions = [session('192.0.2.1', 'F2Pool', ...logins), session('192.0.2.2', 'F2Pool', ...logins)];
    const before = process.cpuUsage();
    expect(clustersOf(sessions)[0]?.sameWorker).toHaveLength(50_000);
    // Of the processor, as others may use it, too: us.
    expect(process.cpuUsage(before).user).toBeLessThan(20e6);
  });

  it('of very many addresses take no longer than they must', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) =>
      session(`10.1.${i >> 8}.${i & 255}`, 'F2Pool', `user${i}`, `user${i + 1}`),
    );
    expect(clustersOf(chain).map(({ addresses }) => addresses.length)).toEqual([20_000]);
  });
});
