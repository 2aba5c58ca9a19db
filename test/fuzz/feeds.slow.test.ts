/** Pool lists of any bytes: the readers end without an exception, and what they keep is a place that was written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../src/pools/feeds/index.ts';

const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260802);
const numRuns = Number(process.env.MINESWEEP_FUZZ_RUNS ?? 300);

const SAMPLES: readonly string[] = [
  '# x\n0.0.0.0 a.pool.test b.pool.test\n:: c.pool.test\n',
  'domain_pattern,pool,ports,tls_ports,coins,kind\n"*.lab.test","Lab ""A"", Inc",3333;4444,443,XMR,pool\n',
  '{"name":"miners","list":["m.pool.test","1.2.3.0/24","[2001:db8::1]:3333"]}',
  '[{"coin":"xmr","servers":[{"geo":"EU","urls":["stratum+tcp://h.pool.test::3333"],"ssl_urls":["h.pool.test:443"]}]}]',
  '# Reference: https://x.test\n5.188.86.9:3333\nhttp://1.2.3.4/x.sh\nseed.coin.test\n',
  `${Buffer.from('s.pool.test').toString('base64')},5\n`,
  'alert dns $HOME_NET any -> any any (msg:"ET COINMINER a\\; b"; dns.query; content:"r.pool.test"; nocase; sid:1;)\n',
  'alert tcp any any -> [5.6.7.8, 5.6.7.9] 3333 (msg:"COINMINER"; tls.sni; dotprefix; content:".d.test"; sid:2;)\n',
  '||u.pool.test^$third-party\nstratum+ssl://p.test:443\n',
];

function read(text: string): void {
  const feed = readFeed(text);
  if (feed === null) return;
  for (const { place, port, line } of feed.items) {
    expect(place.length).toBeLessThanOrEqual(text.length);
    expect(port === null || (Number.isInteger(port) && port >= 1 && port <= 65_535)).toBe(true);
    expect(line).toBeGreaterThan(0);
  }
  for (const { text: said } of feed.unread) expect(said.length).toBeLessThanOrEqual(80);
}

describe(`pool lists (seed ${seed})`, () => {
  it('of any text are read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), read), { seed, numRuns });
  });

  it('of every format are read with characters changed, doubled and lost', () => {
    const change = fc.record({
      at: fc.nat(),
      put: fc.constantFrom('', '"', ';', '(', '\n', ',', '[', '\u0000', ':', '\\'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), fc.array(change, { maxLength: 8 }), (sample, changes) => {
        let text = sample;
        for (const { at, put } of changes) {
          const index = at % (text.length + 1);
          text = text.slice(0, index) + put + text.slice(index + 1);
        }
        read(text);
      }),
      { seed, numRuns: numRuns * 4 },
    );
  });

  it('of lines without end come to an end', () => {
    for (const unit of ['(', ')', ' ', '"', ';', '\\', '[', 'a.', ',"', 'content:"a.b";', '0.0.0.0 ']) {
      const head = 'alert dns any any -> any any (msg:"COINMINER"; dns.query; ';
      for (const count of [1000, 50_000]) readFeed(`${head}${unit.repeat(count)})\n`);
      readFeed(unit.repeat(100_000));
    }
  });
});
