/**
 * Words of companies: what they make or trade, and the legal form, which nearly every operator has as well and which
 * is therefore no more than a hint.
 */
import type { KeywordRule } from './rule.ts';

export const COMPANY_WORDS: readonly KeywordRule[] = [
  {
    class: 'enterprise',
    languages: 'en de fr es it pt sv',
    field: 'org',
    words: `motor|motors|automotive|automobile*|volkswagen|airlines|airline|airways|aviation|aerospace|aircraft|airport*|railway*|railroad|rail|shipping|logistics|freight|maritime|port of|pharma*|biotech*|biosciences|laborator*|chemical*|chemie|petroleum|petrochemical*|oil|gas|energy|energie*|energia|electric|electric power|power company|power corporation|power and light|power grid|water|mining|minerals|metals|steel|aluminum|cement|paper|semiconductor*|microelectronic*|electronics|instruments|devices|foods|food|beverage*|brewery|breweries|brewing|dairy|farms|tobacco|retail|stores|store|supermarket*|grocery|apparel|fashion|footwear|cosmetics|jewelry|furniture|home depot|hotel|hotels|resort*|casino*|gaming|games|entertainment|studios|pictures|film*|broadcasting|television|televisa|radio|newspaper*|news|publishing|publisher*|press|times|media group|software|systemhaus|consulting|consultancy|consultants|engineering|manufacturing|industries|industrial|industrie*|construction|realty|real estate|properties|law firm|attorneys|accounting|advertising|marketing|robotics|textile*|tire|tires|rubber|glass|packaging|steel works|boeing|lockheed|raytheon|siemens|bosch|bayer|basf|daimler|bmw|toyota|honda|nissan|hitachi|toshiba|panasonic|sony|samsung|lg electronics|hyundai|kia|nestle|unilever|procter|pepsico|coca cola|walmart|target corporation|costco|ikea|exxon*|chevron|shell|bp p l c|totalenergies|intel|ibm|apple|dell|lenovo|cisco systems|micron|qualcomm|nvidia|sap se|adobe|salesforce*|vmware|servicenow|accenture|deloitte|kpmg|pricewaterhouse*|ernst young|infosys|wipro|tata consultancy*|capgemini`,
    unless: `electric cooperative|electric membership|rural electric|water authority|water district|power district|communications|telecom*|telephone*|telephone company|internet*|gas station hosting|oil city|cable*|broadband|network*|bank*|insurance|credit union|hosting|data center*|datacenter*|cloud|university|college|holding limited telecom|ministry|department|city of|municipal*|works net`,
    confidence: 0.5,
  },
  {
    class: 'enterprise',
    languages: 'all',
    field: 'org',
    words: `holding|holdings|inc|llc|l l c|ltd|limited|gmbh|mbh|ag|kg|kgaa|sas|s a s|sarl|srl|s r l|spa|s p a|sa|s a|se|bv|b v|nv|n v|oy|oyj|ab|a s|as|aps|asa|plc|pty|pte|co|corp|corporation|incorporated|company|sdn bhd|bhd|kk|k k|z o o|zoo|sp z|ooo|oao|zao|pjsc|ojsc|jsc|cjsc|llp|ltda|s a de c v|eireli|me|tbk|pt|pvt|private limited|doo|d o o|sro|s r o|kft|zrt|nyrt|ead|eood|ood|ae|anonim sirketi|a s|ооо|оао|зао|пао|ао|тов`,
    confidence: 0.3,
  },
];
