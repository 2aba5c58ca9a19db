import type { Because, POWER as ENGLISH, Machine, ShareForm } from '../en/power.ts';
import { figure } from '../en/power.ts';
import { digits, grouped } from '../figures.ts';
import type { Translation } from '../statement.ts';

const ASSUMED: Readonly<Record<Machine, string>> = {
  cpu: '处理器',
  gpu: '显卡',
  asic: '专用矿机（ASIC）',
  board: '微控制器',
};
const WORKERS: Readonly<Record<Machine, string>> = {
  cpu: '机器的处理器，在其原有耗电之外',
  gpu: '带显卡的机器（一张卡至整台矿机）',
  asic: '专用矿机（ASIC）',
  board: '微控制器',
};
const ONE: Readonly<Record<Machine, string>> = {
  cpu: '处理器',
  gpu: '带显卡的机器',
  asic: '专用矿机（ASIC）',
  board: '微控制器',
};
const BECAUSE: Readonly<Record<Because, (algorithm: string, year: number | null) => string>> = {
  'rate-too-high': (algorithm) => `处理器和显卡都达不到这样的 ${algorithm} 算力`,
  'nothing-known': () => '算法和软件名均未知',
  'made-for-cpu': (algorithm) => `${algorithm} 是为处理器设计的`,
  'asic-since': (algorithm, year) => `${algorithm} 自 ${year} 年起由专用矿机挖`,
  'too-slow-for-asic': (algorithm) => `对 ${algorithm} 的专用矿机来说太慢`,
  'made-for-gpu': (algorithm) => `${algorithm} 是为显卡设计的`,
  'asic-agent': () => '软件名是专用矿机的固件或其驱动程序',
  'gpu-agent': () => '软件名是显卡挖矿程序',
  'cpu-agent': () => '软件名是处理器挖矿程序',
  'board-agent': () => '软件名是微控制器挖矿程序',
};
/** Devices of the table that are not models. */
const DEVICES: Readonly<Record<string, string>> = {
  average: '当时的全网平均',
  'geometric-mean': '两者的几何平均',
  median: '在用处理器的中位数',
  'best machine with air cooling': '风冷机型中最好的',
  'whole rig of cards': '整台显卡矿机',
  'desktop as it is': '普通台式机',
  'virtual or throttled processor': '虚拟机或降频的处理器',
  'desktop processor of 2018': '2018 年的台式机处理器',
  'graphics card or processor': '显卡或处理器',
  'modern desktop processor': '当代台式机处理器',
};
const device = (name: string): string => DEVICES[name] ?? name;
const PUE: Readonly<Record<string, string>> = {
  none: '不计附加用电',
  home: '住宅',
  farm: '矿场',
  'machine-room': '机房',
  colocation: '托管机房',
  unknown: '未知',
};
const SHARE_FORMS: Readonly<Record<ShareForm, string>> = {
  'solution-1344': '十六进制的 1,344 字节解',
  'solution-100': '十六进制的 100 字节解',
  'short-solution': '十六进制的短解',
  'nonce-and-hash': '一个随机数和一两个哈希',
  'nonce-and-mix': '一个随机数，两种协议之一还带头部和 mix',
  'short-fields-or-v2': '五六个短字段，或 Stratum V2 的 62 字节',
  'short-fields': '五六个短字段',
};

export const POWER: Translation<typeof ENGLISH> = {
  machine: (p) =>
    `${p.machine === null ? '机器种类未知' : `假定为${ASSUMED[p.machine]}`}：${BECAUSE[p.because](p.algorithm ?? '未知算法', p.year)}。`,
  'rate-self-reported': '算力为矿工自报。',
  'rate-unchecked':
    '算力取自份额，其哈希未经重新计算：由矿工写出、服务器接受，且不超过其机器与全网所能达到的。',
  'power-bounded': (p) => `功率以 ${digits(p.watts, 3)} W 为上限：这些机器至多如此，而该算力所需更多。`,
  'rate-modelled': '算力由字节数和假定推算，并非实测。',
  efficiency: (p) =>
    `${p.year} 年的 ${p.algorithm}：最省电为 ${device(p.best)}，最费电为 ${device(p.worst)}，中值为 ${device(p.middle)}${
      p.nearest === null ? '' : `（取已知的最近年份 ${p.nearest}）`
    }。`,
  'efficiency-named': (p) => `${p.year} 年的 ${p.algorithm}：${p.device}，由矿工自报。`,
  'device-named': (p) => `矿工自报机型 ${p.device}：铭牌功率 ${grouped(p.watts)} W。`,
  'watts-per-worker': (p) => {
    const why =
      p.rate === 'unknown'
        ? '算力未知'
        : `算力${p.rate === 'known' ? '已知' : '为推算'}，但这类机器挖 ${p.algorithm ?? '该算法'} 的耗电未知`;
    const what = p.machine === null ? '不论何种机器' : WORKERS[p.machine];
    return `${why}：每个矿工 ${p.central} W（${p.low} 至 ${p.high}），${what}，凭判断取值。`;
  },
  'no-share-limit': '没有份额：计入的功率不超过算力上限所需。',
  'counts-marginal': '只计挖矿给本就开着的机器增加的耗电。',
  'counts-total': '计入专为挖矿而设的机器的全部耗电。',
  'duty-sampled':
    '数据包经过采样，活动时间不可知：电量按有数据包的小时计，下限按有数据包的分钟计，上限按整个时间窗计。',
  pue: (p) => `PUE ${p.central}（${p.low} 至 ${p.high}，${PUE[p.name] ?? p.name}）。`,
  'flat-watts': (p) => `按要求每个地址昼夜 ${digits(p.watts, 15)} W：不是测量值。`,

  'too-heavy': (p) =>
    `${grouped(p.hosts)} 台主机的功率超过其归属类别（${p.classes.join('、')}）一个地址之后可能有的功率：算力、机器数或归属有误`,
  'more-than-network': (p) =>
    `${p.algorithm}：全部主机合计 ${digits(p.rate, 3)} ${p.unit}，高于全网所能达到的 ${digits(p.highest, 3)} ${p.unit}；不计入总计，份额、算法或难度必有误`,
  'implausible-efficiency': (p) =>
    `${figureOf(p.value)} ${p.unit} 对 ${p.year} 年的 ${p.algorithm} 不可信：当时的机器需要 ${figureOf(p.best)} 至 ${figureOf(p.worst)}；部分功率属其他用途，或某个数字有误`,

  'modelled-shares': (p) =>
    `${grouped(Math.round(p.seconds))} 秒内 ${figure(p.central)}（${figure(p.low)} 至 ${figure(p.high)}）个份额，据上行 ${p.packets} 个包的 ${p.bytes} 字节。`,
  'counted-shares': (p) =>
    `据消息的长度与时刻，${grouped(Math.round(p.seconds))} 秒内数到 ${grouped(p.central)} 个份额${p.low === p.high ? '' : `（${grouped(p.low)} 至 ${grouped(p.high)}）`}。`,
  'rate-if': (p) =>
    `若一个份额值 ${grouped(Math.round(p.central))} 次哈希，则为 ${figure(p.estimate, p.unit, 3)}${p.low === p.high ? '' : `；一个份额可能值 ${grouped(Math.round(p.low))} 至 ${grouped(Math.round(p.high))} 次`}。`,
  'modelled-share-size': (p) =>
    `${p.algorithm} 的一个份额占 ${p.low} 至 ${p.high} 字节：${SHARE_FORMS[p.form]}。`,
  'difficulty-given': (p) => {
    const said = p.low === p.high ? figure(p.low) : `${figure(p.low)} 至 ${figure(p.high)}`;
    const of = p.algorithm === 'unknown' ? '' : `${p.algorithm} `;
    return p.unit === 'hashes'
      ? `${of}每份额 ${said} 次哈希，依据 ${p.source}。`
      : `${of}的难度 ${said}，依据 ${p.source}。`;
  },
  'difficulty-assumed': (p) =>
    `${p.algorithm} 的难度未知：假定矿池要求一台 ${p.year} 年的${ONE[p.machine]}每 ${p.paceLow} 至 ${p.paceHigh} 秒交一个份额（${figure(p.rateLow)} 至 ${figure(p.rateHigh)} ${p.unit}）。`,
  'not-modelled': (p, translate) => `${grouped(p.sessions)} 个会话未作推算：${translate(p.reason)}`,
  'rules-unused': (p) =>
    `--assume 的 ${grouped(p.of)} 条规则中有 ${grouped(p.rules)} 条不适用于任何算力未知的会话`,
  'model-no-algorithm': "算法未知；可用 --assume 'pool=… algorithm=… difficulty=…' 指明",
  'model-no-machine': "没有该算法的已知机器；可用 --assume 'algorithm=… difficulty=…' 指明难度",
  'model-no-difficulty': "难度未知；可用 --assume 'pool=… difficulty=…' 指明",
  'model-no-count': '抽样后数据包太少',
};

function figureOf(value: number): string {
  return String(Number(value.toPrecision(3)));
}
