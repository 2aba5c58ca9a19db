import {
  type Counted,
  type EVIDENCE as ENGLISH,
  type EvidenceKindId,
  ofSighted,
  type Sighted,
  type With,
} from '../en/evidence.ts';
import { chance, digits, grouped, range, wholePercent } from '../figures.ts';
import type { Statement, Translate, Translation } from '../statement.ts';
import { EVIDENCE_TITLES } from './evidence-kinds.ts';

const SOURCES: Readonly<Record<string, string>> = {
  'share-hash': '重算的份额',
  job: '任务',
  dialect: '协议',
  account: '账户',
  agent: '软件名',
  catalogue: '矿池名录',
  family: '算法族',
};
const REJECTIONS: Readonly<Record<string, string>> = {
  stale: '过期',
  duplicate: '重复',
  'low-difficulty': '难度不足',
  unauthorised: '未授权',
  malformed: '格式错误',
  other: '其他原因',
};

const seen = (kind: EvidenceKindId, { dialect, pool }: With): string =>
  `${EVIDENCE_TITLES[kind]}，${dialect}，${pool}`;
const sighted =
  (kind: EvidenceKindId) =>
  (p: Sighted): string =>
    `${seen(kind, p)}${p.said === null ? '' : `：${p.said}${p.varies ? ' …' : ''}`}`;
const measured = (p: Counted): string =>
  `${p.algorithm}：据 ${grouped(p.nonces)} 个随机数为 ${range(p, '至')}`;
const joined = (parts: readonly (Statement | null)[], translate: Translate): string =>
  parts.flatMap((part) => (part === null ? [] : [translate(part)])).join('；');
const active = ({
  activeMinutes,
  minutes,
}: {
  activeMinutes: number | null;
  minutes: number | null;
}): string =>
  activeMinutes === null
    ? ''
    : `；与同一服务器在 ${grouped(minutes ?? 0)} 分钟中有 ${grouped(activeMinutes)} 分钟活动`;
const oneIn = (count: string): string => `${count} 分之一`;

export const EVIDENCE: Translation<typeof ENGLISH> = {
  ...ofSighted(sighted),
  session: (p, translate) => `${p.dialect}，${p.pool}：${translate(p.reason)}`,
  'share-hash': (p) =>
    `${seen('share-hash', p)}：${p.algorithm}，重算的 ${p.tried} 个份额中 ${p.met} 个达到难度`,
  rejection: (p) =>
    `${seen('rejection', p)}：${REJECTIONS[p.reason] ?? p.reason}${p.said === null ? '' : `：${p.said}`}`,
  algorithm: (p) =>
    `${seen('algorithm', p)}：${p.algorithm ?? '未知'}（据${p.source === null ? '无' : (SOURCES[p.source] ?? p.source)}）`,

  counter: (p, translate) => {
    const relation = {
      none: '',
      contradict: '，与据份额的算力不一致',
      'agree-wider': '，与据份额的算力一致且区间更窄',
      'agree-narrower': '，与据份额的算力一致，后者区间更窄',
    }[p.shares];
    return `${measured(p)}${relation}。${translate(p.structure)}`;
  },
  'counter-disagrees': (p, translate) => {
    const shares = { estimate: p.sharesEstimate, low95: p.sharesLow95, high95: p.sharesHigh95, unit: p.unit };
    return `${measured(p)}，据份额为 ${range(shares, '至')}。${translate(p.cause)}`;
  },
  'implausible-rate': (p) =>
    `${p.algorithm}：${digits(p.rate, 3)} ${p.unit}，高于 ${p.machines} 台机器所能达到的 ${digits(p.highest, 3)} ${p.unit}；不作为主要数字，难度、算法或份额必有误`,
  'packets-missing': '随机数显示的速度高于份额：抓包中缺包，份额随之缺失。',
  'nonces-faster': '随机数显示的速度高于份额：有停顿、被拒的份额，或份额提交到别处。',
  'nonces-slower': '随机数显示的速度低于份额：机器或线程比所能区分的更多。',

  'pool-name': (p) => `${p.name} 属于 ${p.pool}（${p.rule}）`,
  'pool-address': (p) => `${p.endpoint} 属于 ${p.pool}（${p.rule}）`,
  'pool-contact': (p, translate) =>
    `${p.name}（${p.endpoint}${p.lookUp == null ? '' : `，${translate(p.lookUp)}`}）：${joined([p.reason, p.sampling], translate)}`,
  'address-of-name': (p) =>
    `${p.day} 查得为 ${p.name} 的地址${p.isShared ? '，与他人共用' : ''}${p.isFar ? '，距此流量过久，不作证据' : ''}`,
  'dns-lookup': (p, translate) => `${p.name}（${p.pool}）：${translate(p.reason)}`,
  'device-asked': (p) => `查询了 ${p.endpoint} 的设备`,
  'sensor-alert': (p) => `${p.signature}，${p.endpoint}`,
  unanswered: (p) => `${p.endpoint} 没有应答`,
  'tls-hello': (p) => {
    const answer = p.refused ? '（服务器以明文应答）' : '';
    const name = p.serverName === null ? '无服务器名' : `服务器名 ${p.serverName}`;
    const hidden = p.encryptedHello ? '（客户端发送了加密的 hello，或形似加密：真实名称可能不同）' : '';
    const alpn = p.alpn.length === 0 ? '无 ALPN' : `ALPN ${p.alpn.join(' ')}`;
    const certificate =
      p.subject === null
        ? ''
        : `；证书主体 ${p.subject === '' ? '（空）' : p.subject}，${p.issuer === null ? '自签名' : `由 ${p.issuer} 签发`}`;
    return `到 ${p.endpoint} 的 TLS${answer}，${name}${hidden}，${alpn}，JA3 ${p.ja3}，JA4 ${p.ja4}${certificate}`;
  },

  'flow-figures': (p, translate) => {
    const mean = p.connections === 1 ? '' : '平均 ';
    const spent =
      p.activeMinutes === null
        ? ''
        : `；${grouped(p.minutes ?? 0)} 分钟中有 ${grouped(p.activeMinutes)} 分钟活动`;
    const scatter = p.scatter === null ? '' : `；计数的离散为随机情形的 ${digits(p.scatter, 3)} 倍`;
    const figures =
      `与 ${p.endpoint} 有 ${grouped(p.connections)} 次连接，${mean}${digits(p.meanSeconds, 3)} 秒${spent}；` +
      `每分钟上行 ${digits(p.packetsPerMinuteOut, 3)} 个 ${digits(p.bytesPerPacketOut, 3)} B 的包，` +
      `下行 ${digits(p.packetsPerMinuteIn, 3)} 个 ${digits(p.bytesPerPacketIn, 3)} B 的包${scatter}`;
    const [reason, likeness, sampling] = [p.reason, p.likeness, p.sampling].map((part) =>
      part === null ? '' : translate(part),
    );
    return [reason, figures, likeness, sampling].filter((part) => part !== '').join('；');
  },
  likeness: (p) =>
    `相似度 ${p.score.toFixed(1)}（自 ${p.threshold.toFixed(1)} 起列为可疑）${p.costs.length === 0 ? '' : `，扣分项：${p.costs.join('、')}`}`,
  sampling: (p) => {
    const limits = p.low === null ? '' : `：${digits(p.low, 3)} 至 ${digits(p.high ?? 0, 3)} 个包（95 %）`;
    return `每 ${digits(p.interval, 3)} 个包抽样一个，共观察 ${grouped(p.observed)} 个${limits}`;
  },
  behaviour: (p, translate) => {
    const marks = p.marks.length === 0 ? '' : `；符合挖矿之处：${joined(p.marks, translate)}${active(p)}`;
    return `与 ${p.endpoint} 共 ${p.seconds} 秒，上行 ${p.bytesOut} B，下行 ${p.bytesIn} B${marks}`;
  },
  'mining-marks': (p, translate) => `${joined(p.marks, translate)}${active(p)}；${p.endpoint}`,

  'shares-seen': (p) => {
    const [accepted, atLeast] = [grouped(p.accepted), grouped(p.acceptedLow)];
    const range = p.low === p.high ? '' : `（${grouped(p.low)} 至 ${grouped(p.high)}）`;
    return `${grouped(Math.round(p.activeSeconds / 60))} 分钟内向 ${p.endpoint} 发送 ${grouped(p.central)} 个份额${range}，接受 ${p.acceptedLow === p.accepted ? accepted : `${atLeast} 至 ${accepted}`} 个，拒绝 ${grouped(p.rejected)} 个；据消息的长度与时刻计数，一个份额值多少看不出来`;
  },
  'in-step': (p) => {
    const coin = p.coin ?? '未知币种';
    const whose = {
      file: `--blocks 中 ${coin} 的区块`,
      sessions: `可读任务中 ${coin} 的新区块`,
      unreadable: '另一主机与无关服务器之间不可读会话的推送时刻',
    }[p.source];
    const odds = chance(p.chance, (count) => `${count} 分之一`);
    return `${p.endpoint} 的推送在 3 秒内跟随了 ${grouped(p.blocks)} 个${whose}中的 ${grouped(p.followed)} 个；纯属偶然的概率为 ${odds}，已计入全部 ${grouped(p.tests)} 次检验`;
  },

  'mark-tls': 'TLS 记录',
  'mark-hidden': (p) => `${wholePercent(p.part)} 的报文段只抓到了包头`,
  'mark-random': (p) => `${wholePercent(p.part)} 的报文段看似随机`,
  'mark-sizes': (p) =>
    p.families.length === 0
      ? '大小不符合任何协议'
      : `大小与 ${p.families.join(' 或 ')} 相同：上行 ${p.share} B，应答 ${p.answer} B，主动下发 ${p.job} B`,
  'mark-shares': (p) =>
    `${p.seconds} 秒内上行 ${p.count} 条 ${p.bytes} B 的消息，占全部的 ${wholePercent(p.part)}`,
  'mark-answers': (p) =>
    `${wholePercent(p.part)} 在 ${digits(p.seconds, 2)} 秒后得到 ${p.bytes} B 的应答${p.perAnswer > 1 ? `，每 ${p.perAnswer} 条一个应答` : ''}`,
  'mark-jobs': (p) =>
    `主动下发 ${p.count} 条 ${p.bytes} B 的消息，每 ${digits(p.seconds, 2)} 秒一条（变异 ${digits(p.variation, 2)}），${wholePercent(p.heeded)} 得到回复`,
  'mark-chance': (p) =>
    `间隔随机，平均 ${digits(p.seconds, 2)} 秒（变异 ${digits(p.variation, 2)}，偏差 ${digits(p.misfit, 2)}）`,

  scan: (p) =>
    `像对矿池一样尝试了 ${grouped(p.endpoints)} 个端点${p.atOnce === null ? '' : `，其中 ${p.atOnce} 个同时进行`}，从未提交份额`,
  honeypot: (p) =>
    `像矿池一样应答了 ${grouped(p.networks)} 个外部网络的 ${grouped(p.clients)} 个地址；${
      p.shares === 0 ? '无人提交份额' : `所提交的 ${grouped(p.shares)} 个份额无一得到评判`
    }`,

  'counts-single': '随机数在每个任务从 0 递增：其值除以任务开始后的秒数即为算力。',
  'counts-pooled': '所有随机数分批取自同一计数器，每个任务从 0 开始：其高度除以任务开始后的秒数即为算力。',
  'counts-chunks': (p) =>
    `各路从同一计数器成段取随机数，每段 ${grouped(p.size)} 个，每个任务从 0 开始：段内位置随时间的变化即为一路的算力。`,
  'counts-lanes': (p) =>
    `每个任务中各路在自己的随机数区间（${grouped(p.size)} 个）内递增：区间内位置随时间的变化即为一路的算力。`,
  'counts-base-job': '随机数从一次选定的起点递增，每个任务重新开始：随机数随时间的斜率即为算力。',
  'counts-base-session': '随机数在整个会话中递增：随机数随时间的斜率即为算力。',
  'counts-units': (p) =>
    `Extranonce2（连同滚动的版本位或时间）按份额数以 2^${p.exponent} 次哈希为单位计数：其随时间的推进即为算力。`,
  'counter-tracks': (p) =>
    `计数的有 ${p.low === p.high ? p.low : `${p.low} 至 ${p.high}`} 路（线程或设备）。`,
  'counter-rigs': (p) => `固定的随机数字节有 ${p.rigs} 个取值：每个取值一台机器。`,
  'counter-fit': (p) =>
    `${grouped(p.shares)} 个份额符合匀速计数；随机数同样符合的概率至多 ${chance(p.chance, oneIn)}。`,
  'counter-outliers': (p) =>
    `${wholePercent(p.part)} 的份额不符（停顿、捐赠时段、变慢）；若随机数无法区分，区间兼顾两种情形。`,
  'counter-unseen-pauses': (p) =>
    `区间包含 ${wholePercent(p.part)}，用于随机数无法显示的部分：两次扫描之间取任务的停顿。`,
  'counter-unseen-donation': (p) =>
    `区间包含 ${wholePercent(p.part)}，用于随机数无法显示的部分：矿工为他人工作的时段，如 XMRig 为其作者。`,
  'counter-newest': (p) => `此前的 ${grouped(p.unread)} 个份额未读取：这是会话最近部分的算力，并非全程。`,
  'counter-not-read': '未读取：本次运行中有份额的会话多于可读取随机数的数量。',
  'no-clock-few': (p) => `随机数给不出算力：只有 ${grouped(p.shares)} 个带随机数的份额，太少。`,
  'no-clock-unsteady': '随机数给不出算力：虽在递增，但太不均匀。',
  'no-clock-timed':
    '随机数给不出算力：数字在会话中上升，但与时间、任务或份额本身的推进无异，而非因工作上升。',
  'no-clock-timer': '定时器会如此，取自时刻的起点亦然；从不改变速度的矿工看起来也一样。',
  'no-clock-random': (p) =>
    `随机数给不出算力：随机数同样能解释这些份额（如此相符的概率 ${chance(p.chance, oneIn)}）。`,
};
