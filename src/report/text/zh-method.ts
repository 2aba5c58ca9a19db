/** Chinese words of the method section. */
import type { ReportText } from './en.ts';

export const zhMethod: ReportText['method'] = {
  title: '方法与假设',
  assumptions: '本次审计用电数字的依据',
  noAssumptions: '本次审计没有推算功率。',
  verdicts: '结论等级',
  verdictMeaning: {
    confirmed:
      '解析出与矿池的会话，双方的事实相互吻合：登录被接受或收到任务，并且提交了工作且得到答复；或出现只有登录之后才会有的任务流。',
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
    title: '2021 年的两次审计，以及这些数字放在一起说明什么',
    lead: '2021 年，两个相邻省份统计了本省的挖矿情况。如今的审计常与这些数字相比，因此有必要弄清它们可能的含义。以下计算只使用已公布的数字和当时机器的技术参数。',
    figure: '项目',
    jiangsu: '江苏',
    zhejiang: '浙江',
    own: '本次审计',
    notPublished: '未公布',
    rows: {
      by: '发布方',
      jiangsuBy: '江苏省通信管理局，2021 年 10 月',
      zhejiangBy: '省级互联网应急中心分中心、纪检监察机关与网信办，2021 年 12 月（7 月抽样，9 月抽查）',
      addresses: '地址数',
      ownTraffic: (rate) => `${rate}，双向，时段均值`,
      notObserved: '未观测到',
      ownShare: (addresses, share) => `${share}：${addresses}属于党政机关、教育和企业，不论意图`,
      traffic: '流向矿池的流量',
      hashrate: '算力',
      atLeast: (value) => `超过 ${value}，未说明算法`,
      energy: '每天用电',
      share: '机构占比',
      jiangsuShare: '约 21 % 的地址属于党政机关、高校和企业，均称为被入侵利用',
      zhejiangShare: (addresses, share) =>
        `约 78 家国有单位的 ${addresses} 个地址：${share}；其中 34 家主动挖矿，32 家被植入木马，12 家未说明`,
      coins: '提到的币种',
      jiangsuCoins: '最活跃的是以太坊和比特币',
      zhejiangCoins: '十二种，包括比特币、以太坊、莱特币和门罗币',
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
    chart: 'SHA-256 每太哈希的焦耳数',
    chartImplied: '江苏，按公布数字',
    chartNetwork: '比特币全网，2021',
    oneTitle: '单一算法无法同时得出这两个数字',
    one: (v) =>
      `${v.rate} 与每天 ${v.energy} 合每太哈希 ${v.joules}。2016 年的 ${v.oldMachine} 只需 ${v.oldJoules}，2021 年全网平均约为其一半：这一对数字高出 ${v.factorLow} 至 ${v.factorHigh} 倍。${v.rate} 相当于 ${v.oldCount} 台该型机器，每天 ${v.oldEnergy}；或 ${v.newCount} 台 ${v.newMachine}，每天 ${v.newEnergy}。因此 ${v.restLow} 至 ${v.restHigh} 的用电属于其工作量在以 PH/s 计的数字中看不出来的机器。`,
    restTitle: '其余的用电可能是什么',
    rest: (power) => `余下约 ${power}。若全部归于某一种，则须是：`,
    restCandidate: '全部归于',
    restMeans: '则意味着',
    restPlausible: '是否可信',
    candidates: {
      ethash: (joules) => `显卡挖 Ethash，插座端 ${joules}`,
      ethashMeans: (rate, rigs, perAddress) =>
        `${rate}，约 ${rigs} 台 1.1 kW 的矿机，每地址 ${perAddress} 台`,
      ethashPlausible: '可信：占当时全网的千分之五，且点名了以太坊。',
      randomx: (joules) => `处理器挖 RandomX，${joules}`,
      randomxMeans: (rate) => rate,
      randomxPlausible: '不可信：近当时门罗币全网的三分之一。',
      servers: '不知情而挖矿的服务器，每台 90 W',
      serversMeans: (hosts, perAddress) => `${hosts} 台服务器，每地址 ${perAddress} 台`,
      serversPlausible: '除非都在很大的地址转换之后。',
      scrypt: (joules) => `Scrypt 矿机，${joules}`,
      scryptMeans: (rate) => rate,
      scryptPlausible: '可能是其中一部分。',
    },
    readTitle: '这些数字可以怎样理解',
    read: (v) => [
      '合起来看，算力是比特币部分，功率约一兆瓦或更少；用电几乎全是以太坊部分。“超过”二字还说明算力只是下限。',
      `另一种理解是按每地址固定功率计算：4,502 × 2.4 kW × 24 h 为 ${v.flatJiangsu}。浙江的总数合每地址 ${v.perZhejiang}，几乎正好是一台 ${v.machine}（${v.watts}），而江苏为 ${v.perJiangsu}。相邻两省，同一年份，两个常数。因此本报告的用电数字都附有依据和区间，绝不默认按每地址固定功率计算。`,
    ],
    traffic: (perAddress) =>
      `流量也不能定论。一台矿机与矿池往来只需 0.2 至 1.5 kbit/s，每地址 ${perAddress} 相当于 20 至 150 台，而每地址的用电只相当于一至三台。该数字可能是峰值，可能包括省内的矿池服务器、代理或这些地址的其他流量，也可能每个地址之后有许多小机器。报告必须说明是哪一种。`,
    share: (hosts, power, energy, part) =>
      `地址占比不是用电占比。若 21 % 是 ${hosts} 台被入侵的服务器，每台多耗 90 W，则共 ${power}：每天 ${energy}，占总数的 ${part}。表中两个占比所量的也不是同一件事：一个包括民营企业并把所有情形称为被入侵，另一个只计国有单位并发现约一半是主动挖矿。`,
    sourcesTitle: '资料来源',
    sources: [
      '江苏省通信管理局 2021 年 10 月 8 日通报，据 10 月 9 日至 15 日的行业媒体转载。',
      '浙江：省级互联网应急中心分中心、纪检监察机关与网信办联合检查的报道，2021 年 12 月。',
      '机器：厂商技术参数（Antminer S9 13.5 TH/s，1,323 W；S19 Pro 110 TH/s，3,250 W；L3+ 约 1.6 J/MH）。Ethash 插座端 2.6 J/MH：2021 年显卡实测加主机与电源损耗的估计（2.2–4.5）。RandomX 12 J/kH 与每台被入侵服务器 90 W：估计值。',
      '2021 年秋的全网规模（Ethash 约 700 TH/s，RandomX 约 2.6 GH/s，比特币约 50 J/TH）：当时的常识，取整。',
    ],
  },
};
