import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyAgent } from '../../src/evidence/agent.ts';

describe('an agent', () => {
  it.each([
    ['XMRig/6.26.0 (Linux x86_64) libuv/1.48.0 gcc/13.2.0', 'XMRig', '6.26.0', 'cpu', null],
    ['XMRig/6.22.2 (Windows NT 10.0; Win64; x64) libuv/1.49.2 msvc/2022', 'XMRig', '6.22.2', 'cpu', null],
    ['xmrig-proxy/6.26.0 (Linux x86_64) libuv/1.48.0', 'xmrig-proxy', '6.26.0', 'proxy', null],
    [
      'xmr-stak/2.10.8/b5b0cda/master/lin/nvidia-amd-cpu/aeon-cryptonight-monero/0',
      'xmr-stak',
      '2.10.8',
      'cpu',
      null,
    ],
    ['xmr-stak-cpu/1.3.0-1.5.0', 'xmr-stak', '1.3.0-1.5.0', 'cpu', null],
    ['cpuminer-opt-26.1-x64L', 'cpuminer-opt', '26.1-x64L', 'cpu', null],
    ['cpuminer-multi/1.3.7', 'cpuminer-multi', '1.3.7', 'cpu', null],
    ['cpuminer/2.5.1', 'cpuminer', '2.5.1', 'cpu', null],
    ['ccminer/2.3.1', 'ccminer', '2.3.1', 'gpu', null],
    ['cgminer/4.13.1', 'cgminer', '4.13.1', 'asic', null],
    ['bmminer/2.0.0', 'bmminer', '2.0.0', 'asic', null],
    ['bmminer/2.0.0/Antminer S9/13500', 'bmminer', '2.0.0', 'asic', 'sha256d'],
    ['bmminer/1.0.0/Antminer L7/9500', 'bmminer', '1.0.0', 'asic', 'scrypt'],
    ['Antminer KS5', 'Antminer', null, 'asic', 'kheavyhash'],
    ['bfgminer/5.5.0', 'BFGMiner', '5.5.0', 'asic', null],
    ['sgminer/5.6.1', 'sgminer', '5.6.1', 'gpu', null],
    ['whatsminer/v1.1', 'btminer', '1.1', 'asic', 'sha256d'],
    ['bosminer-plus-tuner 0.2.0', 'bosminer', '0.2.0', 'asic', 'sha256d'],
    ['bOS/24.01', 'bosminer', '24.01', 'asic', 'sha256d'],
    ['bitaxe/BM1370/v2.13.2', 'bitaxe', null, 'asic', 'sha256d'],
    ['NerdMinerV2', 'NerdMiner', '2', 'asic', 'sha256d'],
    ['ethminer-0.19.0', 'ethminer', '0.19.0', 'gpu', 'ethash'],
    ['ethminer 0.18.0-alpha.1+commit', 'ethminer', '0.18.0-alpha.1+commit', 'gpu', 'ethash'],
    ['kawpowminer-1.2.4', 'kawpowminer', '1.2.4', 'gpu', 'kawpow'],
    ['PhoenixMiner/5.5c', 'PhoenixMiner', '5.5c', 'gpu', 'ethash'],
    ['NBMiner/39.6', 'NBMiner', '39.6', 'gpu', null],
    ['GMiner/2.09', 'GMiner', '2.09', 'gpu', null],
    ['lolMiner 1.76', 'lolMiner', '1.76', 'gpu', null],
    ['lolMiner/1.85beta', 'lolMiner', '1.85beta', 'gpu', null],
    ['SRBMiner-MULTI/2.9.0', 'SRBMiner-MULTI', '2.9.0', 'cpu', null],
    ['BzMiner/v12.1.1', 'BzMiner', '12.1.1', 'gpu', null],
    ['BzMiner', 'BzMiner', null, 'gpu', null],
    ['Rigel/1.19.3-nicehash', 'Rigel', '1.19.3-nicehash', 'gpu', null],
    ['bminer (v12.1.0-5083c32)', 'Bminer', '12.1.0-5083c32', 'gpu', null],
    ['TRM 0.10.2', 'TeamRedMiner', '0.10.2', 'gpu', null],
    ['miniZ/2.4e', 'miniZ', '2.4e', 'gpu', null],
    ['IceRiverMiner-v1.1', 'IceRiverMiner', '1.1', 'asic', null],
    ['NiceHash/1.0.0', 'NiceHash', '1.0.0', 'marketplace', null],
    ['deepMiner', 'deepMiner', null, 'proxy', 'cn/1'],
    ['grin-miner', 'grin-miner', null, 'gpu', 'cuckatoo32'],
    ['cfxmine', 'cfxmine', null, 'gpu', 'octopus'],
  ])('%s', (text, software, version, vendorClass, algorithm) => {
    expect(identifyAgent(text)).toEqual({ software, version, vendorClass, algorithm });
  });

  it('is matched by whole words only', () => {
    for (const text of ['Mozilla/5.0 (notxmrig)', 'texmrigs/1', 'Triumph/2.0', 'epical/1', 'yamaha']) {
      expect(identifyAgent(text)?.vendorClass).toBe('unknown');
    }
  });
  it('that is not known keeps its name', () => {
    expect(identifyAgent('Mozilla/5.0 (X11; Linux x86_64)')).toEqual({
      software: 'Mozilla',
      version: '5.0',
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
