import { type OWNERS as ENGLISH, number, type Space } from '../en/owners.ts';
import type { Translation } from '../statement.ts';

const SPACES: Readonly<Record<Space, string>> = {
  'this-network': '本网络',
  private: '私有地址',
  shared: '运营商地址转换之后的共享地址',
  loopback: '环回地址',
  'link-local': '链路本地地址',
  protocol: '协议分配地址',
  documentation: '文档示例地址',
  benchmark: '基准测试地址',
  multicast: '组播地址',
  reserved: '保留地址',
  discard: '丢弃地址',
};
const USE = { hijacked: '被入侵利用', deliberate: '主动挖矿' } as const;

export const OWNERS: Translation<typeof ENGLISH> = {
  'owner-table-line': (p, translate) =>
    `归属表第 ${p.line} 行，${p.prefix}${p.by === null ? '' : `：${translate(p.by)}`}`,
  'owner-database-type': ({ word }) => `数据库标为“${word}”`,
  'owner-research-network': ({ network }) => `位于教育科研网 ${network} 之后：其用户多为高校`,
  'owner-asn': ({ asn, name }) => `AS${asn} 为 ${name}`,
  'owner-name-word': ({ word, name }) => `名称“${name}”中有“${word}”`,
  'owner-netname-word': ({ word, netname }) => `网络名“${netname}”中有“${word}”`,
  'owner-domain': ({ of, name, word, atEnd }) =>
    `${of === 'host' ? '主机名' : '持有者域名'} ${name} ${atEnd ? '以' : '中有'}“${word}”${atEnd ? '结尾' : ''}`,
  'owner-reserved': ({ space, rfc }) => `${SPACES[space]}（RFC ${rfc}）`,
  'owner-at-other-time': ({ rule }, translate) => `另一时间：${translate(rule)}`,
  'owner-changed': ({ first, others }, translate) =>
    [first === null ? '无归属' : translate(first), ...others.map((other) => translate(other))].join('；'),
  'owner-by-rule': (p, translate) =>
    `${translate(p.rule)}（${p.class}${p.name === null ? '' : `，${p.name}`}）`,

  sign: ({ sign, use }, translate) => `${translate(sign)}：与${USE[use]}相符`,
  'signs-of-one-kind': ({ use }) => `仅有一类迹象与${USE[use]}相符，不足以作出判断`,
  'signs-undecided': '现有迹象不足以判定',
  'sign-asic-algorithm': ({ algorithm }) => `${algorithm}，通常由专用矿机（ASIC）挖`,
  'sign-gpu-algorithm': ({ algorithm }) => `用显卡挖 ${algorithm}`,
  'sign-cpu-algorithm': ({ algorithm }) => `用单位机器的处理器挖 ${algorithm}`,
  'sign-malware-list': ({ list }) => `账户、代理或挖矿软件在恶意软件名单上（${list}）`,
  'sign-firmware': '软件名是专用挖矿设备的固件',
  'sign-asic-program': '软件名是驱动专用矿机的程序',
  'sign-rig-system': '软件名是矿机管理系统或算力市场',
  'sign-altered-agent': '软件名缺失、被改动或早已过时',
  'sign-stock-xmrig': '软件名是原版 XMRig，恶意软件也会使用',
  'sign-hidden-path': ({ tunnel }) => `经隐蔽途径到达矿池（${tunnel}）`,
  'sign-clear-port': ({ port }) => `在 ${port} 端口未加密挖矿`,
  'sign-public-tls': '公开矿池，使用 TLS',
  'sign-many-owners': (p) => `同一账户在 ${number(p)} 个互不相关的单位挖矿`,
  'sign-many-addresses': (p) => `同一账户在 ${number(p)} 个地址挖矿`,
  'sign-machine-workers': '矿工名是主机名、地址或随机字符',
  'sign-rig-workers': '矿工名像矿机编号',
  'sign-around-clock': '单位的机器昼夜不停地挖矿',
  'sign-own-proxy': (p) => `自设的代理汇集了 ${number(p)} 个矿工`,
  'sign-many-rigs': (p) => `一个地址之后有 ${number(p)} 台矿机`,
};
