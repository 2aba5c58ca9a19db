import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyAgent, kindsOfAgent, namesMiner, setupOfAgent } from '../../src/evidence/agent.ts';

describe('an agent', () => {
  it.each([
    ['XMRig/6.26.0 (Linux x86_64) libuv/1.48.0 gcc/13.2.0', 'XMRig', 'cpu', null],
    ['XMRig/6.22.2 (Windows NT 10.0; Win64; x64) libuv/1.49.2 msvc/2022', 'XMRig', 'cpu', null],
    ['xmrig-proxy/6.26.0 (Linux x86_64) libuv/1.48.0', 'xmrig-proxy', 'proxy', null],
    ['xmr-stak/2.10.8/b5b0cda/master/lin/nvidia-amd-cpu/aeon-cryptonight-monero/0', 'xmr-stak', 'cpu', null],
    ['xmr-stak-cpu/1.3.0-1.5.0', 'xmr-stak', 'cpu', null],
    ['cpuminer-opt-26.1-x64L', 'cpuminer-opt', 'cpu', null],
    ['cpuminer-multi/1.3.7', 'cpuminer-multi', 'cpu', null],
    ['cpuminer/2.5.1', 'cpuminer', 'cpu', null],
    ['ccminer/2.3.1', 'ccminer', 'gpu', null],
    ['cgminer/4.13.1', 'cgminer', 'asic', null],
    ['bmminer/2.0.0', 'bmminer', 'asic', null],
    ['bmminer/2.0.0/Antminer S9/13500', 'bmminer', 'asic', 'sha256d'],
    ['bmminer/1.0.0/Antminer L7/9500', 'bmminer', 'asic', 'scrypt'],
    ['Antminer KS5', 'Antminer', 'asic', 'kheavyhash'],
    ['bfgminer/5.5.0', 'BFGMiner', 'asic', null],
    ['sgminer/5.6.1', 'sgminer', 'gpu', null],
    ['whatsminer/v1.1', 'btminer', 'asic', 'sha256d'],
    ['bosminer-plus-tuner 0.2.0', 'bosminer', 'asic', 'sha256d'],
    ['bOS/24.01', 'bosminer', 'asic', 'sha256d'],
    ['bitaxe/BM1370/v2.13.2', 'bitaxe', 'asic', 'sha256d'],
    ['NerdMinerV2', 'NerdMiner', 'board', 'sha256d'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla', 'browser', null],
    ['stratum-ping/1.0.0', 'stratum-ping', 'monitor', null],
    ['ethminer-0.19.0', 'ethminer', 'gpu', null],
    ['ethminer 0.18.0-alpha.1+commit', 'ethminer', 'gpu', null],
    ['kawpowminer-1.2.4', 'kawpowminer', 'gpu', 'kawpow'],
    ['PhoenixMiner/5.5c', 'PhoenixMiner', 'gpu', null],
    ['NBMiner/39.6', 'NBMiner', 'gpu', null],
    ['GMiner/2.09', 'GMiner', 'gpu', null],
    ['lolMiner 1.76', 'lolMiner', 'gpu', null],
    ['lolMiner/1.85beta', 'lolMiner', 'gpu', null],
    ['SRBMiner-MULTI/2.9.0', 'SRBMiner-MULTI', 'cpu', null],
    ['BzMiner/v12.1.1', 'BzMiner', 'gpu', null],
    ['BzMiner', 'BzMiner', 'gpu', null],
    ['Rigel/1.19.3-nicehash', 'Rigel', 'gpu', null],
    ['bminer (v12.1.0-5083c32)', 'Bminer', 'gpu', null],
    ['TRM 0.10.2', 'TeamRedMiner', 'gpu', null],
    ['miniZ/2.4e', 'miniZ', 'gpu', null],
    ['IceRiverMiner-v1.1', 'IceRiverMiner', 'asic', null],
    ['NiceHash/1.0.0', 'NiceHash', 'marketplace', null],
    ['deepMiner', 'deepMiner', 'proxy', null],
    ['grin-miner', 'grin-miner', 'gpu', 'cuckatoo32'],
    ['cfxmine', 'cfxmine', 'gpu', 'octopus'],
  ])('%s', (text, software, vendorClass, algorithm) => {
    expect(identifyAgent(text)).toEqual({ software, vendorClass, algorithm });
  });

  it('names the kinds of machine that it runs on, by whole words', () => {
    expect(kindsOfAgent('cgminer/4.11.1')).toEqual(['asic', 'gpu', 'cpu']);
    expect(kindsOfAgent('bmminer/2.0.0')).toEqual(['asic']);
    expect(kindsOfAgent('SRBMiner-MULTI/2.9.0')).toEqual(['cpu', 'gpu']);
    expect(kindsOfAgent('gminer/3.44')).toEqual(['gpu']);
    expect(kindsOfAgent('xmrig-proxy/6.22.0')).toEqual([]);
  });

  it('shows by its version whether somebody chose it anew', () => {
    const setups = [
      '',
      'XMRig/6.21.0',
      'XMRig/2.14.1',
      'xmr-stak/2.10.8',
      'lolMiner 1.88',
      'Rigel/1.19.3-nicehash',
      'x/1',
    ];
    expect(setups.map(setupOfAgent)).toEqual([
      ...[
        'altered-or-old',
        'stock-xmrig',
        'altered-or-old',
        'altered-or-old',
        'other',
        'rig-system',
        'other',
      ],
    ]);
  });

  it('is matched by whole words only', () => {
    for (const text of ['Mozilla/5.0 (notxmrig)', 'texmrigs/1', 'Triumph/2.0', 'epical/1', 'yamaha']) {
      expect(namesMiner(text)).toBe(false);
    }
  });
  it('that is not known keeps its name', () => {
    expect(identifyAgent('Firmware/5.0 (X11; Linux x86_64)')).toEqual({
      software: 'Firmware',
      vendorClass: 'unknown',
      algorithm: null,
    });
    expect(identifyAgent('')).toBeNull();
    expect(identifyAgent(' \u0000 ')).toBeNull();
  });
  it('of any length and content is read in time', () => {
    const long = identifyAgent(`${'xmri'.repeat(100_000)}xmrig`);
    expect(long?.vendorClass).toBe('unknown');
    expect(long?.software.length).toBeLessThanOrEqual(256);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect((identifyAgent(text)?.software ?? '').length).toBeLessThanOrEqual(1024);
      }),
      { seed: 5 },
    );
  });
});
