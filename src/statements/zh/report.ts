/** Chinese (simplified): every word of ours that reports for people print. Figures and identifiers stay as they are. */

import type { ReportText } from '../en/report.ts';
import { grouped } from '../figures.ts';
import { zhDiff } from './diff.ts';
import { zhExplain } from './explain.ts';
import { inChinese } from './index.ts';
import { zhMethod } from './method.ts';
import { zhPage } from './page.ts';
import { zhWord } from './words.ts';

const VERDICT = {
  confirmed: '确认',
  probable: '很可能',
  suspected: '疑似',
  attempted: '尝试连接',
  listed: '触及名单',
};

const ROLE = {
  miner: '矿工',
  proxy: '代理',
  'browser-miner': '网页挖矿',
  solo: '独立挖矿',
  pool: '矿池',
  scanner: '扫描器',
  monitor: '监控程序',
  honeypot: '蜜罐',
};

const OWNER_CLASS = {
  government: '党政机关',
  education: '教育',
  research: '科研',
  enterprise: '企业',
  healthcare: '医疗',
  finance: '金融',
  isp: '宽带接入',
  mobile: '移动接入',
  hosting: '托管与云',
  cdn: '内容分发',
  unknown: '未知',
};

const INTENT = {
  hijacked: '可能被入侵利用',
  deliberate: '可能主动挖矿',
  undetermined: '无法判定',
};

const STRENGTH = {
  proof: '实证',
  strong: '强',
  weak: '弱',
  hint: '线索',
};

const BASIS = {
  shares: '据份额',
  counter: '据随机数计数',
  'self-reported': '矿工自报',
  modelled: '模型推算',
};

export const zh: ReportText = {
  tag: 'zh-CN',
  durationUnits: ['天', '小时', '分钟', '秒', '毫秒'],
  verdict: VERDICT,
  role: ROLE,
  ownerClass: OWNER_CLASS,
  intent: INTENT,
  strength: STRENGTH,
  basis: BASIS,
  contradicted: {
    inSessions: (n, sessions) => `${sessions}中有 ${grouped(n)} 个与其份额矛盾`,
    asTotal: '与据份额的合计矛盾',
    sharesStand: '以据份额者为准',
  },
  unknown: '未知',
  translate: inChinese,
  way: (p) => {
    const doubt = { outside: '（来自外部）', 'one-way': '（仅单向）', unknown: '' };
    const what =
      p.source === null
        ? '过多而无法区分的隧道'
        : p.kind === 'export'
          ? `${p.source} 的导出`
          : `${p.source} 到 ${p.destination} 的隧道`;
    return `${what}${p.doubt === null ? '' : doubt[p.doubt]}`;
  },
  word: zhWord,
  comma: '，',
  semicolon: '；',
  colon: '：',
  bracketed: (text) => `（${text}）`,
  brackets: ['（', '）'],
  stop: '。',

  count: {
    hosts: (n) => `${grouped(n)} 台主机`,
    addresses: (n) => `${grouped(n)} 个地址`,
    minerAddresses: (n) => `${grouped(n)} 个挖矿地址`,
    machines: (low, high) =>
      low === high ? `${grouped(low)} 台机器` : `${grouped(low)} 至 ${grouped(high)} 台机器`,
    sessions: (n) => `${grouped(n)} 个会话`,
    contacts: (n) => `${grouped(n)} 次接触`,
    shares: (n) => `${grouped(n)} 个份额`,
    inputs: (n) => `${grouped(n)} 个输入`,
    moreInputs: (n) => `另有 ${grouped(n)} 个输入`,
    pools: (n) => `${grouped(n)} 个矿池`,
    packets: (n) => `${grouped(n)} 个数据包`,
    flows: (n) => `${grouped(n)} 条流记录`,
    names: (n) => `${grouped(n)} 个名称`,
    records: (packets, flows) => `${packets}和 ${flows}`,
  },

  column: {
    ip: ['IP'],
    machine: ['设备'],
    since: ['首次出现'],
    last: ['最后出现'],
    contact: ['联系人'],
    action: ['处置'],
    verdict: ['结论'],
    role: ['角色'],
    traffic: ['流量'],
    hashrate: ['算力（95 %）', '算力'],
    algorithm: ['算法'],
    algorithmCoin: ['算法与币种', '算法'],
    pool: ['矿池'],
    account: ['账户'],
    department: ['部门'],
    owner: ['归属'],
    power: ['功率'],
    evidence: ['证据'],
    hosts: ['主机'],
    sessions: ['会话'],
    pools: ['矿池'],
    endpoints: ['端点'],
    basis: ['依据'],
  },

  plain: {
    title: '挖矿审计',
    madeBy: (tool) => `由 ${tool} 生成。`,
    leftOut: (width, columns) => `隐藏的列（终端太窄，${width} 列）：${columns}。`,
    shown: (n, all) => `显示 ${grouped(all)} 台主机中的 ${grouped(n)} 台；合计为全部。`,
  },

  action: {
    isolate: '隔离该主机，查找入侵途径，更换凭据',
    'clean-browser': '关闭挖矿网页，移除浏览器扩展',
    ask: '找到机器，询问负责人，停止或许可挖矿',
    'find-miners': '找出其后的矿机，询问由谁运行',
    check: '查看负载和进程；尚无定论',
    'look-up': '查找是哪个程序连接了矿池；不紧急',
    nothing: '无需处置：扫描器或蜜罐，并非矿工',
    'confirm-gone': '确认已停止，然后关闭案例',
  },

  mail: {
    subject: (hosts, department) => `加密货币挖矿：${department}，${hosts}`,
    seen: (window) => `在 ${window} 的网络流量中，贵部门的下列主机曾挖掘加密货币或试图连接矿池，请核查：`,
    ask: '请将核查结果告知我们。本邮件只涉及贵部门的主机。流量只能说明某个地址在挖矿；由谁启动，只有在机器上才能查明。',
  },

  letter: {
    contact: (pool) => `${pool} 的滥用举报联系人`,
    subject: (account) => `滥用举报：有人在我们的网络中为账户 ${account} 挖矿`,
    what: (pool) => `我们网络中的计算机未经许可为 ${pool} 挖矿，收益记入下列账户。请予协助。`,
    account: '账户',
    workers: '矿工名',
    work: '币种、算法',
    servers: '贵方服务器',
    program: '程序',
    times: '首次与末次时间',
    sum: '合计',
    shares: (submitted, accepted) => `提交份额 ${grouped(submitted)} 个，接受 ${grouped(accepted)} 个`,
    list: '连接列表，含我方与贵方的地址和端口：',
    hidden: '[位于我方公网地址 ____ 之后]',
    more: (n) => `……另有 ${grouped(n)} 个会话`,
    ask: [
      '请：',
      '1. 停止向该账户付款，并在完成后告知我们；',
      '2. 保留该账户的日志：登录、地址、电子邮件、付款；',
      '3. 告知警方应向谁索取这些资料。',
    ],
    evidence: '我们保存了数据包。记录文件的 SHA-256：',
    moreRecordings: (n) => `……另有 ${grouped(n)} 个记录文件`,
    sign: '[姓名、单位、电话]',
  },

  night: {
    title: (date, news) => `${date} 夜间挖矿情况：${news}`,
    count: (n, kind) => `${kind} ${grouped(n)}`,
    moreLines: (count) => `……另有 ${grouped(count)} 行`,
    none: '没有新情况',
    kind: { new: '新增', back: '重现', worse: '加重', gone: '消失' },
    reason: {
      'first-seen': '首次出现',
      'seen-again': '再次挖矿',
      'acknowledgement-ended': '确认期已结束',
      stronger: '结论更强',
      faster: '算力至少为一周均值的两倍',
      'not-seen': '不再出现',
    },
    was: (verdict) => `此前为${verdict}`,
    rest: ({ mining, weaker, acknowledged, unseen, closed }, least) =>
      `无新情况：已知且仍在挖矿 ${grouped(mining)}，弱于“${least}” ${grouped(weaker)}，已确认 ${grouped(acknowledged)}，当夜未见 ${grouped(unseen)}，已消失或关闭 ${grouped(closed)}。`,
    incomplete: '不完整：部分流量无法读取或判断，可能漏检；没有关闭任何案例。',
    columns: {
      kind: '情况',
      reason: '原因',
      state: '状态',
      nights: '夜数',
      kwh: 'kWh',
      id: '案例',
      until: '截止',
    },
    state: { open: '未结', acknowledged: '已确认', gone: '已消失', back: '重现', closed: '已关闭' },
    noCases: '没有案例。',
  },

  label: {
    window: '时段',
    inputs: '输入',
    coverage: '覆盖',
    hosts: '主机',
    miners: '矿工',
    owners: '归属',
    departments: '部门',
    places: '地点',
    clusters: '账户',
    traffic: '流量',
    hashrate: '算力',
    power: '功率',
    modelled: '模型推算',
    notSeen: '未见',
    damage: '损坏',
    notes: '说明',
    sources: '数据来源',
    tool: '生成工具',
  },

  ticket: {
    title: (miners) =>
      miners === 0 ? '挖矿审计：没有确认的矿工' : `挖矿审计：${grouped(miners)} 个挖矿地址`,
    more: (n) => `另有 ${grouped(n)} 台主机`,
    moreAlgorithms: (n) => `另有 ${grouped(n)} 种算法`,
    since: (time) => `自 ${time}`,
    doDetails: '详情：minesweep explain 地址 audit.json',
  },

  summary: {
    partial: (read, all) =>
      `不完整：运行被中断，${read < all ? `${grouped(all)} 个输入中只开始读取 ${grouped(read)} 个` : '最后一个输入未读完'}，其余不在本次审计之内。`,
    filtered: (which: string) =>
      `仅限以下主机：${which}。主机、会话、矿池和合计只涉及这些主机；输入、时间窗口和覆盖率属于整次运行。`,
    filterHosts: (networks: string) => `网段 ${networks}`,
    filterDepartments: (names: string) => `部门 ${names}`,
    filterVerdict: (verdict: string) => `判定为${verdict}或更强`,
    filterPool: (name: string) => `矿池名称含 ${name}`,
    noDepartment: '无部门',
    noneLeft: '所选主机中没有任何挖矿证据。',
    looked: (records, inputs) => `${inputs}的 ${records}`,
    decoded: (part) => `${part} 的字节`,
    besideAllowed: (sessions, contacts) => `除许可范围内的（${sessions}、${contacts}，已略去）外，`,
    quietPartial: (looked, beside) => `${beside}中断之前，在${looked}中未见挖矿。其余部分无从判断。`,
    nothingRead: (inputs) => `什么也没有读到：${inputs}中没有数据包或流记录。无从判断。`,
    nothingInside: (records, inputs) => `无可检查：${inputs}的 ${records}均不在所要求的时段内。无从判断。`,
    namesAlone: (names, inputs) =>
      `${inputs}的${names}中没有矿池。仅凭名称无法判断谁在挖矿：请同时给出同一时段的流日志或抓包。`,
    namesOnly: (names) => `不完整：读到${names}，没有数据包和流`,
    tooLittle: (looked, decoded, beside) =>
      `${beside}在${looked}中未见挖矿，但只有 ${decoded}得到解析，不足以断定没有挖矿。`,
    partlyJudged: (conversations, bytes, looked, reasons, beside) =>
      `在${looked}中，只有 ${conversations} 的会话（${bytes} 的字节）可以判断，${beside}其中未见挖矿。其余无从判断：${reasons}。请用 minesweep pools resolve 查询地址并以 --pools 给出，或以 --names 给出域名。`,
    notJudged: (looked, reasons, beside) =>
      `${beside}在${looked}中没有可以判断的会话：${reasons}。请用 minesweep pools resolve 查询地址并以 --pools 给出，或以 --names 给出域名。`,
    unjudged: (why, part) => `${why} ${part}`,
    whyUnjudged: {
      sampled: '经过采样',
      'too-short': '时间太短',
      'no-packets': '缺少一个方向的数据包计数',
      'no-roles': '不知何者为客户端',
      undecided: '行为既不像挖矿，也不能排除',
      port: '所用端口不按行为判断',
      cut: '被日志的起止截断',
      limit: '超出内存限制',
      tunnel: '在未读取的隧道中',
      encrypted: '已加密或未捕获内容，且无域名',
    },
    quiet: (looked, decoded, beside) => `${beside}在${looked}中未发现挖矿，${decoded}得到解析。`,
    hosts: (verdicts, hosts) => `${verdicts}；有证据者共 ${hosts}`,
    servers: (n) => `未计入：仅为矿工提供服务的主机 ${grouped(n)} 台`,
    verdictCount: (n, verdict) => `${verdict} ${grouped(n)}`,
    miners: (addresses) => `确认或很可能挖矿的有 ${addresses}`,
    rigs: (machines) => `，其后有 ${machines}`,
    ownerCount: (ownerClass, n, share) => `${ownerClass} ${grouped(n)}（${share}）`,
    owners: (owners, minerAddresses) => `${owners}；共 ${minerAddresses}`,
    department: (n, power) => ` ${grouped(n)}${power === '' ? '' : `（${power}）`}`,
    moreDepartments: (n) => `，另有 ${grouped(n)} 个部门`,
    institutional: (share, range, n) =>
      `机构（党政机关、教育、企业）：${grouped(n)} 个，${share}（95 %：${range}）`,
    withResearch: (share, n) => `连同科研机构：${grouped(n)} 个，${share}`,
    clusters: (n, addresses, largest) =>
      `${grouped(n)} 个账户（或账户组）关联 ${addresses}；最大一组 ${grouped(largest)} 个`,
    place: (n, share) => ` ${grouped(n)}（${share}）`,
    morePlaces: (n) => `，另有 ${grouped(n)} 个城市`,
    ofWhole: (minerAddresses) => `；共 ${minerAddresses}`,
    traffic: (both, out, into) => `时段内平均 ${both}：上行 ${out}，下行 ${into}`,
    trafficBytes: (bytes, sessions) => `（与矿池往来 ${bytes}，${sessions}）`,
    trafficOthers: (bytes, sessions, hosts) =>
      `未计入其中：既未确认也非很可能挖矿的 ${hosts}，${sessions}，共 ${bytes}`,
    noWindow: '无：没有读到数据包或流记录',
    noneInside: '无：没有数据包或流记录在所要求的时段内',
    inWindow: (records) => `时段内有 ${records}`,
    inputsRead: (read, all) => `${grouped(all)} 个中读取了 ${grouped(read)} 个`,
    inputsDamaged: (n) => `其中 ${grouped(n)} 个有损坏`,
    inputsUnreadable: (n) => `${grouped(n)} 个无法读取`,
    incomplete: '不完整：',
    judgedParts: (conversations, bytes) => `${conversations} 的会话得到判断（其字节的 ${bytes}）`,
    bytesDecoded: (part) => `${part} 的字节得到解析`,
    truncated: (part) => `${part} 的数据包被抓包长度截断`,
    sampled: (part) => `${part} 的记录为抽样`,
    ofTcpBytes: (parts) => `TCP 字节中 ${parts}`,
    encrypted: (part) => `${part} 已加密`,
    oneSided: (part) => `${part} 只见单向`,
    power: (watts, kwh, low, high, duty) =>
      `挖矿时 ${watts}；若每天都如时段（其中 ${duty} 在挖矿），每天 ${kwh} kWh（${low}–${high}）`,
    modelledPower: (hosts, watts, kwh, low, high, duty) =>
      `${hosts}没有测得算力，其功率：挖矿时 ${watts}；若每天都如时段（其中 ${duty} 在挖矿），每天 ${kwh} kWh（${low}–${high}）；不计入任何合计`,
    moreAssumptions: (n) => `另有 ${grouped(n)} 项假定`,
    blindTo: (sessions, hosts, reason) => `${hosts}上 ${sessions}的算力：${reason}`,
    blind: {
      encrypted: '已加密，只知名称与节奏',
      flow: '仅有流记录',
      noShare: '未见份额',
      noAlgorithm: '算法未知，工作量以难度单位保留',
      noDifficulty: '份额的难度未知',
    },
    unpriced: (shares) => `${shares}的工作量：未见其难度、没有哈希能达到该难度，或其自带的哈希未达到难度`,
    damageMore: (inputs) => inputs,
  },

  diff: zhDiff,
  explain: zhExplain,
  page: zhPage,
  method: zhMethod,
};
