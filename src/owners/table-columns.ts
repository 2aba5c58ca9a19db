/** Words of an owners table: possible names of its columns and classes, in English and Chinese; times as written. */
import { OWNER_CLASSES, type OwnerClass } from './answer.ts';

export const COLUMN_WORDS = {
  prefix: 'prefix|network|cidr|ip|address|subnet|start|first|网段|地址|ip地址|起始地址',
  last: 'last|end|range_end|结束地址|终止地址',
  organisation:
    'organisation|organization|org|name|owner|company|customer|subscriber|unit|单位|单位名称|名称|用户名称',
  class: 'class|type|category|kind|sector|类别|类型|单位类别|行业',
  department: 'department|dept|division|部门|科室',
  city: 'city|town|place|城市|市|地市',
  region: 'region|state|province|省|省份|地区',
  country: 'country|country_code|国家',
  contact: 'contact|email|e-mail|mail|abuse|phone|联系人|联系方式|电话|邮箱',
  asn: 'asn|as|as_number',
  hostname: 'hostname|host|host_name|rdns|reverse_dns|ptr|dns_name|fqdn|主机名|域名|反向域名',
  netname: 'netname|net_name|network_name|descr|description|网络名称',
  from: 'from|valid_from|since|start_time|lease_start|begin|开始时间|起始时间|生效时间',
  to: 'to|valid_to|until|end_time|lease_end|结束时间|终止时间|失效时间',
} as const;
export type OwnerColumn = keyof typeof COLUMN_WORDS;

const CLASS_WORDS: Readonly<Record<OwnerClass, string>> = {
  government: 'gov|govt|public|party|military|administration|政府|党政机关|政府机关|机关|事业单位|党政',
  education: 'edu|university|school|college|academic|教育|高校|学校|大学|教育机构',
  research: 'lab|laboratory|nren|科研|研究|科研院所|科研机构',
  enterprise: 'company|business|corporate|private|企业|公司|工商企业',
  healthcare: 'health|hospital|medical|医疗|医院|卫生',
  finance: 'bank|banking|financial|insurance|金融|银行',
  isp: 'access|residential|home|broadband|transit|运营商|家庭|宽带|个人',
  mobile: 'cellular|移动|手机',
  hosting: 'cloud|idc|vps|datacenter|data center|数据中心|云|机房',
  cdn: 'content|内容分发',
  unknown: '未知|other|其他',
};

/** Class of a cell; null if the word is none. */
export function classOf(cell: string): OwnerClass | null {
  const word = cell.trim().toLowerCase();
  return (
    OWNER_CLASSES.find((owner) => owner === word || CLASS_WORDS[owner].split('|').includes(word)) ?? null
  );
}

const TIME =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
const DAY_US = 86_400e6;

/**
 * Time of a cell in us since 1970: ISO 8601 (UTC if no offset is given) or seconds since 1970. A date alone is its
 * first moment, or as the end of a time its last. Null if it is none; an empty cell is `open`.
 */
export function timeUsOf(cell: string, end: boolean, open: number): number | null {
  const text = cell.trim();
  if (text === '' || text === '-') return open;
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return Number(text) * 1e6;
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const dayMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(dayMs).getUTCDate() !== Number(day) || Number(month) > 12) return null;
  if (hour === undefined) return dayMs * 1000 + (end ? DAY_US : 0);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const clock = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  const shift =
    offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * 60 * (offset[1] === '-' ? -1 : 1);
  return dayMs * 1000 + (clock - shift) * 1e6 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
