import { describe, expect, it } from 'vitest';
import { setupOfAgent } from '../../src/evidence/agent.ts';
import { type IntentSignals, intentOf, intentStatements } from '../../src/owners/intent.ts';
import { workerKind } from '../../src/owners/worker-kind.ts';

/** The reasons as people read them. */
const intentSentences = (estimate: Parameters<typeof intentStatements>[0]): string[] =>
  intentStatements(estimate).map(({ text }) => text);

const NOTHING: IntentSignals = {
  ownerClass: 'unknown',
  algorithms: [],
  machine: null,
  agents: [],
  workers: [],
  endpoints: [],
};
const PUBLIC_POOL = { port: 3333, isTls: true, isListedPool: true };
const VPS = { port: 443, isTls: false, isListedPool: false };

describe('intent', () => {
  it.each([
    { name: 'nothing is known', signals: NOTHING, intent: 'undetermined', logOdds: 0 },
    {
      name: 'a ministry mines, and no more is known: the owner alone says nothing',
      signals: { ...NOTHING, ownerClass: 'government' as const },
      intent: 'undetermined',
      logOdds: 0,
    },
    {
      name: 'stock XMRig on a university server with a public pool',
      signals: {
        ...NOTHING,
        ownerClass: 'education' as const,
        algorithms: ['rx/0'],
        machine: 'cpu' as const,
        agents: ['XMRig/6.21.0 (Linux x86_64)'],
        endpoints: [PUBLIC_POOL],
      },
      intent: 'undetermined',
      logOdds: 1,
    },
    {
      name: 'RandomX on a server in the clear on port 443',
      signals: {
        ...NOTHING,
        ownerClass: 'government' as const,
        algorithms: ['rx/0'],
        machine: 'cpu' as const,
        endpoints: [VPS],
      },
      intent: 'hijacked',
      logOdds: 2.2,
    },
    {
      name: 'an account known from malware, and nothing else: one family is not enough',
      signals: { ...NOTHING, malwareList: 'a list' },
      intent: 'undetermined',
      logOdds: 3,
    },
    {
      name: 'one account at unrelated organisations, through a hidden path',
      signals: {
        ...NOTHING,
        ownersOfAccount: 3,
        endpoints: [{ ...PUBLIC_POOL, tunnel: 'socks' as const }],
      },
      intent: 'hijacked',
      logOdds: 4,
    },
    {
      name: 'the same with the account of a marketplace',
      signals: { ...NOTHING, ownersOfAccount: 3, isSharedAccount: true },
      intent: 'undetermined',
      logOdds: 0,
    },
    {
      name: 'ASICs with their firmware',
      signals: {
        ...NOTHING,
        ownerClass: 'enterprise' as const,
        algorithms: ['sha256d'],
        machine: 'asic' as const,
        agents: ['bmminer/2.0.0'],
        workersBehind: 40,
      },
      intent: 'deliberate',
      logOdds: -7,
    },
    {
      name: 'a rig at a university',
      signals: {
        ...NOTHING,
        ownerClass: 'education' as const,
        algorithms: ['kawpow'],
        machine: 'gpu' as const,
        workers: ['rig01'],
      },
      intent: 'deliberate',
      logOdds: -1.6,
    },
    {
      name: 'signs that cancel out',
      signals: {
        ...NOTHING,
        ownerClass: 'education' as const,
        algorithms: ['rx/0'],
        machine: 'cpu' as const,
        workers: ['gpu-lab'],
      },
      intent: 'undetermined',
      logOdds: 0.2,
    },
  ])('$name', ({ signals, intent, logOdds }) => {
    expect(intentOf(signals)).toMatchObject({ intent, logOdds });
  });

  it('says of bfgminer, a program for any computer, that it drives ASICs, and only where one mines', () => {
    const signals = { ...NOTHING, algorithms: ['sha256d'], agents: ['bfgminer/5.2.0'] };
    const saidOf = (machine: 'asic' | 'gpu'): string[] => intentSentences(intentOf({ ...signals, machine }));
    expect(saidOf('asic')).toEqual([
      'sha256d, usually mined by ASICs: consistent with deliberate use',
      'agent is a program that drives ASICs: consistent with deliberate use',
    ]);
    expect(saidOf('gpu')).toEqual([]);
  });

  it('does not put an algorithm of ASICs on graphics cards for being slow, beside the firmware of an ASIC', () => {
    const slow = { ...NOTHING, algorithms: ['sha256d'], agents: ['bitaxe/BM1366/v2.4.1'] };
    expect(intentSentences(intentOf({ ...slow, machine: 'gpu' }))).toEqual([
      'agent is the firmware of a mining machine: consistent with deliberate use',
      'only one kind of sign for deliberate use: not enough for a verdict',
    ]);
  });

  it('says which way the one strong kind of sign points where another speaks against it', () => {
    const estimate = intentOf({ ...NOTHING, malwareList: 'x', workers: ['rig01'], agents: ['NiceHash/1'] });
    // 3 for hijacked, 1.5 against it: the worker is of the family of the list.
    expect(estimate).toMatchObject({ intent: 'undetermined', logOdds: 1.5 });
    expect(intentSentences(estimate).at(-1)).toBe(
      'only one kind of sign for hijacked use: not enough for a verdict',
    );
  });

  it('counts one sign of each family and gives them in words', () => {
    const estimate = intentOf({
      ...NOTHING,
      ownerClass: 'finance',
      algorithms: ['rx/0', 'cn/r'],
      machine: 'cpu',
      agents: ['xmrig/2.14.1', 'XMRig/6.21.0'],
      endpoints: [VPS, PUBLIC_POOL],
    });
    expect(intentSentences(estimate)).toEqual([
      'unencrypted mining on port 443: consistent with hijacked use',
      'rx/0 on processors of an organisation: consistent with hijacked use',
      'agent is missing, altered or long outdated: consistent with hijacked use',
    ]);
    expect(estimate.logOdds).toBe(3);
    expect(intentSentences(intentOf({ ...NOTHING, malwareList: 'x' }))).toEqual([
      'account, proxy or agent is on a malware list (x): consistent with hijacked use',
      'only one kind of sign for hijacked use: not enough for a verdict',
    ]);
    expect(intentSentences(intentOf(NOTHING))).toEqual([]);
  });
});

describe('kinds of agents and workers', () => {
  it.each([
    ['XMRig/6.21.0 (Linux x86_64) libuv/1.44.2', 'stock-xmrig'],
    ['xmr-stak/2.10.8', 'altered-or-old'],
    ['XMRig/2.14.1', 'altered-or-old'],
    ['', 'altered-or-old'],
    ['bmminer/2.0.0/Antminer S9', 'firmware'],
    ['whatsminer/v1.1', 'firmware'],
    ['bitaxe/BM1366/v2.4.1', 'firmware'],
    ['bfgminer/5.2.0', 'asic-program'],
    ['cgminer/4.13.1', 'asic-program'],
    ['NiceHash/1.0.0', 'rig-system'],
    ['t-rex/0.26.8', 'other'],
  ])('agent %s is %s', (agent, expected) => {
    expect(setupOfAgent(agent)).toBe(expected);
  });

  it.each([
    ['rig01', 'rig'],
    ['gpu-lab', 'rig'],
    ['s19', 'rig'],
    ['10.0.0.7', 'address'],
    ['a3f9c01d22', 'random'],
    ['20260302', 'other'],
    ['DESKTOP-7KQ2M1A', 'host-name'],
    ['web01.example.com', 'host-name'],
    ['zhangwei', 'other'],
  ])('worker %s is %s', (worker, expected) => {
    expect(workerKind(worker)).toBe(expected);
  });
});
