/** Words of fixed sets that audits hold, in Chinese: sources of owners and algorithms, reasons for skipping. */
const WORDS: Readonly<Record<string, string>> = {
  'owners-table': '归属表',
  reserved: '专用地址段',
  'database-type': '数据库所列类型',
  domain: '域名',
  netname: '网络名',
  'asn-table': '自治系统表',
  keyword: '名称关键词',
  line: '线路字样',
  'business-type': '数据库所列商业类型',
  'legal-form': '企业名称形式',
  'share-hash': '重算的份额',
  job: '任务',
  dialect: '协议',
  account: '账户',
  agent: '软件名',
  catalogue: '矿池名录',
  family: '算法族',
  decoded: '已解析',
  'unknown link type': '未知链路类型',
  'not IP': '非 IP',
  'link header cut': '链路层头部被截断',
  'ip header cut': 'IP 头部被截断',
  'bad ip header': 'IP 头部错误',
  fragment: '分片',
  'other transport': '其他传输协议',
  'transport header cut': '传输层头部被截断',
  'bad transport header': '传输层头部错误',
  'too many layers': '层数过多',
  'sealed tunnel': '隧道已加密或分片',
  unreadable: '无法读取',
};

/** The word in Chinese; as it is if it is none of ours. */
export function zhWord(word: string): string {
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? word) : word;
}
