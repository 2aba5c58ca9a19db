import { describe, expect, it } from 'vitest';
import { catalogueOf, inLanguage } from '../../src/statements/catalogue.ts';
import { bitrate, byteCount, clock, counted, minedPart, significant } from '../../src/statements/figures.ts';

const { duration, hashrate, interval, percent, shortRate, span } = catalogueOf('en').figures;
const chinese = catalogueOf('zh').figures;

describe('figures', () => {
  it.each([
    [0, '0'],
    [0.0001, '<0.001'],
    [0.1234, '0.123'],
    [0.99951, '1.00'],
    [2.149, '2.15'],
    [9.996, '10.0'],
    [99.96, '100'],
    [999.4, '999'],
    [1204.6, '1,205'],
  ])('%d has three significant digits', (value, expected) => {
    expect(significant(value)).toBe(expected);
  });

  it('writes an interval in the prefix of its estimate', () => {
    expect(interval(2150, 1970, 2350, 'H/s')).toBe('2.15 kH/s (1.97–2.35)');
    expect(interval(95.2e12, 81.4e12, 110.6e12, 'H/s')).toBe('95.2 TH/s (81.4–111)');
    expect(interval(0, 0, 3700, 'H/s')).toBe('<3.70 kH/s');
    expect(interval(12e9, 10.3e9, 213_510e9, 'H/s')).toBe('12.0 GH/s (10.3 GH/s – 214 TH/s)');
    expect(interval(410, null, null, 'Sol/s')).toBe('410 Sol/s');
    expect(interval(999.7, 2, null, 'H/s')).toBe('1.00 kH/s (2.00 H/s – ?)');
    expect(
      hashrate({
        unit: 'H/s',
        basis: 'shares',
        estimate: 61.3e6,
        low95: 12.6e6,
        high95: 179e6,
      }),
    ).toBe('61.3 MH/s (12.6–179)');
  });

  it.each([
    [136.77, '137 Mbps'],
    [0.0026, '2.60 kbps'],
    [0.00024, '240 bps'],
    [1234, '1.23 Gbps'],
    [0, '0'],
  ])('%d Mbit/s', (mbps, expected) => {
    expect(bitrate(mbps)).toBe(expected);
  });

  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.99996, '>99.9 %'],
    [0.0001, '<0.1 %'],
    [0.714, '71.4 %'],
  ])('%d of the whole never rounds to all or nothing', (part, expected) => {
    expect(percent(part)).toBe(expected);
  });

  it.each([
    [0.25, '250 ms'],
    [59.6, '1 min'],
    [900, '15 min'],
    [903, '15 min 3 s'],
    [3605, '1 h'],
    [187_200, '2 d 4 h'],
    [134_578_800, '1,557 d 15 h'],
  ])('%d seconds', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });

  it('writes bytes and counts', () => {
    expect(byteCount(734_003_200)).toBe('734 MB');
    expect(counted(1, 'host')).toBe('1 host');
    expect(counted(1200, 'line')).toBe('1,200 lines');
  });

  it('writes times in the zone of the reader', () => {
    expect(clock('2026-03-02T23:59:59.999Z', 'UTC')).toBe('2026-03-02 23:59:59');
    expect(clock('2026-03-02T16:00:00.000Z', 'Asia/Shanghai')).toBe('2026-03-03 00:00:00');
    expect(span('2026-03-02T08:00:00.000Z', '2026-03-02T08:15:00.000Z', 'UTC')).toBe(
      '2026-03-02 08:00:00 – 08:15:00 UTC',
    );
    expect(span('2026-03-02T08:00:00.000Z', '2026-03-03T08:15:00.000Z', 'UTC')).toBe(
      '2026-03-02 08:00:00 – 2026-03-03 08:15:00 UTC',
    );
  });

  it('tell how much of the window was mined, which is what sets a day apart from watts', () => {
    const power = (watts: number, kwhPerDay: number) => ({
      ...{ watts, wattsLow: watts, wattsHigh: watts },
      ...{ kwhPerDay, kwhPerDayLow: kwhPerDay, kwhPerDayHigh: kwhPerDay },
    });
    // 1.9 kW around the clock are 45.6 kWh; in 6 s of a day they are 0.003 kWh.
    expect(minedPart(power(1900, 45.6))).toBeCloseTo(1);
    expect(percent(minedPart(power(1900, 1.9 * (6 / 3600))))).toBe('<0.1 %');
    expect(minedPart(power(0, 0))).toBe(0);
  });

  it('marks limits and what was not measured', () => {
    const rate = { unit: 'H/s', estimate: 2150, low95: 400, high95: 9100 };
    expect(hashrate({ ...rate, basis: 'modelled' })).toBe('~2.15 kH/s (0.400–9.10)');
    expect(shortRate({ ...rate, basis: 'self-reported' })).toBe('~2.15 kH/s');
    expect(shortRate({ ...rate, estimate: 0, low95: 0, high95: 214e9, basis: 'shares' })).toBe('<214 GH/s');
  });

  it.each([
    [chinese.percent(0.136), '13.6%'],
    [chinese.percentRange(0.198, 0.222), '19.8～22.2%'],
    [chinese.interval(2150, 1970, 2350, 'H/s'), '2.15 kH/s（1.97～2.35）'],
    [chinese.range(2, 1500), '2～1,500'],
    [chinese.duration(44_445_964), '514 天 10 小时'],
    [chinese.energyRange(260_000, 120_000, 410_000), '26.0 万千瓦时（12.0～41.0）'],
    [chinese.energy(4321), '4,320 千瓦时'],
    [chinese.energyRange(5.47, 0.433, 87.4, 'C'), '~5.47 千瓦时（0.433～87.4）'],
    [
      chinese.span('2026-03-02T08:00:00.000Z', '2026-03-02T08:15:00.000Z', 'UTC'),
      '2026-03-02 08:00:00～08:15:00 UTC',
    ],
  ])('writes them as Chinese does: %s', (written, expected) => {
    expect(written).toBe(expected);
  });

  it('writes parts of a text that are figures', () => {
    const text = (code: string, params: Record<string, unknown>): string =>
      inLanguage('en').textOf(code, params);
    expect(text('form.range', { low: '1', high: '2' })).toBe('1–2');
    expect(text('counted-shares', { low: 1, central: 5, high: 12_000, seconds: 90 })).toBe(
      '5 shares (1–12,000) in 1 min 30 s, counted by sizes and times of messages.',
    );
  });
});
