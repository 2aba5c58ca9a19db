/**
 * Networks that institutions and companies announce themselves, by class: AS number, country of the holder, a short
 * name. Facts of docs/owners.md section 8: holders compared with the address data of June 2026 (RouteViews and
 * DB-IP, CC BY 4.0), class and country by judgement. National research networks are a block of their own: most of
 * their users are universities, which show by domain or inventory.
 */
export const INSTITUTION_NETWORKS = {
  government: `
    7 GB UK Defence Science and Technology Laboratory
    270 US NASA
    409 US US Air Force systems networking
    721 US US DoD NIC
    749 US US DoD
    1999 US US House of Representatives
    2532 US Library of Congress
    3495 US US Senate
    4758 IN NIC India
    5972 US US DoD NIC
    8692 AT Austrian federal computing centre (BRZ)
    14072 US Government of the District of Columbia
    31065 EG Egyptian Ministry of Communications and IT
    33594 CA Government of the Northwest Territories
    42685 AT Austrian Federal Chancellery
    43375 LU European Parliament
    45442 AU Australian Parliament (DPS)
    49234 DE German federal (BMI / Bundestag ranges)
    63385 CA Government of Quebec
    203665 GB UK Ministry of Defence
    211077 GB UK Home Office`,
  education: `
    3 US MIT
    8 US Rice University
    9 US Carnegie Mellon University
    25 US UC Berkeley
    29 US Yale University
    32 US Stanford University
    59 US University of Wisconsin-Madison
    73 US University of Washington
    87 US Indiana University
    88 US Princeton University
    231 US Michigan State University
    239 CA University of Toronto
    611 CA NB-PEI Educational Computer Network
    1742 US Harvard University
    1797 UY RAU Universidad de la Republica
    1968 US UMASSNET
    2698 US Iowa State University
    3479 US University System of Georgia
    3999 US Pennsylvania State University
    4538 CN CERNET (China Education and Research Network)
    7377 US UC San Diego
    17713 TW Taiwan Ministry of Education Computer Center
    19737 CA Royal Military College of Canada
    23974 TH Thai Ministry of Education EMISC
    24348 CN CERNET2 Tsinghua IPv6
    24350 CN CERNET2 at BUPT
    24355 CN CERNET2 at UESTC
    24361 CN CERNET2 Nanjing regional
    24364 CN CERNET2 at Shanghai Jiao Tong University
    36375 US University of Michigan
    36704 US Colorado School of Mines
    133111 CN CERNET New Technology
    138378 CN CERNET`,
  research: `
    226 US ISI / Los Nettos
    293 US ESnet
    513 CH CERN
    1237 KR KISTI / KREONET
    2500 JP WIDE Project
    7497 CN CSTNET (Chinese Academy of Sciences network)
    7660 JP APAN
    8745 BG Bulgarian Academy of Sciences
    9264 TW Academia Sinica ASNet
    9270 KR Asia Pacific Advanced Network Korea
    55824 IN NKN (National Knowledge Network)`,
  /** National and regional research and education networks: what is behind them is mostly a university. */
  researchNetwork: `
    137 IT GARR
    224 NO Sikt / Uninett
    378 IL IUCC / ILAN
    559 CH SWITCH
    680 DE DFN
    766 ES RedIRIS
    786 GB Jisc / Janet
    1103 NL SURF
    1213 IE HEAnet
    1653 SE SUNET
    1659 TW TANet (Taiwan Academic Network)
    1741 FI FUNET / CSC
    1853 AT ACOnet
    1916 BR RNP
    1930 PT FCCN / RCTS
    1955 HU KIFU / HBONE
    2018 ZA TENET
    2107 SI ARNES
    2108 HR CARNET
    2152 US CENIC CSU/CalREN
    2200 FR RENATER
    2603 SE NORDUnet
    2611 BE Belnet
    2852 CZ CESNET
    2907 JP SINET
    3662 HK HARNET
    5408 GR GRNET
    6509 CA CANARIE
    7575 AU AARNet
    8501 PL PIONIER
    8517 TR ULAKBIM
    11340 CL REUNA
    11537 US Internet2
    20965 EU GEANT
    38022 NZ REANNZ`,
  healthcare: `
    122 US UPMC
    7973 US Mayo Clinic
    11687 US City of Hope
    15307 US Seattle Children's
    22093 US Cleveland Clinic
    42952 GB NHS England
    46626 CA Hospital for Sick Children (Toronto)
    49366 DE Kassenaerztliche Bundesvereinigung
    199501 GB Royal Free Hospital
    395139 US NewYork-Presbyterian Hospital`,
  finance: `
    3738 US State Street
    4243 US Wells Fargo
    7743 US JPMorgan Chase
    8373 DE Deutsche Bank
    10235 AU National Australia Bank
    10794 US Bank of America
    10798 ZA Standard Bank of South Africa
    10995 US PNC Bank
    15625 NL ING
    15916 NL ABN AMRO
    20705 GB HSBC
    22260 US Bank of New York Mellon
    35677 DE Deutsche Bundesbank
    40288 US Congressional Federal Credit Union`,
  enterprise: `
    71 US Hewlett Packard
    80 US General Electric
    714 US Apple
    1906 US Northrop Grumman
    4249 US Eli Lilly
    5647 US Eastman Kodak
    8569 DE METRO Digital
    9374 JP EDION
    12511 CH Swiss Post
    13238 RU Yandex
    13414 US Twitter / X
    19428 US Phillips 66
    24429 CN Taobao (Alibaba own)
    36647 US Yahoo
    36692 US Cisco OpenDNS
    47541 RU VK
    49362 DK DSV
    62041 GB Telegram
    131932 JP JR East Information Systems
    139099 CN Geely group`,
} as const;
