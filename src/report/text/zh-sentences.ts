/**
 * Sentences that audits say in English, in Chinese: reasons, assumptions, notes, rules and evidence. A template's `{}` is
 * quoted as it stands (a name, a number, a place), `{o}` are names with 'or' between, `{t}` is a sentence in itself. What
 * no template knows stays as it is, so that an audit of another version loses nothing.
 */

/** A sentence longer than this is quoted whole; none of ours is. */
const LONGEST = 4000;

/** English and Chinese; slots are numbered in the order of the English. */
const TEMPLATES: readonly (readonly [english: string, chinese: string])[] = [
  // Why mining looks hijacked or deliberate (owners/intent.ts).
  ['{t}: consistent with hijacked use', '{1}：与被入侵利用相符'],
  ['{t}: consistent with deliberate use', '{1}：与主动挖矿相符'],
  [
    'only one kind of sign for hijacked use: not enough for a verdict',
    '仅有一类迹象与被入侵利用相符，不足以作出判断',
  ],
  [
    'only one kind of sign for deliberate use: not enough for a verdict',
    '仅有一类迹象与主动挖矿相符，不足以作出判断',
  ],
  ['the signs do not decide it', '现有迹象不足以判定'],
  ['the host serves others', '该主机对外提供服务'],
  ['the address belongs to a dormitory', '该地址属于宿舍'],
  ['the address belongs to a laboratory', '该地址属于实验室'],
  ['the address belongs to a home', '该地址属于住宅'],
  ['the address belongs to a internet café', '该地址属于网吧'],
  ['{} as ASICs mine it', '{1}，与专用矿机（ASIC）的挖法一致'],
  ['{} on graphics cards', '用显卡挖 {1}'],
  ['{} on processors of an organisation', '用单位机器的处理器挖 {1}'],
  ['account, proxy or agent is on a list of malware ({})', '账户、代理或挖矿软件在恶意软件名单上（{1}）'],
  ['agent is the firmware of a machine made for mining', '软件名是专用挖矿设备的固件'],
  ['agent is a program that drives ASICs', '软件名是驱动专用矿机的程序'],
  ['agent is a system for mining rigs or a marketplace', '软件名是矿机管理系统或算力市场'],
  ['agent is missing, altered or long outdated', '软件名缺失、被改动或早已过时'],
  ['agent is a stock XMRig, which malware carries as well', '软件名是原版 XMRig，恶意软件也常携带'],
  ['the pool is reached by a hidden way ({})', '经隐蔽途径到达矿池（{1}）'],
  ['the pool is a bare address that no catalogue knows', '矿池只是一个地址，不在任何名录中'],
  ['the pool is spoken to in the clear on port {}', '在 {1} 端口以明文与矿池通信'],
  ['a public pool with TLS', '公开矿池，使用 TLS'],
  ['the same account mines at {} unrelated organisations', '同一账户在 {1} 个互不相关的单位挖矿'],
  ['the same account mines at {} addresses', '同一账户在 {1} 个地址挖矿'],
  ['workers are named by host, address or random digits', '矿工名是主机名、地址或随机字符'],
  ['workers are named like rigs', '矿工名像矿机编号'],
  ['{} hosts of the owner began within an hour', '同一归属的 {1} 台主机在一小时内先后开始'],
  ['mining follows office hours, terms or a night tariff', '挖矿时间与上班、学期或夜间电价一致'],
  ['a machine of an organisation mines day and night', '单位的机器昼夜不停地挖矿'],
  ["a proxy of the owner's own gathers {} workers", '自设的代理汇集了 {1} 个矿工'],
  ['{} rigs or ASICs behind one address', '一个地址之后有 {1} 台矿机'],

  // What power rests on (energy/).
  ['Kind of machine unknown: {t}.', '机器种类未知：{1}。'],
  ['Processors assumed: {t}.', '假定为处理器：{1}。'],
  ['Graphics cards assumed: {t}.', '假定为显卡：{1}。'],
  ['ASICs assumed: {t}.', '假定为专用矿机（ASIC）：{1}。'],
  ['no processor or card does {} at this rate', '处理器和显卡都达不到这样的 {1} 算力'],
  ['neither algorithm nor agent is known', '算法和软件名均未知'],
  ['{} is made for processors', '{1} 是为处理器设计的'],
  ['{} is mined by ASICs since {}', '{1} 自 {2} 年起由专用矿机挖'],
  ['too slow for an ASIC of {}', '对 {1} 的专用矿机来说太慢'],
  ['{} is made for graphics cards', '{1} 是为显卡设计的'],
  ['agent is firmware of an ASIC, or drives one', '软件名是专用矿机的固件或其驱动程序'],
  ['agent is a program for graphics cards', '软件名是显卡挖矿程序'],
  ['agent is a program for processors', '软件名是处理器挖矿程序'],
  ['Rate as the miner itself claims it.', '算力为矿工自报。'],
  ['Rate modelled from bytes and assumptions, not measured.', '算力由字节数和假定推算，并非实测。'],
  [
    '{} in {}: {t} at best, {t} at worst, between them {t} (the nearest year that is known, {}).',
    '{2} 年的 {1}：最省电为 {3}，最费电为 {4}，中值为 {5}（取已知的最近年份 {6}）。',
  ],
  [
    '{} in {}: {t} at best, {t} at worst, between them {t}.',
    '{2} 年的 {1}：最省电为 {3}，最费电为 {4}，中值为 {5}。',
  ],
  ['{} in {}: {}, named by the miner.', '{2} 年的 {1}：{3}，由矿工自报。'],
  ['geometric mean of both', '两者的几何平均'],
  ['graphics card or processor', '显卡或处理器'],
  ['best machine with air cooling', '风冷机型中最好的'],
  ['average of the network at that time', '当时的全网平均'],
  ['average of the network, {}', '全网平均（{1}）'],
  ['whole rig of cards', '整台显卡矿机'],
  ['desktop as it is', '普通台式机'],
  ['virtual or throttled processor', '虚拟机或降频的处理器'],
  ['desktop processor of {}', '{1} 年的台式机处理器'],
  ['modern desktop processor', '当代台式机处理器'],
  ['{} class', '{1} 级'],
  ['{} named by the miner: {} W by its nameplate.', '矿工自报机型 {1}：铭牌功率 {2} W。'],
  [
    'Rate not known: {} W ({} to {}) a worker, {t}, by judgement.',
    '算力未知：每个矿工 {1} W（{2} 至 {3}），{4}，凭判断取值。',
  ],
  [
    'Rate known, but not what {} takes on such a machine: {} W ({} to {}) a worker, {t}, by judgement.',
    '算力已知，但这类机器挖 {1} 的耗电未知：每个矿工 {2} W（{3} 至 {4}），{5}，凭判断取值。',
  ],
  [
    'Rate modelled, but not what {} takes on such a machine: {} W ({} to {}) a worker, {t}, by judgement.',
    '算力为推算，且这类机器挖 {1} 的耗电未知：每个矿工 {2} W（{3} 至 {4}），{5}，凭判断取值。',
  ],
  [
    'No share came: counted is no more than the rate can be at most.',
    '没有份额：计入的功率不超过算力上限所需。',
  ],
  ['of any kind', '不论何种机器'],
  ['ASIC', '专用矿机（ASIC）'],
  ['machine with graphics cards (one card to a whole rig)', '带显卡的机器（一张卡至整台矿机）'],
  ['machine with graphics cards', '带显卡的机器'],
  ['processor of a machine, above what it draws anyway', '机器的处理器，在其原有耗电之外'],
  ['processor', '处理器'],
  ['Counted is what mining adds to machines that are on anyway.', '只计挖矿给本就开着的机器增加的耗电。'],
  ['Counted is all power of machines that are there to mine.', '计入专为挖矿而设的机器的全部耗电。'],
  ['PUE {} ({} to {}, {t}).', 'PUE {1}（{2} 至 {3}，{4}）。'],
  ['none', '不计附加用电'],
  ['home', '住宅'],
  ['farm', '矿场'],
  ['machine-room', '机房'],
  ['colocation', '托管机房'],
  ['unknown', '未知'],
  [
    '{} W for every address, day and night, as asked for: no measurement.',
    '按要求每个地址昼夜 {1} W：不是测量值。',
  ],

  // What modelled rates rest on (audit/modelled-rates.ts).
  ['{} hashes a share of {}, as {} says.', '{2} 每份额 {1} 次哈希，依据 {3}。'],
  ['Difficulty {} of {}, as {} says.', '{2} 的难度 {1}，依据 {3}。'],
  [
    'Nobody says the difficulty of {}: assumed that the pool wants a share each {} to {} s of one {t} of {} ({}).',
    '{1} 的难度无人给出：假定矿池要求一台 {5} 年的{4}每 {2} 至 {3} 秒交一个份额（{6}）。',
  ],
  ['1 session is not modelled: {t}', '1 个会话未作推算：{1}'],
  ['{} sessions are not modelled: {t}', '{1} 个会话未作推算：{2}'],
  [
    "nobody knows what is mined there; say it with --assume 'pool=… algorithm=… difficulty=…'",
    "不知所挖为何；可用 --assume 'pool=… algorithm=… difficulty=…' 指明",
  ],
  [
    "no machine is known for the algorithm; say the difficulty with --assume 'algorithm=… difficulty=…'",
    "没有该算法的已知机器；可用 --assume 'algorithm=… difficulty=…' 指明难度",
  ],
  ['sampling left too few packets', '抽样后数据包太少'],

  // Whose machine, by which rule (owners/).
  ['owners-table', '归属表'],
  ['reserved', '专用地址段'],
  ['database-type', '数据库所列类型'],
  ['domain', '域名'],
  ['netname', '网络名'],
  ['asn-table', '自治系统表'],
  ['keyword', '名称关键词'],
  ['line', '线路字样'],
  ['business-type', '数据库所列商业类型'],
  ['legal-form', '企业名称形式'],
  ['line {} of the owners table, {}: {t}', '归属表第 {1} 行，{2}：{3}'],
  ['line {} of the owners table, {}', '归属表第 {1} 行，{2}'],
  ['database says "{}"', '数据库标为“{1}”'],
  ['"{}" in the name "{}"', '名称“{2}”中有“{1}”'],
  ['"{}" in the network name "{}"', '网络名“{2}”中有“{1}”'],
  ['host name {} ends in "{}"', '主机名 {1} 以“{2}”结尾'],
  ['host name {} has "{}"', '主机名 {1} 中有“{2}”'],
  ['holder domain {} ends in "{}"', '持有者域名 {1} 以“{2}”结尾'],
  ['holder domain {} has "{}"', '持有者域名 {1} 中有“{2}”'],
  ['AS{} is {}', 'AS{1} 为 {2}'],
  ['this network (RFC {})', '本网络（RFC {1}）'],
  ["shared space behind an operator's NAT (RFC {})", '运营商地址转换之后的共享地址（RFC {1}）'],
  ['at another time: {t}', '另一时间：{1}'],
  ['loopback (RFC {})', '环回地址（RFC {1}）'],
  ['link-local (RFC {})', '链路本地地址（RFC {1}）'],
  ['private address space (RFC {})', '私有地址（RFC {1}）'],
  ['protocol assignments (RFC {})', '协议分配地址（RFC {1}）'],
  ['documentation (RFC {})', '文档示例地址（RFC {1}）'],
  ['benchmarks (RFC {})', '基准测试地址（RFC {1}）'],
  ['multicast (RFC {})', '组播地址（RFC {1}）'],
  ['reserved (RFC {})', '保留地址（RFC {1}）'],
  ['discard (RFC {})', '丢弃地址（RFC {1}）'],

  // Notes of a scan, a merge and the assessment.
  [
    'Owners come from {} of {}, {} months before the traffic: addresses may have changed hands.',
    '归属取自 {2} 的 {1}，比流量早 {3} 个月：地址可能已易主。',
  ],
  [
    'Owners come from {} of {}, {} months after the traffic: addresses may have changed hands.',
    '归属取自 {2} 的 {1}，比流量晚 {3} 个月：地址可能已易主。',
  ],
  [
    'the pool catalogue is of {}, {} days before the traffic: pools may be missing',
    '矿池名录为 {1} 版，比流量早 {2} 天：可能缺少矿池',
  ],
  ['{}: {} lines were not taken ({})', '{1}：有 {2} 行未被采用（{3}）'],
  ['{}:{}: ran out on {}, not applied', '{1} 第 {2} 行：已于 {3} 到期，未适用'],
  ['{}:{}: no rule', '{1} 第 {2} 行：不是规则'],
  ['{}: no endpoint was taken; line {}: {t}', '{1}：未采用任何端点；第 {2} 行：{3}'],
  ['{}: no endpoint was taken', '{1}：未采用任何端点'],
  ['{}: entries not taken: {}; line {}: {t}', '{1}：未采用的条目：{2}；第 {3} 行：{4}'],
  [
    '{}: left out as allowed for: sessions {}, contacts without one {}',
    '{1}：属于许可范围而略去：会话 {2} 个，会话之外的接触 {3} 次',
  ],
  [
    'behaviour of 1 pair of client and server in flow records was not judged: {t}',
    '流记录中 1 对客户端与服务器的行为未作判断：{1}',
  ],
  [
    'behaviour of {} pairs of client and server in flow records was not judged: {t}',
    '流记录中 {1} 对客户端与服务器的行为未作判断：{2}',
  ],
  ['packets of one direction only', '只有一个方向的数据包'],
  ['nothing tells the server from the client', '无法区分服务器与客户端'],
  ['too few records tell the rhythm', '能显示节奏的记录太少'],
  ['{} pool addresses did not fit into the book of names', '有 {1} 个矿池地址超出名称表的容量'],
  [
    'fragments: {} datagrams incomplete, {} overlaps, {} malformed',
    '分片：{1} 个数据报不完整，{2} 处重叠，{3} 个格式错误',
  ],
  ['{} connections ended early: too many at once', '{1} 个连接因同时过多而提前结束'],
  [
    '{} connections that cannot be read were not measured for marks of mining: too many at once',
    '{1} 个无法读取的连接因同时过多，未测量挖矿特征',
  ],
  [
    '{} bytes of 1 mining session, {} % of what they said, were sent but not captured: shares among them count nowhere, and rates from shares are too low by about as much',
    '1 个挖矿会话有 {1} 字节已发送却未被抓到，占其内容的 {2} %：其中的份额不计入，据份额的算力因而大致偏低同样比例',
  ],
  [
    '{} bytes of {} mining sessions, {} % of what they said, were sent but not captured: shares among them count nowhere, and rates from shares are too low by about as much',
    '{2} 个挖矿会话有 {1} 字节已发送却未被抓到，占其内容的 {3} %：其中的份额不计入，据份额的算力因而大致偏低同样比例',
  ],
  [
    '1 session hands in what another one does at the same time: if a router or relay was captured on both sides, it counts twice',
    '1 个会话与另一会话同时提交相同的工作：若路由器或中继的两侧都被抓到，则重复计入',
  ],
  [
    '{} sessions hand in what others do at the same time: if a router or relay was captured on both sides, they count twice',
    '{1} 个会话与其他会话同时提交相同的工作：若路由器或中继的两侧都被抓到，则重复计入',
  ],
  [
    '1 host draws more power than owners of their class have behind one address ({}): the rate, the number of machines or the owner is wrong',
    '1 台主机的功率超过其归属类别（{1}）一个地址之后可能有的功率：算力、机器数或归属有误',
  ],
  [
    '{} hosts draw more power than owners of their class have behind one address ({}): the rate, the number of machines or the owner is wrong',
    '{1} 台主机的功率超过其归属类别（{2}）一个地址之后可能有的功率：算力、机器数或归属有误',
  ],
  [
    '{} is implausible for {} in {}: machines needed {} to {}; part of the power must be of something else, or one of the figures is wrong',
    '{1} 对 {3} 年的 {2} 不可信：当时的机器需要 {4} 至 {5}；部分功率必属其他用途，或某个数字有误',
  ],
  [
    'none of {} packets and flow records is of the times between --since and --until',
    '{1} 个数据包和流记录均不在 --since 与 --until 之间',
  ],
  [
    '1 of {} flow records reaches over --since or --until: counted whole, and the window reaches as far',
    '{1} 条流记录中有 1 条跨越 --since 或 --until：整条计入，时段随之延展',
  ],
  [
    '{} of {} flow records reach over --since or --until: counted whole, and the window reaches as far',
    '{2} 条流记录中有 {1} 条跨越 --since 或 --until：整条计入，时段随之延展',
  ],
  ['{} contacts with pools were left out: too many', '{1} 次与矿池的接触因过多而略去'],
  ['{} connections were not looked at: too many at once', '{1} 个连接因同时过多而未查看'],
  ['{} conversations of flow records were given up: too many at once', '{1} 个流记录会话因同时过多而放弃'],
  ['{} conversations of flow records were left out: too many', '{1} 个流记录会话因过多而略去'],
  [
    '{} conversations of flow records were not judged: too many at once',
    '{1} 个流记录会话因同时过多而未判断',
  ],
  [
    '{} flow records count nowhere: too many exporters saw the same',
    '{1} 条流记录未计入：见到同一流的导出器过多',
  ],
  ['{} flow records count nowhere: they name no time', '{1} 条流记录未计入：没有时间'],
  [
    '{} holds as many records of the same times as {}, and {} more inputs likewise: if they are the same, they count twice',
    '{1} 与 {2} 的记录数和时间相同，另有 {3} 个输入亦然：若内容相同，则被计算两次',
  ],
  [
    '{} holds as many records of the same times as {}: if they are the same, they count twice',
    '{1} 与 {2} 的记录数和时间相同：若内容相同，则被计算两次',
  ],
  [
    '{} begins like {}, and {} more inputs likewise: copies of a capture count twice',
    '{1} 与 {2} 的开头相同，另有 {3} 个输入亦然：抓包文件的副本会被重复计算',
  ],
  [
    '{} begins like {}, and {} more input likewise: copies of a capture count twice',
    '{1} 与 {2} 的开头相同，另有 {3} 个输入亦然：抓包文件的副本会被重复计算',
  ],
  ['{} begins like {}: copies of a capture count twice', '{1} 与 {2} 的开头相同：抓包文件的副本会被重复计算'],
  [
    '{} begins like {}, and {} more inputs likewise: they count as copies, the fuller of two once',
    '{1} 与 {2} 的开头相同，另有 {3} 个输入亦然：视为副本，只计较完整的一份',
  ],
  [
    '{} begins like {}, and {} more input likewise: they count as copies, the fuller of two once',
    '{1} 与 {2} 的开头相同，另有 {3} 个输入亦然：视为副本，只计较完整的一份',
  ],
  [
    '{} begins like {}: they count as copies, the fuller of two once',
    '{1} 与 {2} 的开头相同：视为副本，只计较完整的一份',
  ],
  [
    '{}: times name no zone and are taken for UTC; --input-tz says where they are from',
    '{1}：时间未注明时区，按 UTC 处理；可用 --input-tz 指明',
  ],
  [
    '{}: JSON of no known kind; --input-format says which it is where it is one of those that are read',
    '{1}：未知种类的 JSON；如属可读取的格式，可用 --input-format 指明',
  ],
  [
    '{}: flows of pmacct as JSON, which are not read; as CSV with timestamp_start they are',
    '{1}：pmacct 的 JSON 流记录，无法读取；导出为含 timestamp_start 的 CSV 即可读取',
  ],
  [
    '{}: flows of goflow2 as JSON, which are not read; as CSV with the same names they are',
    '{1}：goflow2 的 JSON 流记录，无法读取；转为列名相同的 CSV 即可读取',
  ],
  ['{}: neither flow records nor names', '{1}：既无流记录，也无名称'],
  [
    '{}: no column is known for {}; say which it is with --columns src=…,dst=…,dport=…,start=…',
    '{1}：找不到 {2} 对应的列；可用 --columns src=…,dst=…,dport=…,start=… 指明',
  ],
  [
    '{}: counts both directions together, all of which stands as sent; ra -s +spkts,+dpkts,+sbytes,+dbytes tells them apart',
    '{1}：两个方向合并计数，全部计为发送；用 ra -s +spkts,+dpkts,+sbytes,+dbytes 可分开',
  ],
  ['exports of {}: {} of {} flows never came ({} %)', '{1} 的导出：{3} 条流中有 {2} 条未到（{4} %）'],
  ['exports of {}: {} of {} records never came ({} %)', '{1} 的导出：{3} 条记录中有 {2} 条未到（{4} %）'],
  ['exports of {}: {} of {} datagrams never came ({} %)', '{1} 的导出：{3} 个报文中有 {2} 个未到（{4} %）'],
  [
    'exports of {}: {} set of template {} not read, as the template never came',
    '{1} 的导出：模板 {3} 的 {2} 个集合未读取，因模板始终未到',
  ],
  [
    'exports of {}: {} set of template {} not read, as the template came too late',
    '{1} 的导出：模板 {3} 的 {2} 个集合未读取，因模板到得太晚',
  ],
  [
    'exports of {}: {} sets of template {} not read, as the template never came',
    '{1} 的导出：模板 {3} 的 {2} 个集合未读取，因模板始终未到',
  ],
  [
    'exports of {}: {} sets of template {} not read, as the template came too late',
    '{1} 的导出：模板 {3} 的 {2} 个集合未读取，因模板到得太晚',
  ],
  [
    'exports of {}: {} flow of sampler {} not multiplied, as one packet in {} was looked at, which was told too late',
    '{1} 的导出：采样器 {3} 的 {2} 条流未按采样倍乘，因每 {4} 个数据包抽取一个的说明到得太晚',
  ],
  [
    'exports of {}: {} flow of sampler {} not multiplied, as in how many packets one was looked at was never told',
    '{1} 的导出：采样器 {3} 的 {2} 条流未按采样倍乘，因采样间隔始终未说明',
  ],
  [
    'exports of {}: {} flow not multiplied, as one packet in {} was looked at, which was told too late',
    '{1} 的导出：{2} 条流未按采样倍乘，因每 {3} 个数据包抽取一个的说明到得太晚',
  ],
  [
    'exports of {}: {} flows of sampler {} not multiplied, as one packet in {} was looked at, which was told too late',
    '{1} 的导出：采样器 {3} 的 {2} 条流未按采样倍乘，因每 {4} 个数据包抽取一个的说明到得太晚',
  ],
  [
    'exports of {}: {} flows of sampler {} not multiplied, as in how many packets one was looked at was never told',
    '{1} 的导出：采样器 {3} 的 {2} 条流未按采样倍乘，因采样间隔始终未说明',
  ],
  [
    'exports of {}: {} flows not multiplied, as one packet in {} was looked at, which was told too late',
    '{1} 的导出：{2} 条流未按采样倍乘，因每 {3} 个数据包抽取一个的说明到得太晚',
  ],
  ['exports: {} more exporters lost some', '导出：另有 {1} 个导出器有丢失'],
  ['exports: {} more templates came too late or never', '导出：另有 {1} 个模板到得太晚或未到'],
  ['exports: {} more samplers were told too late or never', '导出：另有 {1} 个采样器说明得太晚或未说明'],
  [
    'exports of {}: OUT counters of {} flow left out, as they may be of the same packets as the IN counters',
    '{1} 的导出：{2} 条流的 OUT 计数未采用，因其可能与 IN 计数为同一批数据包',
  ],
  [
    'exports of {}: OUT counters of {} flows left out, as they may be of the same packets as the IN counters',
    '{1} 的导出：{2} 条流的 OUT 计数未采用，因其可能与 IN 计数为同一批数据包',
  ],
  [
    'exports: {} more exporters have OUT counters that were left out',
    '导出：另有 {1} 个导出器的 OUT 计数未采用',
  ],
  [
    'merge: {} connections at the ends of the parts were too many to be carried; sessions among them may lack what follows, or count twice',
    '合并：各部分首尾有 {1} 个连接因过多而未能携带；其中的会话可能缺少后续部分，或被重复计算',
  ],
  [
    'merge: of {} connections at the ends of the parts not even the sizes were carried; shares of encrypted and one-sided traffic may be off by as much',
    '合并：各部分首尾有 {1} 个连接连大小也未能携带；加密与单向流量的占比可能有相应偏差',
  ],
  [
    'merge: {} connections whose server nobody named were too many to be carried; names that another part has do not reach them',
    '合并：{1} 个服务器无名称的连接因过多而未能携带；其他部分中的名称无法用于它们',
  ],

  // Verdicts of sessions and contacts.
  [
    'jobs or an accepted login, and work handed in and answered',
    '有任务或登录被接受，并且提交了工作且得到答复',
  ],
  ['an accepted login, and the job stream that follows from it', '登录被接受，随后出现任务流'],
  [
    'work was handed in and answered, in messages that the capture cut',
    '提交了工作且得到答复，但消息被抓包截断',
  ],
  [
    'messages that several protocols have, and a mark of mining software',
    '多种协议共有的消息，并有挖矿软件的特征',
  ],
  ['a mining session was asked for and none was gained', '请求了挖矿会话，但未建立'],
  ['work was handed in, but the session was not seen from both sides', '提交了工作，但没有看到会话的双方'],
  ['an accepted login and a job, but no work seen', '登录被接受并收到任务，但未见提交工作'],
  ['jobs of a running session, but no work seen', '进行中的会话有任务，但未见提交工作'],
  ['a pool session was asked for and not gained', '请求了矿池会话，但未建立'],
  [
    'a pool session was asked for at a server that sends back what it gets',
    '向一个原样返回内容的服务器请求了矿池会话',
  ],
  ['a pool session was asked for at a server that is no pool', '向一个并非矿池的服务器请求了矿池会话'],
  ['answered by a server that never sent work or a difficulty', '服务器有应答，但从未下发任务或难度'],
  ['somebody else may have sent the packets of one end', '一端的数据包可能由他人冒名发送'],
  ['different data came at the same sequence numbers', '同一序列号上出现了不同的数据'],
  ['single protocol messages without a session around them', '只有零散的协议消息，没有完整会话'],
  [
    'a dedicated pool endpoint, and encrypted Stratum V2 by its sizes, those of shares included',
    '专用矿池端点，且消息大小符合加密的 Stratum V2，包括份额',
  ],
  ['encrypted Stratum V2 by its sizes, those of shares included', '消息大小符合加密的 Stratum V2，包括份额'],
  [
    'the handshake of encrypted Stratum V2 by its sizes, and no work',
    '消息大小符合加密的 Stratum V2 握手，未见工作',
  ],
  ['connection tried and not answered', '尝试连接，没有应答'],
  [
    'a dedicated pool endpoint, and a session with every mark of mining',
    '专用矿池端点，且会话具备挖矿的全部特征',
  ],
  [
    'a dedicated pool endpoint, and a session that behaves like mining',
    '专用矿池端点，且会话的表现与挖矿相符',
  ],
  ['a dedicated pool endpoint, hour after hour, in sampled records', '专用矿池端点，在抽样记录中持续出现'],
  [
    'an address was touched that bears a pool’s name, and names of others',
    '触及一个带有矿池名称、也带有其他名称的地址',
  ],
  ['a listed pool endpoint was touched', '触及名单中的矿池端点'],
  [
    'nobody can read it, and its sizes and times bear every mark of mining',
    '内容无法读取，但大小与时间具备挖矿的全部特征',
  ],
  ['its name was looked up', '查询了其域名'],
  ['its name was looked up and does not exist', '查询了其域名，但该域名不存在'],
  ['its name was looked up, by its other name {}', '以别名 {1} 查询了其域名'],
  ['work was handed in to a server that judges none', '向不作任何评判的服务器提交了工作'],
  [
    'one of many pools that were asked, without work for any',
    '询问了许多矿池，这是其中之一，没有为任何一个工作',
  ],
  ['a session with what is no pool, without work', '与并非矿池者的会话，没有工作'],
  ['a session was gained and left at once, without work', '取得会话后随即离开，没有工作'],
  [
    '1 pair of client and server that captures show as well as flow records: the captures count',
    '1 对客户端与服务器同时见于抓包和流记录：以抓包为准',
  ],
  [
    '{} pairs of client and server that captures show as well as flow records: the captures count',
    '{1} 对客户端与服务器同时见于抓包和流记录：以抓包为准',
  ],
  [
    '1 pair of client and server that captures show for a part of the time of the flow records: what is beyond the captures counts beside them',
    '1 对客户端与服务器只有部分时间见于抓包：抓包之外的流记录另计',
  ],
  [
    '{} pairs of client and server that captures show for a part of the time of the flow records: what is beyond the captures counts beside them',
    '{1} 对客户端与服务器只有部分时间见于抓包：抓包之外的流记录另计',
  ],
  [
    'one server over many connections, thin and steady in both directions',
    '多次连接同一服务器，双向流量细小而稳定',
  ],
  ['one server for long, thin and steady in both directions', '长时间连接同一服务器，双向流量细小而稳定'],

  // Evidence (evidence/kinds.ts, audit/host-evidence.ts, audit/contact-evidence.ts).
  ['pool session parsed from both sides', '解析出双方的矿池会话'],
  ['a share recomputed: its hash meets the difficulty', '重算份额：其哈希达到难度'],
  ['work handed in', '提交工作'],
  ['work accepted by the pool', '矿池接受工作'],
  ['work refused by the pool', '矿池拒绝工作'],
  ['work handed out by the pool', '矿池下发任务'],
  ['login accepted', '登录被接受'],
  ['login refused', '登录被拒绝'],
  ['the server does not know the method: it is no pool', '服务器不认识该方法：它不是矿池'],
  ['the server sends back what it is sent: it is no pool', '服务器原样返回收到的内容：它不是矿池'],
  [
    'different data at the same sequence numbers: one of the two was injected',
    '同一序列号上有不同的数据：其中之一是注入的',
  ],
  [
    'the host resets the connection and sends on in it: somebody else may speak in its name',
    '主机重置连接后仍继续发送：可能有人冒名发送',
  ],
  [
    'the host acknowledges nothing of what it answers: somebody else may speak in its name',
    '主机从不确认其所应答的数据：可能有人冒名发送',
  ],
  ['login to a pool', '登录矿池'],
  ['opening of a pool session', '发起矿池会话'],
  ['a pool’s message', '矿池的消息'],
  ['difficulty set by the pool', '矿池设定难度'],
  ['mining software names itself', '挖矿软件自报名称'],
  ['account is a coin address with a valid checksum', '账户是校验正确的币种地址'],
  ['algorithm named', '指明算法'],
  ['coin named', '指明币种'],
  ['hashrate claimed by the miner', '矿工自报算力'],
  ['nonces count up with the time since their job', '随机数随任务开始后的时间递增'],
  ['the rate from nonces and the rate from shares exclude each other', '据随机数与据份额的算力互相排斥'],
  ['pool sends the miner elsewhere', '矿池让矿工改连别处'],
  ['host name that the miner asks for', '矿工请求的主机名'],
  ['endpoint carries a pool’s name', '端点带有矿池名称'],
  ['endpoint is on the operator’s list', '端点在运营者的名单上'],
  ['a pool’s host name was looked up', '查询了矿池的域名'],
  ['a rule of the sensor fired', '探针的规则被触发'],
  ['connection behaves like mining', '连接的表现与挖矿相符'],
  ['conversation that nobody can read bears every mark of mining', '无法读取的会话具备挖矿的全部特征'],
  [
    'handshake of encrypted Stratum V2, by the sizes and order of its messages',
    '消息大小与顺序符合加密的 Stratum V2 握手',
  ],
  ['message of the size of a share', '大小与份额相同的消息'],
  ['opening of an encrypted connection', '发起加密连接'],
  ['certificate of the server names a pool', '服务器证书写有矿池名称'],
  ['many pools asked, and no work handed in at any', '探问许多矿池，从未提交工作'],
  [
    'strangers are answered like by a pool, and their work is never judged',
    '像矿池一样应答陌生人，却从不评判其工作',
  ],
  ['connection attempt without an answer', '没有应答的连接尝试'],
  [
    '{} endpoints were asked like pools, {} of them at one time, and no work was handed in at any',
    '像对矿池一样探问了 {1} 个端点，其中 {2} 个同时进行，从未提交工作',
  ],
  [
    '{} endpoints were asked like pools, and no work was handed in at any',
    '像对矿池一样探问了 {1} 个端点，从未提交工作',
  ],
  [
    '{} addresses of {} foreign networks were answered like by a pool, and {t}',
    '像矿池一样应答了 {2} 个外部网络的 {1} 个地址，{3}',
  ],
  ['nobody handed in work', '无人提交工作'],
  ['of {} shares handed in none was judged', '所提交的 {1} 个份额无一得到评判'],
  ['share-hash', '重算的份额'],
  ['job', '任务'],
  ['dialect', '协议'],
  ['account', '账户'],
  ['agent', '软件名'],
  ['catalogue', '矿池名录'],
  ['{} from share-hash', '{1}（据重算的份额）'],
  ['{} from job', '{1}（据任务）'],
  ['{} from account', '{1}（据账户）'],
  ['{} from agent', '{1}（据软件名）'],
  ['{} from catalogue', '{1}（据矿池名录）'],
  ['{} from pool', '{1}（据矿池）'],
  ['{} from dialect', '{1}（据协议）'],
  ['{}: {} of {} shares hashed again meet their difficulty', '{1}：重算的 {3} 个份额中 {2} 个达到难度'],
  ['TLS records', 'TLS 记录'],
  ['{} of segments look random', '{1} 的报文段看似随机'],
  ['sizes as in {o}: {} up, {} back, {} unasked', '大小与 {1} 相同：上行 {2}，应答 {3}，主动下发 {4}'],
  ['{} messages of {} B up in {} s, {} of all', '{3} 秒内上行 {1} 条 {2} B 的消息，占全部的 {4}'],
  ['{} answered by {} B after {} s', '{1} 在 {3} 秒后得到 {2} B 的应答'],
  [
    '{} unasked messages of {} B, every {} s (variation {}), {} replied to',
    '主动下发 {1} 条 {2} B 的消息，每 {3} 秒一条（变异 {4}），{5} 得到回复',
  ],
  [
    'gaps of {} s in the mean by chance (variation {}, misfit {})',
    '间隔平均 {1} 秒，如随机过程（变异 {2}，偏差 {3}）',
  ],
  ['of the marks of mining it bears: {t}', '所具备的挖矿特征：{1}'],
  ['active in {} of {} minutes with one server at {}', '与 {3} 在 {2} 分钟中有 {1} 分钟活动'],
  ['active in {} of {} minutes with one server', '与同一服务器在 {2} 分钟中有 {1} 分钟活动'],
  ['active in {} of {} minutes', '{2} 分钟中有 {1} 分钟活动'],
  ['{} s, {} B out, {} B in at {}', '与 {4} 共 {1} 秒，上行 {2} B，下行 {3} B'],
  ['1 connection of {} s at {}', '与 {2} 有 1 次 {1} 秒的连接'],
  ['{} connections of {} s at {}', '与 {3} 有 {1} 次连接，平均 {2} 秒'],
  ['a minute {} packets of {} B up, {} of {} B down', '每分钟上行 {1} 个 {2} B 的包，下行 {3} 个 {4} B 的包'],
  ['counts scatter {} times as much as chance makes them', '计数的离散为随机情形的 {1} 倍'],
  ['one packet in {} was looked at', '每 {1} 个包查看一个'],
  ['no answer at {}', '{1} 没有应答'],
  ['{} is {} ({})', '{1} 属于 {2}（{3}）'],
  ['TLS for {} at {}', '到 {2} 的 TLS，服务器名 {1}'],
  ['TLS without a server name, {} at {}', '到 {2} 的 TLS，无服务器名，{1}'],
  [
    'TLS that the server answered in the clear, for {} at {}',
    '到 {2} 的 TLS（服务器以明文应答），服务器名 {1}',
  ],
  [
    'TLS that the server answered in the clear, without a server name, {} at {}',
    '到 {2} 的 TLS（服务器以明文应答），无服务器名，{1}',
  ],
  [
    '{} at {} from {} nonces, narrower than shares, with which it agrees. {t}',
    '{1}：据 {3} 个随机数为 {2}，与据份额的算力一致且区间更窄。{4}',
  ],
  [
    '{} at {} from {} nonces, in agreement with shares, which are narrower. {t}',
    '{1}：据 {3} 个随机数为 {2}，与据份额的算力一致，后者区间更窄。{4}',
  ],
  [
    '{} at {} from {} nonces, which shares contradict. {t}',
    '{1}：据 {3} 个随机数为 {2}，与据份额的算力矛盾。{4}',
  ],
  ['{} at {} from {} nonces, {} from shares. {t}', '{1}：据 {3} 个随机数为 {2}，据份额为 {4}。{5}'],
  ['{} at {} from {} nonces. {t}', '{1}：据 {3} 个随机数为 {2}。{4}'],
  [
    'The nonce counts up from 0 at each job: its value over the seconds since the job is the rate.',
    '随机数在每个任务从 0 递增：其值除以任务开始后的秒数即为算力。',
  ],
  [
    'All nonces are drawn in batches from one counter that starts at 0 with each job: its height over the seconds since the job is the rate.',
    '所有随机数分批取自同一计数器，每个任务从 0 开始：其高度除以任务开始后的秒数即为算力。',
  ],
  [
    'Tracks draw chunks of {} nonces from one counter that starts at 0 with each job: the place in the chunk over time is the rate of one track.',
    '各路从同一计数器成段取随机数，每段 {1} 个，每个任务从 0 开始：段内位置随时间的变化即为一路的算力。',
  ],
  [
    'Each track counts up from its own part of the nonce range ({} nonces) at each job: the place in it over time is the rate of one track.',
    '每个任务中各路在自己的随机数区间（{1} 个）内递增：区间内位置随时间的变化即为一路的算力。',
  ],
  [
    'Nonces count up from a start drawn once, anew at each job: the line of nonce over time is the rate.',
    '随机数从一次选定的起点递增，每个任务重新开始：随机数随时间的斜率即为算力。',
  ],
  [
    'Nonces count up through the whole session: the line of nonce over time is the rate.',
    '随机数在整个会话中递增：随机数随时间的斜率即为算力。',
  ],
  [
    'Extranonce2, with version bits or time where they are rolled, counts units of 2^{} hashes: its advance over time is the rate.',
    'Extranonce2（连同滚动的版本位或时间）以 2^{1} 次哈希为单位计数：其随时间的推进即为算力。',
  ],
  [
    'The nonces run faster than the shares tell: packets are missing from the capture, and shares with them.',
    '随机数显示的速度高于份额：抓包中缺包，份额随之缺失。',
  ],
  [
    'The nonces run faster than the shares tell: pauses, refused work, or work handed in elsewhere.',
    '随机数比份额所示更快：有停顿、被拒的工作，或工作提交到别处。',
  ],
  [
    'The nonces run slower than the shares tell: more machines or threads than were told apart.',
    '随机数比份额所示更慢：机器或线程比所区分的更多。',
  ],

  // Why an entry of a pool list was not taken.
  ["a port of a coin's own network", '属于币种自身网络的端口'],
  ['a private or reserved address without a port', '没有端口的私有或保留地址'],
  ['a prefix too wide to be a pool', '前缀过宽，不可能是矿池'],
  ['more prefixes than a list of pools has', '前缀数量超过矿池列表应有的数量'],
  ['no host name', '不是主机名'],
  ['no host in the row', '该行没有主机'],
  ['no such port', '端口不存在'],
  ['no endpoint', '没有端点'],
  ['no rule', '不是规则'],
  ['a rule that is not about mining', '与挖矿无关的规则'],
  ['a rule without a host name or address', '没有主机名或地址的规则'],
  ['a web address, not an endpoint', '是网址，不是端点'],
  ['known as a web site of a pool', '已知为矿池的网站'],
  ['a single label, no domain', '只有一级标签，不是域名'],
  ['a public suffix', '公共后缀'],
  ['a shared hosting or dynamic DNS domain', '共享托管或动态 DNS 域名'],
  ['a seed, node, wallet or explorer of a coin', '币种的种子、节点、钱包或浏览器'],
  ['a known site that is no pool', '已知网站，不是矿池'],
  ['two names run together', '两个名称连在一起'],

  // Kinds of damage and reasons for skipping.
  ['decoded', '已解析'],
  ['unknown link type', '未知链路类型'],
  ['not IP', '非 IP'],
  ['link header cut', '链路层头部被截断'],
  ['ip header cut', 'IP 头部被截断'],
  ['bad ip header', 'IP 头部错误'],
  ['fragment', '分片'],
  ['other transport', '其他传输协议'],
  ['transport header cut', '传输层头部被截断'],
  ['bad transport header', '传输层头部错误'],
  ['too many layers', '层数过多'],
  ['empty', '空文件'],
  ['not-a-capture', '不是抓包文件'],
  ['truncated-header', '文件头不完整'],
  ['truncated-record', '末条记录不完整'],
  ['bad-record-length', '记录长度错误'],
  ['bad-wire-length', '所称原始长度不可能'],
  ['bad-block-length', '块长度错误'],
  ['bad-section', '区段错误'],
  ['unknown-interface', '接口未定义'],
  ['too-many-interfaces', '接口过多'],
  ['skipped-bytes', '跳过的字节'],
  ['not-a-flow-log', '不是流日志'],
  ['unsupported-version', '不支持的版本'],
  ['encrypted', '已加密'],
  ['anonymised', '地址已被改写'],
  ['truncated-file', '文件不完整'],
  ['bad-block', '块错误'],
  ['bad-compression', '压缩数据错误'],
  ['bad-record', '记录错误'],
  ['bad-template', '模板错误'],
  ['unknown-template', '缺少模板'],
  ['unknown-record', '未知种类的记录'],
  ['absurd-time', '时间不合理'],
  ['no-time', '没有时间'],
  ['assumed-year', '年份为推定'],
  ['counter-overflow', '计数溢出'],
  ['lost-flows', '丢失的流'],
  ['lost-datagrams', '丢失的导出报文'],
  ['lost-samples', '丢失的样本'],
  ['lost-records', '丢失的记录'],
  ['trailing-bytes', '末尾有多余字节的导出报文'],
  ['cut-datagram', '导出报文被截断'],
  ['repeated-datagram', '重复的导出报文'],
  ['unread-flow', '无法使用的流'],
  ['late-sampling', '采样间隔说明得太晚的流'],
  ['unknown-sampling', '采样间隔未知的流'],
  ['table-full', '表已满'],
  ['bad-row', '无法解析的行'],
  ['long-line', '过长的行'],
  ['missing-column', '缺少必要的列'],
  ['message-cut-at-seam', '接缝处被截断的消息'],
  ['unknown-format', '未知格式'],
  ['unreadable', '无法读取'],
  ['not-found', '未找到'],
];

interface Compiled {
  readonly literals: readonly string[];
  /** By slot: 't' where it holds a sentence, 'o' where names with 'or' between, else ''. */
  readonly kinds: readonly string[];
  readonly chinese: string;
}

const WHOLE = new Map(TEMPLATES.filter(([english]) => !english.includes('{')));
const OPEN: readonly Compiled[] = TEMPLATES.filter(([english]) => english.includes('{')).map(
  ([english, chinese]) => ({
    literals: english.split(/\{[ot]?\}/),
    kinds: [...english.matchAll(/\{([ot]?)\}/g)].map((slot) => slot[1] ?? ''),
    chinese,
  }),
);
/** 'work handed in, cryptonote with pool.example: words'. */
const SIGHTING = /^(.{4,100}?), ([a-z0-9-]{2,30}) with ((?:(?!: ).){1,120})(?:: (.*))?$/s;
const SESSION = /^([a-z0-9-]{2,30}) with ((?:(?!: ).){1,120}): (.*)$/s;
const TIMES = /^(.*) \((\d+) times\)$/s;
const CONTACT = /^(.{1,300}): ([^:]+)$/s;
const NESTED_AT_MOST = 4;
const PARTS_AT_MOST = 12;

/** The sentence in Chinese, or as it is where it is none of ours. */
export function inChinese(said: string): string {
  return translated(said, 0);
}

function translated(said: string, depth: number): string {
  if (said.length > LONGEST || depth > NESTED_AT_MOST) return said;
  const whole = WHOLE.get(said);
  if (whole !== undefined) return whole;
  const often = TIMES.exec(said);
  if (often !== null) return `${translated(often[1] ?? '', depth + 1)}（${often[2]} 次）`;
  const seen = sighting(said, depth);
  if (seen !== null) return seen;
  for (const template of OPEN) {
    const slots = slotsOf(said, template.literals);
    // A quotation that holds the mark between sentences has swallowed one.
    if (slots === null || slots.some((slot, i) => template.kinds[i] !== 't' && slot.includes('; '))) continue;
    const filled = slots.map((slot, i) => {
      if (template.kinds[i] === 't') return translated(slot, depth + 1);
      return template.kinds[i] === 'o' ? slot.replaceAll(' or ', ' 或 ') : slot;
    });
    // A template that is little more than a sentence within holds where that sentence is known.
    if (template.literals.join('').length < 14 && template.kinds[0] === 't' && filled[0] === slots[0])
      continue;
    return inPlace(template.chinese, filled);
  }
  return contact(said, depth) ?? inParts(said, depth) ?? said;
}

/** Several sentences in one, where some of them are ours. */
function inParts(said: string, depth: number): string | null {
  if (!said.includes('; ')) return null;
  const parts = said.split('; ').slice(0, PARTS_AT_MOST);
  const chinese = parts.map((part) => translated(part, depth + 1));
  if (said.split('; ').length > parts.length || chinese.every((part, i) => part === parts[i])) return null;
  return chinese.join('；');
}

/** What stands between the literals, each found where it comes first; null where they do not fit. */
function slotsOf(said: string, literals: readonly string[]): string[] | null {
  const [first = ''] = literals;
  const last = literals.at(-1) ?? '';
  if (!said.startsWith(first) || !said.endsWith(last)) return null;
  const end = said.length - last.length;
  const slots: string[] = [];
  let from = first.length;
  for (const literal of literals.slice(1, -1)) {
    const at = said.indexOf(literal, from + 1);
    if (at < 0 || at + literal.length > end) return null;
    slots.push(said.slice(from, at));
    from = at + literal.length;
  }
  if (from >= end) return null;
  slots.push(said.slice(from, end));
  return slots;
}

/** A fact with its dialect and pool, or a verdict of a session. */
function sighting(said: string, depth: number): string | null {
  const fact = SIGHTING.exec(said);
  const title = fact === null ? undefined : WHOLE.get(fact[1] ?? '');
  if (fact !== null && title !== undefined) {
    const [, , dialect, pool, words] = fact;
    return `${title}，${dialect}，${pool}${words === undefined ? '' : `：${translated(words, depth + 1)}`}`;
  }
  const session = SESSION.exec(said);
  const verdict = session === null ? undefined : WHOLE.get(session[3] ?? '');
  if (session !== null && verdict !== undefined) return `${session[1]}，${session[2]}：${verdict}`;
  return null;
}

/** Where a contact was, and what it was. */
function contact(said: string, depth: number): string | null {
  const found = CONTACT.exec(said);
  if (found === null) return null;
  const because = translated(found[2] ?? '', depth + 1);
  return because === found[2] ? null : `${found[1]}：${because}`;
}

/** The slots in their places; Chinese follows Chinese without a space, and a range is one of ours. */
function inPlace(chinese: string, slots: readonly string[]): string {
  return chinese
    .replace(/\{(\d)\}/g, (_, number: string) => slots[Number(number) - 1] ?? '')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .replace(/ ?\(([\d.?]+) to ([\d.?]+)\)/g, '（$1 至 $2）');
}
