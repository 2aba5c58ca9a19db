/** Chinese words of `minesweep explain`. */
import type { ReportText } from '../en/report.ts';
import { grouped } from '../figures.ts';
import { EVIDENCE_TITLES, LOOK_ALIKES, RULES } from './evidence-kinds.ts';

const has = <T>(table: Readonly<Record<string, T>>, id: string): T | null =>
  Object.hasOwn(table, id) ? table[id] : null;

export const zhExplain: ReportText['explain'] = {
  is: '{ip}：{verdict}。',
  isServer: '{ip} 为{role}：其与矿工的会话{verdict}，本身并不挖矿。',
  sections: {
    facts: '事实（按时间顺序）',
    sessions: '会话（按时间顺序）',
    hashrate: '算力',
    traffic: '流量',
    unseen: '未能看到',
    lookAlikes: '可能的误报',
    next: '下一步',
  },
  machine: '设备：{names}（{source}；租约自 {from} 至 {to}）。',
  askWhom: '联系：{contact}。',
  next: {
    isolate: '将机器断网，保留磁盘和内存，查找入侵途径，更换其上的密码和密钥。',
    'clean-browser': '关闭挖矿网页或移除扩展；再次使用前清理浏览器。',
    ask: '找到机器并询问负责人。停止挖矿，或予以许可：--allow 中的端点或主机不再报告，已确认的案例不再提示。',
    'find-miners': '它转发他人的工作：找出其后的机器，询问由谁运行。',
    check: '查看机器的负载和进程。尚无定论，勿指责任何人。',
    'look-up': '查找连接矿池的程序。一次接触不等于挖矿，不紧急。',
    nothing: '无需处置：扫描器尝试端点，蜜罐予以应答，两者都不挖矿。',
    'confirm-gone': '确认已停止，然后关闭案例。',
  },
  lookFor: {
    title: '：在机器上应查找什么',
    machine: '设备（据租约）：{names}。',
    process: '连接到 {ends} 的进程：Linux 用 ss -tnp，macOS 用 lsof -i，Windows 用 netstat -abno。',
    agent: '自称 {agents} 的程序，不论其文件名。',
    account: '含有 {accounts} 的配置文件或命令行。',
    start: '启动方式：cron、systemd 单元和定时器、自启动项、容器；Windows 上的计划任务、服务和 Run 键。',
    since: '自 {time} 之前不久起的文件、登录和安装的软件包。',
    browser: '占用大量处理器时间的浏览器网页和扩展。',
    load: '处理器和显卡的负载，以及封锁连接后是否下降。',
  },
  meaning: {
    confirmed: '解析出双方的矿池会话：登录被接受或收到任务，且份额已提交并得到应答；或登录之后任务源源不断。',
    probable: '协议只看到一部分或只看到一方，或使用了专用的矿池端点且会话的表现与挖矿相符。',
    suspected: '只看到行为，或只有一个较弱的协议事实。这不能证明什么。',
    attempted: '尝试过矿池，但没有建立会话。',
    listed: '该主机接触过名录中的矿池端点或查询过其域名，仅此而已。',
  },
  strength: { proof: '确证', strong: '强证据', weak: '弱证据', hint: '线索' },
  reason: '理由：{reasons}。',
  seen: '出现于 {when}{lasted}{roles}。',
  through: '经由 {ways} 发现。',
  inRoles: (roles) => `，角色为${roles.join('和')}`,
  owner: {
    class: '归属：{class}',
    known: '（据{source}',
    confidence: (share) => `；置信度 ${Math.round(share * 100)} %`,
    end: '）。',
    contact: '联系方式：{contact}。',
    intent: '意图：{intent}。迹象：{signs}。',
  },
  times: (count) => `（${grouped(count)} 次）`,
  noInput: '无输入',
  record: (record) => `，第 ${grouped(record)} 条记录`,
  place: '{strength}：{input}{record}，{time}',
  noFacts: '审计中没有。',
  traffic: {
    pools: { label: '与矿池', out: '发出', in: '收到' },
    miners: { label: '与矿工', out: '来自矿工', in: '发往矿工' },
    way: (name, bytes, packets, rate) => `${name} ${bytes}，${packets}（时段平均 ${rate}）`,
    both: '{label}：{out}，{in}。',
    duty: (share) => `时段内有 ${share} 的时间在挖矿。`,
    activity: (share) => `它在统计时段的 ${share} 内有此表现。`,
    power: (watts, kwh, low, high) =>
      `功率：挖矿时 ${watts}；每天 ${kwh} kWh（${low}–${high}），按 24 小时推算。`,
  },
  lookAlike: '{title}：{lookAlike}（依据：{rule}）。',
  kind: (id, kind) => ({
    title: has(EVIDENCE_TITLES, id) ?? kind.title,
    rule: has(RULES, id) ?? kind.rule,
    lookAlike: has(LOOK_ALIKES, id) ?? kind.lookAlike,
  }),

  session: {
    more: (count) => `另有 ${grouped(count)} 个会话。`,
    when: '{when}{lasted}：{verdict}{attempts}。',
    attempts: (count) => `，${grouped(count)} 次尝试`,
    pool: '{pool}（{target}）',
    named: '{name}（{address}）',
    hop: '，经 {kind} 代理 {at}',
    claim: '，其 PROXY 头自称客户端为 {at}',
    port: (port) => `从端口 ${port}`,
    from: '从 {address}',
    over: '{dialect}，承载于 {transport}',
    route: '{from} 到 {pool}{hops}；{protocol}，发出 {out}，收到 {in}。',
    worker: '{account}，矿工名 {worker}',
    moreLogins: (count) => `另有 ${grouped(count)} 个`,
    login: '登录：{logins}。',
    loginBy: '登录：{logins}，软件 {agent}。',
    noLogin: '登录：未看到；会话所用软件 {agent}。',
    knownBy: {
      'share-hash': '份额的哈希达到目标',
      job: '据任务',
      dialect: '该协议只有这一种',
      account: '据账户地址',
      agent: '据软件',
      catalogue: '据矿池',
      family: '算法族，具体成员未知',
    },
    coin: '币种 {coin}',
    difficulty: (units) => `难度 ${grouped(units)}`,
    worth: (hashes) => `每个份额值 ${hashes}`,
    changed: (worth, changes, last) =>
      `起初${worth}，变更 ${grouped(changes)} 次${last === null ? '' : `，最后为 ${last}`}`,
    job: '任务：{job}。',
    noShares: '份额：未看到。',
    seen: (shares, range, accepted, rejected, pace, time) =>
      `份额，据长度与时刻计数：${shares}${range}，接受 ${accepted}，拒绝 ${rejected}；${time}内每分钟 ${pace} 个。一个值多少看不出来。`,
    targets: (targets, channels) =>
      `矿池设定目标 ${grouped(targets)} 次，其值看不出来。${
        channels === 0 ? '' : `打开了 ${grouped(channels)} 个通道。`
      }`,
    course: '份额随时间，每 {step}：{steps}。',
    silent: '连接着但没有份额：{spans}。',
    connections: '{count}：{spans}。',
    connected: (count) => `${grouped(count)} 个连接`,
    accepted: (count) => `${grouped(count)} 个被接受`,
    stale: (count) => `${grouped(count)} 个过期`,
    unanswered: (count) => `${grouped(count)} 个没有应答`,
    work: (hashes) => `；工作量 ${hashes}`,
    shares: (submitted, outcomes, work) => `份额：提交 ${grouped(submitted)} 个，${outcomes}${work}。`,
    rejected: '被拒绝：{shares}{why}；不计入工作量。',
  },

  rate: {
    encrypted: '无法观测：内容已加密。',
    counted:
      "无法观测：内容已加密。数到了份额，但看不出一个值多少：请向矿池询问该账户的难度，或在矿机的屏幕、日志、网页上查看。然后 --assume 'miner=地址 algorithm=… difficulty=低..高' 可得出算力。",
    records: '无法观测：流记录中看不到份额。可用模型推算范围（--model）。',
    unknown: '算力未知。',
    row: '{algorithm}：{rate}，{basis}。',
    marked: '* 标出该主机采用的算力。区间为 95 %。',
    markedModelled: '* 标出该主机采用的算力。区间为 95 %；模型推算的范围还包括假设中的未知部分。',
    fromShares: (shares, work, time) =>
      `据 ${shares}${work === null ? '' : `，工作量 ${work}`}${time === null ? '' : `，挖矿 ${time}`}`,
    fromNonces: (sessions) => `据 ${sessions}的随机数`,
    reported: '矿工自报，可任意填写',
    modelled: '据字节数与假设推算，并非测得',
    modelledByCount: '据数到的份额与所给难度推算，并非测得',
    port: (port) => `端口 ${port}：`,
    overTime: (least, most, last) => ` 以 15 分钟计，介于 ${least} 与 ${most} 之间；最后一段为 ${last}。`,
    moreSessions: (count) => `另有 ${grouped(count)} 个会话以同样方式读出。`,
    more: (count) => `另有 ${grouped(count)} 条。`,
    agree: (from) =>
      `{algorithm} 的随机数与份额相符；二者为独立的测量。采用较精确的一个，即据${from === 'nonces' ? '随机数' : '份额'}者。`,
    lost: '{algorithm} 的随机数与份额不符：捕获中缺少数据包，其中有份额。采用据随机数者。',
    moreNonces:
      '{algorithm} 的随机数与份额不符。矿工所做多于份额所示：停顿、被拒绝的份额，或提交到别处的份额。采用据份额者。',
    moreShares:
      '{algorithm} 的随机数与份额不符。份额所示多于随机数：机器或线程多于所能分辨的数目。采用据份额者。',
  },

  unseen: {
    partial: '扫描被中断：其余不在审计中。',
    encrypted: (count) => `${grouped(count)} 个会话已加密：已知名称、字节数与时间，工作量与算力无法观测。`,
    refused: (sessions) => `${sessions}中提出了 TLS，而服务器以明文应答：没有建立会话。`,
    opaque: (sessions) => `${sessions}没有可读的消息：只知道端点、字节数与时间。`,
    unpriced: (shares) => `${shares}的工作量未知：未看到难度、难度不可能达到，或份额自身的哈希未达到。`,
    units: (sessions) => `${sessions}的工作量只有难度单位：算法未知。`,
    nonces: '{sessions}的随机数：{why}',
    judged: (conversations, bytes) => `全部会话中只有 ${conversations}、其字节中只有 ${bytes} 可以判断。`,
    decoded: (part) => `全部字节中只有 ${part} 可以解析。`,
    truncated: (part) => `${part} 的数据包被捕获截断。`,
    oneSided: (part) => `${part} 的数据包属于只看到一个方向的连接。`,
    damaged: '{input} 已损坏：{kinds}。',
  },
};
