import { describe, expect, it } from 'vitest';
import { knownNetwork } from '../../src/owners/classify.ts';
import { domainMatch } from '../../src/owners/domains.ts';
import { netnameMatches, organisationMatches } from '../../src/owners/keywords.ts';

/** The class that a name is given with enough confidence to be stated. */
function stated(name: string): string {
  const [first] = organisationMatches(name);
  return first === undefined || first.confidence < 0.5 ? 'unknown' : first.class;
}

describe('keyword rules on names of organisations', () => {
  it.each([
    ['University of Michigan', 'education'],
    ['Uniwersytet Warszawski', 'education'],
    ['Université de Montréal', 'education'],
    ['МГУ Московский государственный университет', 'education'],
    ['南京大学', 'education'],
    ['서울대학교', 'education'],
    ['東京大学', 'education'],
    ['جامعة القاهرة', 'education'],
    ['จุฬาลงกรณ์มหาวิทยาลัย', 'education'],
    ['Universitas Indonesia', 'education'],
    ['江苏省人民政府', 'government'],
    ['苏州市公安局', 'government'],
    ['大阪市役所', 'government'],
    ['서울특별시청', 'government'],
    ['وزارة الداخلية', 'government'],
    ['Bundesministerium des Innern', 'government'],
    ['City of Seattle', 'government'],
    ['Pemerintah Provinsi Jawa Barat', 'government'],
    ['Министерство обороны', 'government'],
    ['南京鼓楼医院', 'healthcare'],
    ['Universitätsklinikum Essen', 'healthcare'],
    ['中国工商银行江苏省分行', 'finance'],
    ['Sparkasse KölnBonn', 'finance'],
    ['中国科学院高能物理研究所', 'research'],
    ['Max-Planck-Gesellschaft', 'research'],
    ['Swiss Federation', 'government'],
    ['SERPRO', 'government'],
    ['Federal Guard Service of the Russian Federation', 'government'],
    ['Kanton Zürich', 'government'],
    ['Kanton Electronics', 'enterprise'],
    ['Department for Work and Pensions', 'government'],
    ['Charité - Universitätsmedizin Berlin', 'healthcare'],
    ['Karolinska Universitetssjukhuset', 'healthcare'],
    ['Deutsches Krebsforschungszentrum', 'research'],
    ["Commissariat à l'énergie atomique", 'research'],
    ['British Library', 'education'],
    ['Caisse des Dépôts', 'finance'],
    ['Akershus universitetssykehus HF', 'healthcare'],
    ['Odense Universitetshospital', 'healthcare'],
    ['Leids Universitair Medisch Centrum', 'healthcare'],
    ['Univerzitetni klinični center Ljubljana', 'healthcare'],
    ['Sihtasutus Tartu Ülikooli Kliinikum', 'healthcare'],
    ['Rumah Sakit Cipto Mangunkusumo', 'healthcare'],
    ['Krankenanstaltenverbund Wien', 'healthcare'],
    ['Klinički bolnički centar Zagreb', 'healthcare'],
    ['Helsingin kaupunki', 'government'],
    ['Transportstyrelsen', 'government'],
    ['Polismyndigheten', 'government'],
    ['Vlaamse Overheid', 'government'],
    ['Bundesagentur für Arbeit', 'government'],
    ['Receita Federal do Brasil', 'government'],
    ['Valsts ieņēmumu dienests', 'government'],
    ['Alcaldía Mayor de Bogotá', 'government'],
    ['Uỷ ban nhân dân Thành phố Hà Nội', 'government'],
    ['Høgskolen i Oslo', 'education'],
    ['Eötvös Loránd Tudományegyetem', 'education'],
    ['Univerza v Ljubljani', 'education'],
    ['Szkoła Główna Handlowa', 'education'],
    ['Polska Akademia Nauk', 'research'],
    ['Magyar Tudományos Akadémia Kutatóközpont', 'research'],
    ['Japan Aerospace Exploration Agency', 'research'],
    ['SpareBank 1 Østlandet', 'finance'],
    ['Slovenská sporiteľňa', 'finance'],
    ['Zavarovalnica Triglav', 'finance'],
    ['Milbank LLP', 'unknown'],
    ['University Apartments Riverside', 'unknown'],
    ['中国电信江苏分公司', 'isp'],
    ['中国移动', 'mobile'],
    ['阿里云计算有限公司', 'hosting'],
    ['某某网吧', 'enterprise'],
    ['AS264682 - UNIVERSIDADE FEDERAL DE VICOSA', 'education'],
    ['ＴＯＫＹＯ　ＵＮＩＶＥＲＳＩＴＹ', 'education'],
  ])('%s is %s', (name, expected) => {
    expect(stated(name)).toBe(expected);
  });

  it.each([
    // Names that were seen to mislead, with what they are.
    ['University Hospital of Wales', 'healthcare'],
    ['Congressional Federal Credit Union', 'finance'],
    ['City of Hope Medical Center', 'healthcare'],
    ['Orange Bank', 'finance'],
    ['IDC Herzliya', 'education'],
    ['St. Cloud State University', 'education'],
    ['Royal Military College of Canada', 'education'],
    ['Virginia Military Institute', 'education'],
    ['卫生局', 'government'],
  ])('%s is %s after all', (name, expected) => {
    expect(stated(name)).toBe(expected);
  });

  it.each([
    ['Universal Music', 'education'],
    ['Virginia College Savings Plan', 'education'],
    ['American College of Cardiology', 'education'],
    ['University Village Apartments', 'education'],
    ['大学路网吧', 'education'],
    ['Old Navy', 'government'],
    ['Salvation Army', 'government'],
    ['BWIN.PARTY', 'government'],
    ['Mod Mission Critical LLC', 'government'],
    ['State of Mind LLC', 'government'],
    ['Government Employees Insurance (GEICO)', 'government'],
    ['Blood Bank of Iowa', 'finance'],
    ['Hospitality Group', 'healthcare'],
    ['Pet Clinic', 'healthcare'],
    ['MUSA-COLO', 'hosting'],
    ['Colorado Springs Utilities', 'hosting'],
    ['Experian Colombia', 'hosting'],
    ['Automobile Club', 'mobile'],
    ['ExxonMobil', 'mobile'],
    ['云南白药', 'hosting'],
  ])('%s is not %s', (name, trap) => {
    expect(stated(name)).not.toBe(trap);
  });

  it('take a legal form for a hint only', () => {
    expect(organisationMatches('Zubrowka Umbrella GmbH')).toMatchObject([
      { class: 'enterprise', confidence: 0.3 },
    ]);
    expect(organisationMatches('苏州某某科技有限公司')).toMatchObject([
      { class: 'enterprise', confidence: 0.3 },
    ]);
    expect(organisationMatches('')).toEqual([]);
  });

  it('read a name of any length in little time', () => {
    for (const part of ['the ', 'university ', 'jsc "', 'a. ', '大', 'chinanet idc asn for ']) {
      expect(organisationMatches(part.repeat(100_000)).length).toBeLessThan(20);
    }
  });

  it('want whole parts of network names', () => {
    expect(netnameMatches('NJ-DAXUE-NET').map((match) => match.class)).toEqual(['education']);
    expect(netnameMatches('XUEYUANLU-12')).toEqual([]);
    expect(netnameMatches('XZ-GONGANJU')).toMatchObject([{ class: 'government', needsSecond: true }]);
  });
});

describe('names of hosts', () => {
  it.each([
    ['www.jiangsu.gov.cn', 'government', true],
    ['city.osaka.lg.jp', 'government', true],
    ['sat.gob.mx', 'government', true],
    ['impots.gouv.fr', 'government', true],
    ['tsinghua.edu.cn', 'education', true],
    ['gpu03.cs.example.edu.', 'education', true],
    ['ihep.ac.cn', 'research', true],
    ['ox.ac.uk', 'education', true],
    ['tu-dresden.de', 'education', true],
    ['k12.ca.us', 'education', true],
    ['royalfree.nhs.uk', 'healthcare', true],
    ['example.bank', 'finance', true],
    ['ec2-54-80-0-1.compute-1.amazonaws.com', 'hosting', false],
    ['c-73-1-1-1.hsd1.fl.comcast.net', 'isp', false],
  ])('%s says %s', (name, expected, isHolder) => {
    expect(domainMatch(name)).toMatchObject({ class: expected, isHolder });
  });

  it.each([
    'my-gov.com',
    'gouvernail.fr',
    'bund.net',
    'sch.com',
    'cas.com',
    'foodbank.org',
    'unicredit.it',
    '',
    'a b',
  ])('%s says nothing', (name) => {
    expect(domainMatch(name)).toBeNull();
  });
});

describe('the table of networks', () => {
  it('holds a network with class and country', () => {
    expect(knownNetwork(4134)).toEqual({
      isResearchNetwork: false,
      asn: 4134,
      class: 'isp',
      name: 'China Telecom ChinaNet backbone',
      country: 'CN',
    });
    expect(knownNetwork(64500)).toBeNull();
  });
});
