/** What makes two audits hard to compare, and Chinese words of `minesweep diff`. */
import type { DIFF as ENGLISH } from '../en/diff.ts';
import type { ReportText } from '../en/report.ts';
import type { Translation } from '../statement.ts';

const WHICH = { old: '旧', new: '新' } as const;

export const DIFF: Translation<typeof ENGLISH> = {
  'diff-partial': ({ which }) => `${WHICH[which]}审计不完整：其中可能缺少主机。`,
  'diff-uncovered': ({ which }) => `${WHICH[which]}审计未覆盖其全部输入。`,
  'diff-lengths': '一个时段是另一个的四倍以上：较短的一个显示的主机较少。',
  'diff-order': '新审计开始于旧审计之前：二者的顺序可能颠倒。',
  'diff-overlap': ({ seconds }) => `两个时段重叠 ${seconds} 秒：二者都有的显示为未变。`,
};

export const zhDiff: ReportText['diff'] = {
  title: '挖矿审计：有何变化',
  columns: { change: '变化', ip: 'IP', what: '内容' },
  label: { old: '旧', new: '新', changes: '变化', threshold: '阈值' },
  kind: { new: '新增', verdict: '结论', moved: '转移', grew: '增长', shrank: '减少', gone: '消失' },
  moved: { pool: '矿池', account: '账户' },
  by: { shares: '据份额', counter: '据随机数计数', 'self-reported': '矿工自报', modelled: '模型推算' },
  noPacket: '没有数据包',
  side: (when, addresses) => `${when}，${addresses}`,
  count: (n, kind) => `${kind} ${n}`,
  changes: (kinds, unchanged) => `${kinds === '' ? '无' : kinds}；未变 ${unchanged}`,
  crossed: '已越过',
  notCrossed: '未越过',
  at: '{what}，位于 {pools}',
  was: (verdict) => `此前${verdict}`,
  verdicts: (before, after) => `此前${before}，现在${after}`,
  from: '{what}：{from} 改为 {to}',
  also: '{what}：另有 {to}',
  traffic: (before, after) => `流量 ${before} 变为 ${after}`,
  rate: '{algorithm} {before} 变为 {after}，{by}',
};
