/** Chinese words of the method section. */

import type { ReportText } from '../en/report.ts';
import { grouped } from '../figures.ts';

export const zhMethod: ReportText['method'] = {
  title: '方法与假设',
  assumptions: '本次审计用电数字的依据',
  noAssumptions: '本次审计没有推算功率。',
  verdicts: '结论等级',
  verdictMeaning: {
    confirmed:
      '解析出与矿池的会话，双方的事实相互吻合：登录被接受或收到任务，并且提交了工作且得到答复。没有份额则不会被确认。',
    probable: '协议的一部分或只有一方；或专用于挖矿的端点，且会话的表现与挖矿相符。',
    suspected: '仅有行为特征，或一条较弱的协议事实。',
    attempted: '尝试连接矿池，但没有建立会话。',
    listed: '触及名单中的端点或查询其域名，仅此而已。',
  },
  rules: [
    [
      '挖矿地址',
      '指结论为确认或很可能的地址，本网内的矿池服务器除外。较弱的结论另行列出和计数，不计入流量、算力和用电。',
    ],
    [
      '流量',
      '指与矿池往来的 IP 字节，双向，为整个时段的均值，既不是峰值也不是百分位数。上行指从矿工到矿池。',
    ],
    [
      '工作量',
      '指每个被接受、过期或未答复的份额乘以其难度所代表的哈希数。被拒绝的份额不算工作。难度或算法未知的份额只计数，不计价。',
    ],
    [
      '算力',
      '为主机的工作量除以其活动时间的并集。区间为 95 %，由份额数量得出：十个份额时上下各差约三分之一。看不到份额时，算力可能来自随机数计数、矿工自报或模型；依据标在一旁。',
    ],
    [
      '用电',
      '为算力 × 抓取当年硬件的每哈希能耗 × 活动时间 × 场所的附加用电，各取低、中、高三值。低值与低值、高值与高值直接相加，因为同一算法的能效误差对所有主机相同。每天的数字假定当天其余时间与本时段相同。',
    ],
    [
      '归属',
      '首先取自运营者自己的表，其次为网络、名称与关键词数据库。类别附有来源与置信度。党政机关、教育与企业计为机构；“未知”始终留在分母中。',
    ],
    ['地址占比', '附 Wilson 95 % 区间，只反映抽样误差；归属类别的错误另计。'],
    [
      '密码',
      '在任何地方都不出现。钱包与矿机名予以显示，因为它们能把多个地址联系到同一操作者；在许多地区它们属于个人信息。',
    ],
  ],

  published: {
    title: '与已公布的审计对照',
    lead: '这样的审计常与他人公布的数字相比。标题以下各行由此处仅凭已公布的数字推算。',
    figure: '项目',
    own: '本次审计',
    notPublished: '未公布',
    rows: {
      by: '发布方',
      addresses: '地址数',
      ownTraffic: (rate) => `${rate}，双向，时段均值`,
      notObserved: '未观测到',
      ownShare: (addresses, share) => `${share}：${addresses}属于党政机关、教育和企业，不论意图`,
      traffic: '流向矿池的流量',
      hashrate: '算力',
      energy: '每天用电',
      share: '机构占比',
      coins: '提到的币种',
      funnel: '从地址到单位再到机器',
      institutional: '机构的地址',
      units: '单位（机构）',
      namedUnits: (count) => `${grouped(count)} 家有名称`,
      intents: '单位为何挖矿',
      ofUnits: (deliberate, hijacked, undetermined) =>
        `${grouped(deliberate)} 家主动，${grouped(hijacked)} 家被入侵，${grouped(undetermined)} 家未能判定`,
      machines: '机器',
      derived: '由此推算',
      power: '平均功率',
      perAddress: '每地址功率',
      energyPerAddress: '每地址每天用电',
      trafficPerAddress: '每地址流量',
      hashratePerAddress: '每地址算力',
      joules: '若全为 SHA-256，每哈希能耗',
      factor: {
        'coal-cn': (kg, year) => `每天折标准煤，${kg} kg/kWh（${year}）`,
        'co2-cn-old': (kg, year) => `每天二氧化碳，${kg} kg/kWh（旧口径，${year}）`,
        'co2-cn-grid': (kg, year) => `每天二氧化碳，${kg} kg/kWh（中国电网，${year}）`,
      },
    },
    sourcesTitle: '资料来源',
  },
};
