/** Words of operators: content delivery, hosting, mobile, fixed access. Brands mostly lack them: see the AS table. */
import type { KeywordRule } from './rule.ts';

export const NETWORK_WORDS: readonly KeywordRule[] = [
  {
    class: 'cdn',
    languages: 'en zh-pinyin',
    field: 'org',
    words:
      'cdn|content delivery|content distribution|cloudflare*|akamai*|fastly*|cdn77|edgio|edgecast|limelight networks|cdnetworks|imperva|incapsula|stackpath|netflix|wangsu|chinanetcenter|quantil|bunnyway|keycdn|cachefly|edge cache',
    unless: 'akamai connected cloud|linode',
    confidence: 0.6,
  },
  {
    class: 'hosting',
    languages: 'en de fr es pt ru zh-pinyin',
    field: 'org',
    words: `hosting*|hoster*|hosted|hostgator|hostinger|hostway|hostpro*|webhost*|web host*|data center|data centre|data centers|data centres|datacenter*|datacentre*|datacentr*|datacamp|colo|colocation|colo house|co location|cloud|clouds|cloudhost*|vps|vds|dedicated server*|dedicated|servers|server|serverhosting|serverius|servercentral|internet data|idc|rackspace|racks|bare metal|webspace
      |vultr|linode|digitalocean|digital ocean|hetzner|ovh*|contabo|leaseweb|netcup|ionos|scaleway|online s a s|upcloud|selectel|timeweb|beget|regru|reg ru|gandi|aruba s p a|infomaniak|hostpoint|equinix|digital realty|cyrusone|interxion|global switch|coresite|switch ltd|iron mountain data|amazon*|aws|azure|google|alibaba*|aliyun*|tencent*|huawei cloud*|ucloud|qingcloud|kingsoft cloud|oracle cloud|softlayer
      |rechenzentrum|domain*|domains|registrar|rent a server|gameserver*|game server*|virtual server*|virtual private|infrastructure as a service|iaas|hosteur*|hebergement|hospedagem|alojamiento|хостинг*|дата центр`,
    unless: `cloud 9|st cloud|saint cloud|cloud peak|experian colombia|hosting a conference|hosted solutions bank|cloud county|red cloud|university|musa colo|bbdo colo|google fiber|domaine|domaines|cloudy|domain of|domaine de|domain networks|domain industries|google fiber|domaine skiable|server technology`,
    confidence: 0.55,
  },
  {
    class: 'mobile',
    languages: 'en es it pt id ru',
    field: 'org',
    words: `cmnet|china mobile*|china tietong*|tietong|mobile|mobiles|cellular|cellco|gsm|lte|5g|umts|docomo|celular|moviles|movil|movel|mobil|mobility|mobilis|mobitel|mobifone|mobinil|mobily|t mobile|telenor mobil|vodacom|vodafone|orange mobile|claro movil|airtel*|jio|reliance jio|turkcell|kyivstar|megafon|mts pjsc|beeline|tele2|etisalat misr|zain|ooredoo|mtn|safaricom|celcom|digi telecommunications|maxis|u mobile|dtac|true move*|telkomsel|indosat|xl axiata|smartfren|globe telecom|smart communications|wind tre|iliad|cosmote|vip mobile|play p4|polkomtel|p4 sp|rakuten mobile|sk telecom|hutchison*|three ireland|three uk|h3g|boost mobile|us cellular|metropcs|iusacell|telcel|movistar|entel pcs|digicel|econet wireless|glo mobile|globacom|cell c|мегафон|мобильн*|сотов*`,
    unless: `mobile alabama|city of mobile|mobile county|automobile*|exxonmobil|exxon mobil|mobil oil|mobile games|mobile gaming|mobile app*|mobile solutions|mobile home*|mobile infirmary|mobile bank*|mobile satellite|mobile money|vodafone gmbh|vodafone*ziggo|vodafone espana|vodafone italia|vodafone kabel*|vodafone portugal|vodafone limited|vodafone new zealand|vodafone czech|vodafone romania|movistar fusion|mobile mini|ooredoo fiber|mobileye`,
    confidence: 0.5,
  },
  {
    class: 'isp',
    languages: 'en es pt fr it de nl sv da no fi pl tr ru id vi zh-pinyin',
    field: 'org',
    words: `telecom*|telekom*|telecommunic*|telecomunic*|telekomunik*|telephone*|telefon*|telefonica|telcom*|telco|telcos|teleco|telecel|teledata|telegraph|wireless|broadband|broad band|banda larga|internet service*|internet provider|internet access|internet exchange|internet|isp|isps|cable|cablevision*|cableco|catv|cabo|kabel*|kablo|fiber*|fibernet|fibre*|fibra|fibras|glasfaser*|breitband*|chinanet*|china telecom*|china unicom*|unicom|cnc group|china networks|chinatelecom*|china broadcasting|great wall broadband|drpeng|comcast*|charter communications|spectrum|cox communications|verizon*|centurylink|lumen|level 3|frontier|windstream|altice|optimum|telia*|telenor|telus|telstra|orange s a|orange espagne*|orange polska|orange belgium|orange romania|vodafone gmbh|vodafone*ziggo|vodafone espana|vodafone italia|vodafone kabel*|vodafone portugal|vodafone limited|vodafone new zealand|vodafone czech|vodafone romania|liberty global|virgin media|british telecommunications|bt group|sky uk|talktalk|plusnet|kpn|ziggo|proximus|belgacom|telenet|swisscom|sunrise|a1 telekom*|magenta|free sas|bouygues|sfr|numericable|fastweb|wind telecom*|tiscali|jazztel|euskaltel|nos comunicacoes|meo|altibox|elisa|dna oyj|rostelecom|er telecom|vimpelcom|transtelecom|ukrtelecom|kazakhtelecom|turk telekom*|superonline|turknet|kt corporation|korea telecom|lg dacom|lg uplus|powercomm|sk broadband|hinet|chunghwa|so net|biglobe|nifty|plala|ocn|kddi|softbank|jcom|j com|ntt|iijmio|internet initiative|pldt|telkom*|singtel|starhub|m1 net*|viettel|vnpt|fpt|bsnl|mtnl|hathway|act fibernet|excitel|tikona|ptcl|nayatel|btcl|dialog axiata|sri lanka telecom|etisalat|du telecom|stc|ooredoo|zain fiber|bezeq*|hot net|cellcom fixed|012 smile|telmex|uninet|megacable|totalplay|izzi|une epm|etb|entel|vtr|gtd|antel|claro|vivo|oi s a|gvt|algar|brisanet|desktop sigmanet|starlink|viasat|hughes*|eutelsat|satellite*|satelital|wisp|dsl|adsl|vdsl|ftth|gpon|pon net*|hotspot*|wifi|wi fi|wimax|lightpath|zayo|cogent*|gtt|arelion|hurricane electric|transit*|backbone*|carrier*|ip network*|net access|provedor*|provedora|provider*|conectividade|conexao|conexiones|conect*|comunicacoes|comunicaciones|comunicaciones|communications|communication|communicat*|telecomm|telenetwork*|teleservice*|networx|netzwerk*|netwerk*|bredband*|bredbandsbolaget|stadtnetz*|stadtwerke|citynet|citycom|cooperative telephone|rural telephone|rural electric|electric cooperative|electric coop*|public utility district|utilities board|triple play|triple t|telepuerto|teleport|voip|multimedia|onlinenet|interlink|interconnect*|netcologne|ewe tel|m net|wilhelm tel|телеком*|телесис*|связь*|связи|интернет*|сеть|сети|нет|кабель*|провайдер|ростелеком`,
    unless: `communications agency|marketing communications|communications workers|cable car|orange county|bank|university|universitat|ministry of communications|department of communications|electronic arts|public relations|internet archive|internet movie|internet brands|internet security|zoom video*|ring central|ringcentral|internet corporation for assigned*|internet systems consortium|spectrum health|spectrum brands|frontier airlines|frontier energy|optimum nutrition|transit authority|transit district|rapid transit|public transit|motion picture|multimedia games|carrier corporation|carrier global|pentaho`,
    confidence: 0.5,
  },
];
