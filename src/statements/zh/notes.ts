import type { NOTES as ENGLISH, Inputs, StoreColumn, Through } from '../en/notes.ts';
import { digits, grouped } from '../figures.ts';
import type { Translation } from '../statement.ts';

const some = ({ inputs, more }: Inputs): string =>
  `${inputs.join('、')}${more > 0 ? ` 等，另有 ${grouped(more)} 个` : ''}`;
const senders = (p: Through): string => some({ inputs: p.senders, more: p.more });
const alike = (more: number): string => (more === 0 ? '' : `（另有 ${grouped(more)} 个输入亦然）`);
const UNITS: Readonly<Record<string, string>> = {
  flows: '条流',
  records: '条记录',
  datagrams: '个报文',
  samples: '个样本',
};

const WITHOUT: Readonly<Record<StoreColumn, string>> = {
  end: '没有流的结束时间：时长取自首末记录',
  packets: '没有数据包计数：未判断行为',
  tcpFlags: '没有 TCP 标志：无应答的尝试看似短流',
  sampling: '没有采样率：计数按原样采用',
  exporter: '没有导出器：两个导出器报告的流被计算两次',
  protocol: '没有协议：所有行均视为 TCP',
};

export const NOTES: Translation<typeof ENGLISH> = {
  'news-alone': () => '仅列出当夜有新情况的主机',
  'pseudonyms-of-accounts': () => '账号和矿工名均为化名：acct-… 和 wkr-… 不是真实名称',
  'pseudonyms-of-addresses': (p) =>
    `${p.range} 内的地址均为化名，不是真实主机；已知矿池的地址是真实的；名称、归属和文件名为化名，地点已略去`,
  'old-owners': (p) =>
    `归属取自 ${p.date} 的 ${p.title}，比流量${p.isBefore ? '早' : '晚'} ${p.months} 个月：地址可能已易主。`,
  'old-look-ups': (p) =>
    `${p.file}：地址查询于 ${p.day}，距今 ${grouped(p.days)} 天；超过 ${grouped(p.most)} 天不再作为证据：请重新运行 minesweep pools resolve（--pools-age）`,
  'old-catalogue': (p) => `矿池名录为 ${p.date} 版，比流量早 ${grouped(p.days)} 天：可能缺少矿池`,
  'owners-lines-ignored': (p) =>
    `${p.file}：忽略 ${grouped(p.count)} 行（${p.examples.join('、')}${p.more ? '……' : ''}）`,
  'leases-wrong': (p) => `租约：${grouped(p.count)} 条没有地址、没有设备、时间不可能或结束早于开始，已忽略`,
  'leases-left': (p) => `租约：超出前 ${grouped(p.most)} 条的 ${grouped(p.count)} 条已忽略`,
  'leases-overlap': (p) =>
    `租约：${grouped(p.count)} 处重叠，例如 ${p.ip} 自 ${p.time} 起的租约与前一条；以后开始者为准`,
  'leases-none': (p) =>
    `租约：${grouped(p.of)} 台主机中有 ${grouped(p.count)} 台当时的地址使用者不明；若占大多数，请检查时区（--input-tz）`,
  'leases-shared': (p) =>
    `租约：以下地址在观察期间换过设备，其行包含多台设备：${p.ips.join('、')}${p.more > 0 ? `，另有 ${grouped(p.more)} 个` : ''}`,
  'allow-expired': (p) => `${p.file} 第 ${p.line} 行：已于 ${p.day} 到期，忽略`,
  'allow-no-rule': (p) => `${p.file} 第 ${p.line} 行：不是规则，忽略`,
  allowed: (p) =>
    `${p.file}：属于许可范围而略去：会话 ${grouped(p.sessions)} 个，会话之外的接触 ${grouped(p.contacts)} 次`,
  'pool-list-empty': (p, translate) =>
    `${p.file}：没有可用的端点${p.line === null || p.reason === null ? '' : `；第 ${p.line} 行：${translate(p.reason)}`}`,
  'pool-list-ignored': (p, translate) =>
    `${p.file}：忽略 ${grouped(p.count)} 个条目；第 ${p.line} 行：${translate(p.reason)}`,
  'line-node-port': '属于币种自身网络的端口',
  'line-reserved-address': '私有或保留地址：只能在普通列表中连同端口写明',
  'line-wide-prefix': '前缀过宽，不可能是矿池',
  'line-too-many-prefixes': '前缀数量超过矿池列表应有的数量',
  'line-no-host-name': '不是主机名',
  'line-no-host': '该行没有主机',
  'line-no-port': '端口无效',
  'line-no-time': '没有查询时间',
  'line-no-endpoint': '不是端点',
  'line-no-rule': '不是规则',
  'line-other-rule': '与挖矿无关的规则',
  'line-empty-rule': '没有主机名或地址的规则',
  'line-web-address': '是网址，不是端点',
  'line-pool-website': '已知为矿池的网站',
  'line-single-label': '只有一级标签，不是域名',
  'line-public-suffix': '公共后缀',
  'line-shared-domain': '共享托管或动态 DNS 域名',
  'line-coin-node': '币种的种子、节点、钱包或浏览器',
  'line-known-site': '已知网站，不是矿池',
  'line-run-together': '两个名称连在一起',

  'outside-times': (p) => `${grouped(p.count)} 个数据包和流记录均不在 --since 与 --until 之间`,
  'across-times': (p) =>
    `${grouped(p.of)} 条流记录中有 ${grouped(p.count)} 条跨越 --since 或 --until：整条计入，时段随之延展`,
  'times-without-zone': (p) => `${some(p)}：时间未注明时区，按 UTC 处理；可用 --input-tz 指明`,
  'times-apart': (p) =>
    `${some(p)}：时间（${p.first === p.last ? p.first : `${p.first} 至 ${p.last}`}）与其余输入相差数月或数年：时钟是否有误？未计入窗口`,
  'files-skipped': (p) => `跳过文件夹中 ${grouped(p.count)} 个既非抓包也非日志的文件：${some(p)}`,
  'input-grown': (p) => `${p.input}：读取之后又变长；后来的内容未读取`,
  'input-late': (p) => `${p.input}：在本时段开始之前结束，来得太晚，未计入任何审计`,
  'through-outside': (p) =>
    `所发现的内容中有 ${grouped(p.packets)} 个数据包经由自有网络之外发来的隧道（${senders(p)}）：至多为可疑；若发送者属于你，请用 --trust-tunnel 指明`,
  'through-one-way': (p) =>
    `所发现的内容中有 ${grouped(p.packets)} 个数据包经由单向隧道，如交换机镜像流量（${senders(p)}）：至多为可疑；若发送者属于你，请用 --trust-tunnel 指明`,
  'through-unknown': (p) =>
    `所发现的内容中有 ${grouped(p.packets)} 个数据包所经的隧道过多，无法区分：至多为可疑`,
  'through-exporter': (p) =>
    `所发现的内容中有 ${grouped(p.packets)} 个数据包由自有网络之外的导出器报告（${senders(p)}）：至多为可疑；若其属于你，请用 --trust-exporter 指明`,
  'through-unread': (p) =>
    `因经由自有网络之外发来的隧道而未读取：导出报文 ${grouped(p.exports)} 个，DNS 消息 ${grouped(p.names)} 条；若发送者属于你，请用 --trust-tunnel 指明`,
  'captures-out-of-order': (p) =>
    `${grouped(p.count)} 个抓包文件在更晚的文件之后才读取：延续到其中的连接可能缺少份额`,
  'specials-skipped': (p) =>
    `跳过文件夹中 ${grouped(p.count)} 个管道、套接字或设备：${some(p)}；如需读取请直接指明`,
  'input-silent': (p) => `${some(p)}：既无流记录，也无名称`,
  'columns-missing': (p) =>
    `${some(p)}：找不到 ${p.columns.join('、')} 对应的列；可用 --columns src=…,dst=…,dport=…,start=… 指明`,
  'both-directions-together': (p) =>
    `${some(p)}：两个方向合并计数，全部计为发送；Argus 用 ra -s +spkts,+dpkts,+sbytes,+dbytes 可分开`,
  'both-directions-estimated': (p) => `${some(p)}：两个方向合并计数；各方向为估计，总数准确`,
  'bytes-missing': (p) => `${some(p)}：找不到字节数的列，流因而没有字节数；可用 --columns bytes=… 指明`,
  'bytes-never': (p) => `${some(p)}：此类日志不统计连接的字节数；只能看出谁与谁通信，看不出流量大小`,
  'columns-unread': (p) =>
    `${some(p)}：${p.columns.join('、')} 可能是字节数而未读取；可用 --columns bytes=…,reverse-bytes=… 指明`,
  'dates-mixed': (p) => `${some(p)}：部分日期以日开头；有歧义者按月在前读取`,
  'input-unsupported-layout': (p) =>
    `${some(p)}：不支持的布局；请用写出它的 nfdump 导出（nfdump -q -r FILE -o csv-fast）`,
  'input-encrypted': (p) => `${some(p)}：已加密；请用写出它的 nfdump 导出`,
  'input-anonymised': (p) => `${some(p)}：地址已被改写，无法识别矿池`,
  'input-unknown': (p, translate) => `${some(p)}：${translate(p.what)}`,
  'head-capture': (p) => `${p.program} 的抓包，不支持；请用 editcap -F pcapng IN OUT 转换`,
  'head-packed': '用 xz、zip 或 7-Zip 压缩；请先解压',
  'head-silk': 'SiLK 记录；请用 rwcut 导出，或用 rwsilk2ipfix 转换',
  'head-argus': (p) => `Argus 记录；请导出：ra -n -u -c , -s ${p.columns} -r FILE`,
  'head-utf16': 'UTF-16 文本，不支持；请存为 UTF-8',
  'head-product': (p) => `最接近 ${p.product}，但开头各行不含连接；如确为该格式，请用 --input-format 指明`,
  'head-pmacct': 'pmacct 的流记录，缺少时间或端口；请按 timestamp_start 与 dst_port 聚合',
  'head-json': '未知种类的 JSON；如属可读取的格式，可用 --input-format 指明',
  'head-no-header': (p) =>
    `第一行是数据而非表头；请按位置指明列，例如 --columns src=#1,dst=#2,dport=#3,start=#4${p.columns ? `，或依次列出全部列：--columns '\${version} \${account-id} …'` : ''}`,
  'head-ra-blanks': '以空格分隔的 ra 列；请以逗号分隔（ra -c ,）',
  'head-columns-missing': (p) =>
    `表中找不到 ${p.columns.join('、')} 对应的列；可用 --columns ${p.columns.map((name) => `${name}=…`).join(',')} 指明`,

  'capture-copies': (p) => `${p.copy} 与 ${p.of} 的开头相同${alike(p.more)}：抓包文件的副本会被重复计算`,
  'clocks-differ': (p) =>
    `${p.input} 含有 ${p.of} 的数据包，时间${p.seconds > 0 ? '晚' : '早'} ${grouped(Math.abs(p.seconds))} 秒：两处时钟不一致，以 ${p.of} 的时间为准，其数据包只计一次`,
  'packets-twice': (p) =>
    `${p.input} 中的数据包出现两次，相隔 ${grouped(p.seconds)} 秒，如同出自时钟不一致的两处探针：TCP 数据包只计一次，以先出现者为准；时间窗包括两者的时间`,
  'log-copies': (p) => `${p.copy} 与 ${p.of} 的开头相同${alike(p.more)}：视为副本，只计较完整的一份`,
  'logs-alike': (p) => `${p.copy} 与 ${p.of} 的记录数和时间相同${alike(p.more)}：若内容相同，则被计算两次`,

  'exports-lost': (p) =>
    `${p.exporter} 的导出：${grouped(p.of)} ${UNITS[p.unit] ?? p.unit}中缺少 ${grouped(p.lost)}（${digits((p.lost / p.of) * 100, 2)} %）`,
  'exports-template': (p) =>
    `${p.exporter} 的导出：模板 ${p.template} 的 ${grouped(p.sets)} 个集合未读取，${p.isLate ? '模板到得太晚' : '缺少模板'}`,
  'exports-unscaled': (p) =>
    `${p.exporter} 的导出：${p.sampler === null ? '' : `采样器 ${p.sampler} 的 `}${grouped(p.flows)} 条流未按采样倍乘，${
      p.interval === null ? '缺少采样间隔' : `采样间隔（每 ${digits(p.interval, 6)} 个取一个）到得太晚`
    }`,
  'exports-out-counters': (p) =>
    `${p.exporter} 的导出：${grouped(p.flows)} 条流的 OUT 计数未采用，因其可能与 IN 计数为同一批数据包`,
  'exports-no-clock': (p) => `${p.exporter} 的导出：${grouped(p.messages)} 个报文未设时钟；采用到达时间`,
  'exports-no-boot': (p) =>
    `${p.exporter} 的导出：${grouped(p.flows)} 条流的时间自未知的启动时刻起算；以导出时间为其结束`,
  'exports-no-time': (p) => `${p.exporter} 的导出：${grouped(p.flows)} 条流没有时间；采用导出时间`,
  'exports-borrowed': (p) => `${p.exporter} 的导出：${grouped(p.sets)} 个集合用来自另一源端口的模板读取`,
  'exports-no-clock-more': (p) => `导出：另有 ${grouped(p.count)} 个导出器没有时钟`,
  'exports-no-boot-more': (p) => `导出：另有 ${grouped(p.count)} 个导出器的启动时刻未知`,
  'exports-no-time-more': (p) => `导出：另有 ${grouped(p.count)} 个导出器不给时间`,
  'exports-borrowed-more': (p) => `导出：另有 ${grouped(p.count)} 个导出器的模板与数据来自不同端口`,
  'exports-lost-more': (p) => `导出：另有 ${grouped(p.count)} 个导出器有丢失`,
  'exports-template-more': (p) => `导出：另有 ${grouped(p.count)} 个模板到得太晚或缺失`,
  'exports-unscaled-more': (p) => `导出：另有 ${grouped(p.count)} 个采样器的采样间隔到得太晚或缺失`,
  'exports-out-more': (p) => `导出：另有 ${grouped(p.count)} 个导出器的 OUT 计数未采用`,

  'captured-and-recorded': (p) => `${grouped(p.count)} 对客户端与服务器同时见于抓包和流记录：以抓包为准`,
  'partly-captured': (p) => `${grouped(p.count)} 对客户端与服务器只有部分时间见于抓包：抓包之外的流记录另计`,
  'nothing-to-match':
    '流日志中无从比对：名录所载为域名，而这些日志中没有域名；请用 minesweep pools resolve 查询地址并以 --pools 给出，或以 --names 给出域名',
  'pairs-undecided': (p) => `流记录中 ${grouped(p.count)} 对客户端与服务器的行为无法由各部分所存判断`,
  'not-judged': (p, translate) =>
    `流记录中 ${grouped(p.count)} 对客户端与服务器的行为未作判断：${translate(p.reason)}`,

  'not-captured': (p) =>
    `${grouped(p.sessions)} 个挖矿会话有 ${grouped(p.bytes)} 字节已发送却未被抓到，占其内容的 ${p.percent} %：其中的份额不计入，据份额的算力因而大致偏低同样比例`,
  'same-work': (p) =>
    `${grouped(p.sessions)} 个会话提交与其他会话相同的份额：若路由器或中继的两侧都被抓到，或系重放，则重复计入`,

  'limit-names': (p) => `${grouped(p.count)} 个矿池地址超出名称表的容量而略去`,
  fragments: (p) =>
    `分片：${grouped(p.incomplete)} 个数据报不完整，${grouped(p.overlapping)} 处重叠，${grouped(p.malformed)} 个格式错误`,
  'limit-connections': (p) => `${grouped(p.count)} 个连接因同时过多而提前结束`,
  'limit-opaque': (p) => `${grouped(p.count)} 个无法读取的连接因同时过多，未检查挖矿特征`,
  'limit-in-step': (p) =>
    `${grouped(p.count)} 个推送、区块、会话或其片段因过多而未比较或计数：可能还有会话与新区块同步，或有更多份额`,
  'blocks-apart': '--blocks 中没有区块落在流量记录的时间内：其时间是否为 UTC？',
  'limit-contacts': (p) => `${grouped(p.count)} 次与矿池的接触因过多而略去`,
  'limit-undecided': (p) => `${grouped(p.count)} 个连接因同时过多而未查看`,
  'limit-sessions': (p) => `${grouped(p.count)} 个会话因过多而未保留`,
  'limit-messages': (p) => `可能属于挖矿的连接中有 ${grouped(p.count)} 条消息因过长而只读了一部分`,
  'limit-looks': (p) => `${grouped(p.count)} 个数据包未查看：其连接此前的内容与挖矿无关`,
  'limit-tunnels': (p) => `${grouped(p.count)} 条隧道因同时过多而不再记录：经其到达的流量视为来自陌生方`,
  'limit-evidence': (p) => `${grouped(p.count)} 行证据因单台主机过多而省略`,
  'limit-conversations': (p) => `${grouped(p.count)} 个流记录会话因同时过多而提前结束`,
  'limit-conversations-total': (p) => `${grouped(p.count)} 个流记录会话因过多而略去`,
  'limit-relations': (p) => `${grouped(p.count)} 个流记录会话因同时过多而未判断`,
  'limit-observers': (p) => `${grouped(p.count)} 条流记录未计入：见到同一流的导出器过多`,
  'short-of-memory':
    '由于 Node.js 可用内存将满，运行提前结束：请分批扫描并合并结果，设置限制（--limit sessions=…），或增加内存（NODE_OPTIONS=--max-old-space-size=8192）',
  'no-time': (p) => `${grouped(p.count)} 条流记录未计入：没有时间`,

  'store-lacks': (p) => `${p.store}：${WITHOUT[p.column]}`,
  'store-partial': (p) => `${p.store}：该用户的服务器设置可能略去行：${p.settings.join('、')}`,
  'store-no-endpoint': (p) =>
    `${p.store}：没有可匹配的端点：名录为名称，而表中为地址；请用 --pools 给出 'minesweep pools resolve' 的文件，或用 --names`,
  'store-not-judged': (p) => `${p.store}：表中没有数据包计数，未判断行为`,
  'store-search-cut': (p) =>
    `${p.store}：对未列名矿工的搜索按预算读取了 ${p.slices} 个时段中的 ${p.searched} 个和 ${grouped(p.pairs)} 对主机`,
};
