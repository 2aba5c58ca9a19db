/**
 * Networks of operators, by class: AS number, country of the holder, a short name (docs/owners.md section 8, as
 * in the file on institutions). The class says what the operator sells; the customer behind an address stays unknown. China
 * Mobile also sells fixed lines; China Telecom and Unicom also lines to offices.
 */
export const OPERATOR_NETWORKS = {
  isp: `
    174 US Cogent transit
    209 US Lumen / CenturyLink
    577 CA Bell Canada
    701 US Verizon Business
    812 CA Rogers
    852 CA TELUS
    1136 NL KPN
    1221 AU Telstra
    1299 SE Arelion transit
    2516 JP KDDI
    2856 GB BT
    3209 DE Vodafone Germany
    3215 FR Orange
    3216 RU VimpelCom Beeline
    3269 IT TIM
    3301 SE Telia Sweden
    3320 DE Deutsche Telekom
    3352 ES Telefonica Spain
    3356 US Lumen (Level 3) transit
    3462 TW Chunghwa HiNet
    3561 US CenturyLink (Savvis)
    3786 KR LG Dacom / LG U+
    4134 CN China Telecom ChinaNet backbone
    4713 JP NTT OCN
    4760 HK HKT / PCCW
    4766 KR Korea Telecom
    4787 ID CBN (Cyberindo)
    4788 MY Telekom Malaysia
    4804 AU Optus
    4808 CN China Unicom Beijing
    4809 CN China Telecom CN2
    4812 CN China Telecom Shanghai
    4837 CN China Unicom backbone (169)
    5006 US Inteliquent
    5089 GB Virgin Media
    5384 AE Etisalat
    5410 FR Bouygues Telecom
    5607 GB Sky UK
    5650 US Frontier
    6128 US Cablevision / Optimum
    6327 CA Shaw
    6805 DE Telefonica Germany
    6830 NL Liberty Global
    6939 US Hurricane Electric
    7018 US AT&T
    7303 AR Telecom Argentina
    7473 SG Singtel
    7552 VN Viettel
    7713 ID Telkom Indonesia
    7922 US Comcast
    8151 MX Telmex / Uninet
    8359 RU MTS
    8452 EG TE Data
    8881 DE 1&1 Versatel
    9121 TR Turk Telekom
    9198 KZ Kazakhtelecom
    9299 PH PLDT
    9316 KR DACOM Pubnet Plus
    9318 KR SK Broadband
    9506 SG Singtel Fibre
    9829 IN BSNL
    9929 CN China Unicom industrial Internet (CUII)
    11427 US Charter (Texas)
    12322 FR Free
    12389 RU Rostelecom
    12880 IR Information Technology Company Iran
    14593 US SpaceX Starlink
    15557 FR SFR
    17621 CN China Unicom Shanghai
    17676 JP SoftBank
    17816 CN China Unicom Guangdong
    17969 CN Chongqing cable television
    18106 SG ViewQwest
    20115 US Charter
    20804 PL Exatel
    22773 US Cox
    23520 US Columbus Networks
    23969 TH TOT
    24560 IN Bharti Airtel
    24955 RU Ufanet
    25019 SA STC
    27699 BR Telefonica Brasil
    28573 BR Claro Brasil
    29256 SY Syrian Telecom
    33915 NL VodafoneZiggo
    36903 MA Maroc Telecom
    36947 DZ Algerie Telecom
    37457 ZA Telkom SA
    45106 CN Jiangsu Broadcasting (cable)
    45361 KR Ulsan Jung-Ang cable
    45758 TH Triple T
    45899 VN VNPT
    58224 IR TCI Iran
    131325 CN China Telecom Jiangsu Nantong metro
    133774 CN China Telecom Fuzhou
    137702 CN China Telecom Nanjing
    140292 CN China Telecom Jiangsu (5G/metro)`,
  mobile: `
    9605 JP NTT DOCOMO
    9808 CN China Mobile backbone
    20057 US AT&T Mobility
    21928 US T-Mobile USA
    22394 US Verizon Wireless
    24400 CN China Mobile Shanghai
    24444 CN China Mobile
    24445 CN China Mobile
    25135 GB Vodafone UK mobile
    31133 RU MegaFon
    34058 UA lifecell
    38019 CN China Mobile
    44244 IR Irancell
    45609 IN Bharti Airtel mobile
    55836 IN Reliance Jio
    56040 CN China Mobile Guangdong
    56041 CN China Mobile Zhejiang
    56046 CN China Mobile Jiangsu
    58453 HK China Mobile International
    137689 CN China Telecom Jiangsu IoT
    197207 IR MCI Iran`,
  hosting: `
    4816 CN China Telecom Guangdong IDC
    4847 CN China Networks Inter-Exchange (IDC)
    6878 DE T-Systems
    8075 US Microsoft / Azure
    8560 DE IONOS
    9009 GB M247
    9123 RU Timeweb
    9370 JP SAKURA Internet
    12876 FR Scaleway / Online SAS
    13767 US DataBank
    14061 US DigitalOcean
    14618 US Amazon AWS
    15169 US Google
    16276 FR OVH
    16509 US Amazon AWS
    18978 US Enzu
    19318 US Interserver
    20473 US Vultr (Choopa / Constant)
    23470 US ReliableSite
    23650 CN China Telecom Jiangsu IDC
    24940 DE Hetzner
    26496 US GoDaddy
    29066 DE velia.net
    30633 US LeaseWeb USA
    31898 US Oracle Cloud
    32244 US Liquid Web
    36351 US IBM Cloud / SoftLayer
    36352 US ColoCrossing / HostPapa
    37963 CN Alibaba Cloud (CN)
    38365 CN Baidu
    38719 AU Dreamscape
    40676 US Psychz Networks
    44066 DE firstcolo
    44901 BG Belcloud
    45090 CN Tencent Cloud (CN)
    45102 CN Alibaba Cloud (intl)
    46606 US Unified Layer (Bluehost)
    47583 LT Hostinger
    49505 RU Selectel
    49981 NL WorldStream
    51167 DE Contabo
    53667 US FranTech / BuyVM
    54290 US Hostwinds
    55286 CA B2 Net Solutions / ServerMania
    55990 CN Huawei Cloud (CN)
    58461 CN China Telecom Hangzhou IDC
    59019 CN Kingsoft Cloud
    60781 NL LeaseWeb NL
    62904 US Eonix
    63949 US Akamai Connected Cloud / Linode
    131486 CN JD Cloud
    132203 CN Tencent Cloud (intl)
    134756 CN ChinaNet Nanjing IDC
    134769 CN ChinaNet Jiangsu Changzhou IDC
    134770 CN ChinaNet Jiangsu Suzhou Taihu IDC
    135377 HK UCloud
    136907 HK Huawei Cloud (intl)
    137697 CN China Telecom Jiangsu Yangzhou IDC
    137699 CN China Telecom Jiangsu Suqian IDC
    197540 DE netcup
    197695 RU REG.RU
    200350 RU Yandex Cloud
    202425 NL IP Volume
    213230 DE Hetzner Cloud
    396982 US Google Cloud customers
    398101 US GoDaddy`,
  cdn: `
    2906 US Netflix
    13335 US Cloudflare
    15133 US Edgecast / Edgio
    16625 US Akamai
    19551 US Imperva Incapsula
    20940 NL Akamai
    22822 US Edgio / Limelight
    32934 US Meta
    36408 US CDNetworks
    54113 US Fastly
    60068 GB CDN77 / DataCamp
    199524 LU G-Core Labs
    200325 SE Bunny CDN`,
} as const;
