/**
 * Words in scripts without blanks between words (Chinese, Japanese, Korean, Thai), in Arabic script, and Chinese in
 * Latin letters as network names carry it. A word before 路, 街 or 站 is a street or a station, not an institution.
 */
import type { KeywordRule } from './rule.ts';

const STREETS = ['路', '街', '大道', '站', '前駅', '通り'];

function exceptStreets(words: string): string {
  return words
    .split('|')
    .flatMap((word) => STREETS.map((street) => word + street))
    .join('|');
}

const HEALTH =
  '医院|醫院|卫生院|衛生所|卫生服务中心|疾控|疾病预防控制|医疗|醫療|妇幼|病院|의료원|병원|โรงพยาบาล|مستشفى|بیمارستان';
const SCHOOL =
  '大学|大學|学院|學院|学校|學校|中学|中學|小学|小學|高中|幼儿园|教育网|教育網|高校|学園|高等専門学校|대학교|대학|학교|고등학교|มหาวิทยาลัย|โรงเรียน|วิทยาลัย|جامعة|دانشگاه|مدرسة|אוניברסיטת|אוניברסיטה';
const RESEARCH = '研究院|研究所|科学院|科學院|实验室|實驗室|研究中心|研究機構|天文台|연구원|연구소';
const STATE =
  '政府|党委|黨委|市委|省委|县委|区委|纪委|政协|人大常委|公安|法院|检察院|检察|税务|财政局|财政厅|財政|监狱|海关|交通局|管理局|教育局|教育厅|教育部|卫生局|卫生厅|卫生健康委|卫健委|民政局|人社局|社会保障局|住建局|国土局|自然资源局|统计局|气象局|城管|街道办|镇人民|村民委员会|居民委员会|发展和改革委|机关事务|委员会|委員會|市役所|県庁|区役所|町役場|省庁|役場|警察|정부|시청|도청|군청|구청|경찰|교육청|กระทรวง|เทศบาล|وزارة|وزارت|حكومة|دولت|בית המשפט|משרד';
const MONEY = '银行|銀行|证券|證券|保险|保險|信用社|农商行|信託|은행|증권|보험|ธนาคาร|بنك|مصرف|بانک';

export const SCRIPT_WORDS: readonly KeywordRule[] = [
  {
    class: 'healthcare',
    languages: 'zh ja ko th ar fa',
    field: 'org',
    anywhere: true,
    words: HEALTH,
    unless: `医疗器械|医疗保障|${exceptStreets('医院')}`,
    confidence: 0.8,
  },
  {
    class: 'education',
    languages: 'zh ja ko th ar fa he',
    field: 'org',
    anywhere: true,
    words: SCHOOL,
    unless: `科学院|科學院|驾校|驾驶学校|대학로|جامعة الدول|${exceptStreets('大学|学院|学校|中学|大學')}`,
    confidence: 0.8,
  },
  {
    class: 'research',
    languages: 'zh ja ko',
    field: 'org',
    anywhere: true,
    words: RESEARCH,
    unless: '房地产研究院|营销研究院',
    confidence: 0.7,
  },
  {
    class: 'government',
    languages: 'zh ja ko th ar fa he',
    field: 'org',
    anywhere: true,
    words: STATE,
    unless: `시청역|市役所前|${exceptStreets('法院|政府|公安')}`,
    confidence: 0.8,
  },
  {
    class: 'finance',
    languages: 'zh ja ko th ar fa',
    field: 'org',
    anywhere: true,
    words: MONEY,
    unless: `血库|血液银行|医疗保险|社会保险|${exceptStreets('银行')}`,
    confidence: 0.8,
  },
  {
    class: 'hosting',
    languages: 'zh ja ko',
    field: 'org',
    anywhere: true,
    words: '云计算|雲端|阿里云|腾讯云|华为云|天翼云|数据中心|資料中心|机房|服务器|云服务|데이터센터|クラウド',
    confidence: 0.6,
  },
  {
    class: 'mobile',
    languages: 'zh ja ko',
    field: 'org',
    anywhere: true,
    words: '中国移动|移动通信|行動通信|이동통신|携帯',
    confidence: 0.6,
  },
  {
    class: 'isp',
    languages: 'zh ja ko th ar',
    field: 'org',
    anywhere: true,
    words: '电信|電信|联通|聯通|铁通|广电|有线电视|宽带|寬頻|网通|통신|通信|اتصالات|โทรคมนาคม',
    unless: '通信设备|通信工程',
    confidence: 0.55,
  },
  {
    class: 'enterprise',
    languages: 'zh ja ko',
    field: 'org',
    anywhere: true,
    // Internet cafés are companies; their fleets of graphics cards stand idle at night.
    words: '网吧|網吧|网咖|网络会所|电竞酒店',
    unless: '网吧路',
    confidence: 0.7,
  },
  {
    class: 'enterprise',
    languages: 'zh ja ko',
    field: 'org',
    anywhere: true,
    words: '有限公司|股份公司|股份有限|集团|集團|公司|工厂|株式会社|주식회사',
    confidence: 0.3,
  },
  pinyin('education', 'daxue|xueyuan|xuexiao|zhongxue|xiaoxue|jiaoyu|gaoxiao|univ'),
  pinyin('research', 'yanjiusuo|yanjiuyuan|kexueyuan|keyuan'),
  pinyin(
    'government',
    'zhengfu|shiwei|shengwei|xianwei|jiwei|gonganju|gongan|fayuan|jianchayuan|shuiwuju|caizhengju|weiyuanhui|dangwei|renshiju|jiguan|jiaoyuju|jiaoyuting|weishengju|minzhengju',
  ),
  pinyin('healthcare', 'yiyuan|weisheng|jikong'),
  pinyin('finance', 'yinhang|zhengquan|baoxian'),
  pinyin('enterprise', 'wangba'),
];

/** Chinese words in Latin letters are also names of people and brands: a network name needs a second sign. */
function pinyin(owner: KeywordRule['class'], words: string): KeywordRule {
  return {
    class: owner,
    languages: 'zh-pinyin',
    field: 'netname',
    words,
    confidence: 0.5,
    needsSecond: true,
  };
}
