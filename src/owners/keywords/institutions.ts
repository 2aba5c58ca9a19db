/**
 * Words of institutions in alphabetic scripts: healthcare, education, research, government, finance. The exceptions
 * are names that were seen to mislead (docs/owners.md section 6).
 */
import type { KeywordRule } from './rule.ts';

export const INSTITUTION_WORDS: readonly KeywordRule[] = [
  {
    class: 'healthcare',
    languages: 'en de fr es it pt nl sv da fi pl tr ro cs',
    field: 'org',
    words: `hospital|hospitals|hospitais|hospitales|clinic|clinics|clinica|clinique|cliniques|klinik*|klinieken|krankenhaus*
      |universitatsklinik*|universitaetsklinik*|uniklinik*|universitatsspital*|universitaetsspital*|kantonsspital*|hopital|hopitaux|hospices civils|chu de|chru|ospedal*|azienda sanitaria|azienda usl|ausl|policlinico
      |szpital*|healthcare|health care|health system|health systems|health service|health services|health authority
      |health network|health sciences center|health sciences centre|health partners|health trust|healthsystem|medical center|medical centers|medical centre|medical group
      |medical associates|medical school hospital|nhs|ziekenhuis*|umc|academisch medisch|sjukhus*|sygehus*|sairaala*|hastane*|saglik
      |spital*|spitalul|nemocnice|kassenarztlich*|kassenaerztlich*|cancer center|cancer centre|cancer institute|childrens hospital|children s hospital
      |ambulance|red cross|pharmacies|gesundheit*|sanitas|salud|saude|sante publique|sundhed*|helse*|kaiser foundation health`,
    unless: `pet clinic|pc clinic|computer clinic|clinic computer*|animal|veterinar*|health club|clinical research|clinical trial*|clinical software|clinical data|dell clinical|ministry of health|department of health
      |health insurance|spital street|ministerio de salud|ministerio da saude|secretaria*|health department|software`,
    confidence: 0.8,
  },
  {
    class: 'healthcare',
    languages: 'ru uk bg el',
    field: 'org',
    words: 'больниц*|поликлиник*|клиник*|госпитал*|лікарн*|болница|νοσοκομει*',
    confidence: 0.8,
  },
  {
    class: 'education',
    languages: 'en es pt fr it de nl sv no da pl cs sk hr hu fi tr ro lt lv et ca id',
    field: 'org',
    words: `universit*|universidad*|universidade*|universite*|universitaet*|universitat*|univ|uniwersytet*|univerzit*|universitas
      |universitet*|uniwersytecki*|egyetem*|yliopisto*|sveuciliste|sveucilista|ulikool*|universitatea|universitetas|universitate
      |fakult*|facultad|faculdade*`,
    unless: `red universitaria nacional|interuniversity|entertainment company university|university village|university bank|university inn|university credit union|university apartments
      |universal*|university federal|university press|university hospital*|university health*|university medical center`,
    confidence: 0.8,
  },
  {
    class: 'education',
    languages: 'en de fr es pt it nl pl tr id vi',
    field: 'org',
    words: `college|colleges|hochschule*|fachhochschule|ecole|ecoles|escuela|escola|escolas|scuola|schule|schulen|school district*|school board|school system
      |school division|public schools|schools|high school|school of|grammar school|unified school*|independent school*|isd|institute of technology|institute of science and technology|institut teknologi
      |instituto tecnol*|instituto politecnico|instituto federal de educacao|polytech*|politecnic*|politechnika|politeknik|lycee|academie de|education service center
      |educational service*|education service*|intermediate unit|board of education|sekolah|institut national polytechnique|military academy|naval academy|air force academy
      |military institute|military college|naval postgraduate|hogeschool*|hogskola*|hoyskole*|hojskole*|ammattikorkeakoulu|oppilaitos
      |technion|tecnologico de monterrey|student*|studentenwerk*|studierendenwerk*|studentski|campus|akademia|vysoka skola|vysoke uceni|ceske vysoke|k12|k 12|boces
      |idc herzliya|institute of management|business school|law school|rectorat|colegio|kolleg|truong|dai hoc|kollege|eton|seminary|rensselaer|caltech`,
    unless: `college of cardiology|college of physicians|college of surgeons|college of radiology|college of obstetric*|college of emergency|college of pathologists
      |royal college of|college savings|college broadband|college board|old school|gymnasium*|driving school|savings plan|student loan*|education first|hosting|campus crusade|school specialty
      |schoolhouse|college station|college park|student aid|studentenwerk immobilien`,
    confidence: 0.8,
  },
  {
    class: 'education',
    languages: 'en es',
    field: 'org',
    words: `education network|education computer network|cernet|school net|schoolnet|campus network|higher education
      |education trust|educational network|learning network|china education`,
    unless: 'education first|research and education',
    confidence: 0.8,
  },
  {
    class: 'education',
    languages: 'ru uk bg el',
    field: 'org',
    words: 'университет*|университетъ|університет*|институт|академия|школа|гимназия|лицей|училищ*|πανεπιστ*',
    unless: 'институт рынка|проектный институт|академия наук|научно исследовательск*|фитнес*',
    confidence: 0.7,
  },
  {
    class: 'education',
    languages: 'en es',
    field: 'org',
    words: `research network|research and education|education and research net*|education research network
      |academic and research net*|academic research network|academic network|academic computer network|red academica
      |red universitaria nacional|interuniversity|inter university|nren|advanced network for research`,
    unless: 'market research|opinion research|research ltd',
    confidence: 0.65,
  },
  {
    class: 'research',
    languages: 'en de fr it es pt pl tr cs',
    field: 'org',
    words: `research institute*|research council|research centre|research center|research organization|research organisation|research foundation
      |national laborator*|national lab|accelerator laborator*|forschung*|ricerca|ricerche|investigacion*|pesquisa*|recherche scientifique
      |nauk|naukow*|akademi der|academy of science*|academy of sciences|academia sinica|akademie ved|institute for advanced study
      |institute of physics|institute of high energy|institute for high energy|max planck*|fraunhofer*|helmholtz*|leibniz*|cnrs|csiro|supercomput*|high performance computing
      |space agency|space research|observator*|nuclear research|synchrotron|desy|inria|cern|kek|riken|jaxa|academic supercomput*|polska akademia nauk|tubitak|enea|cea
      |meteorological institute|oceanograph*|institute of technology research|genome|molecular biology|hochleistungsrechen*|rechenzentrum garching`,
    unless: `china education|market research|research in motion|national laboratory sales|jewish medical|gartner*|opinion research|forrester|equity research|nauka svyaz|research ltd|hospital
      |clinical research|investigaciones de mercado|investigacion de mercado*|research group llc|bank`,
    confidence: 0.7,
  },
  {
    class: 'research',
    languages: 'ru uk bg',
    field: 'org',
    words: 'академия наук|научно исследовательск*|научный центр|науки|наук',
    confidence: 0.6,
  },
  {
    class: 'government',
    languages: 'en fr es pt it de nl pl sv da no tr id cs',
    field: 'org',
    words: `government|govt|governmental|ministry|ministere|ministerio|ministeri|ministero|ministerium|ministerstwo|ministerstvo|ministerie|ministarstvo|ministerul|ministrstvo
      |bundesministerium*|bundesamt*|bundesanstalt|bundeskanzleramt*|bundesrechenzentrum|bundestag|bundeswehr*|bundespolizei|bundesverwaltung|landesamt|landesbetrieb|landesverwaltung|landkreis|landratsamt|innenministerium|finanzministerium|stadtverwaltung|landeshauptstadt|magistrat*|bezirksamt*|kommunale datenverarbeitung*|kommunales rechenzentrum*
      |parliament|parlament|parlement|parlamento|assemblee nationale|house of representatives|senate of|us senate|u s senate|the senate|congreso|riksdag*|folketing*|sejm|kancelaria|urzad|urzad miasta
      |municipality|municipal government|municipalidad|municipio|municipality of|comune di|citta di|provincia di|provincia de|regione|gemeinde|gemeente|ayuntamiento|ajuntament|diputacion|prefeitura|prefectura|prefecture|prefectural|kommune|kommun|kommuner|mairie*|conseil departemental|conseil regional|ville de|metropole de
      |county of|county council|county government|county board|city council|borough council|district council|council of|city of|state of|town of|village of|borough of|commonwealth of|province of|department of|dept of|office of the|federal agency|federal bureau|federal office|federal communications commission|federal aviation|federal trade commission
      |police|polizei*|politie|policia|politia|court of|courts of|courts|supreme court|judicia*|judicial branch|tribunal|gobierno|governo|gouvernement|governor*|generalitat|xunta de|junta de andalucia|junta de castilla*|gobierno de canarias|eusko jaurlaritza|secretaria|procuraduria|fiscalia|contraloria|camara dos deputados|senado
      |kementerian|pemerintah|dinas|badan|dewan|presidencia|presidency|prime minister|cabinet office|treasury|internal revenue|customs|immigration|revenue service|tax administration|tax authority|tax office|social security|census bureau|geological survey|weather service|patent office|patent and trademark|postal service|postal inspection
      |home office|crown prosecution|public safety|homeland security|national security|state department|us department|u s department|chancellery|chancellerie|embassy|election|electoral commission|statistics office|statistik austria|statistisches bundesamt|european commission|european parliament|european union|council of europe|united nations|world health organization|nato|eurocontrol|interpol|europol
      |government data center|informatics centre|informatics center|e government|egovernment|egov|national informatics|public administration|amministrazione|administracion publica|agence nationale de l|agenzia delle entrate|agencia tributaria|hacienda|skatteverket|forsakringskassan|trafikverket|vegvesen|rijkswaterstaat|rijksoverheid|belastingdienst|departement|federale overheidsdienst|service public federal|political party
      |goverment|sdis|legislative|legislature|county|parish government|prison*|correctional|sheriff*|public works|state highway|state library|devlet|mudurlugu|baskanligi|bakanligi|belediye*|vlada|urad|statni|poder judicial|defensoria`,
    unless: `government employees|geico|credit union|state of mind|department of data|old navy|salvation army|navisite|egov solutions|government solutions|government systems|government services
      |county broadband|county telephone|county communications|county cable|county wireless|county internet|county fiber|county bank*|county electric*|orange county choppers|county online|county net*|county tel*|bank|bancorp|hotel*|police credit
      |election systems|telecommunications|telephone|cooperative|coop|co op|city of hope|tennis courts|customs broker*|custom*er|broadband|council of better|insurance|office of the chief|office of the chancellor|treasury wine|mod io|mission critical
      |government relations|llc|gmbh|web services|court of arbitration for sport|united nations federal credit|government technology services|county road|badan usaha|telekom*|elektrik`,
    confidence: 0.8,
  },
  {
    class: 'government',
    languages: 'en',
    field: 'org',
    words: `department of defense|department of defence|dod network*|dod|ministry of defence|ministry of defense|air force|army|navy|naval|military|armed forces|marine corps|coast guard|defense information*|defence force*|defense agency|defense logistics
      |defence science|headquarters usaisc|usaisc|747cs|afconc*|special operations command|national guard|joint staff|us courts|usdoi|usda|navy network information center`,
    unless: `salvation army|old navy|military institute|military college|army air force exchange|army and air force exchange|military academy|naval academy|war college|military bank|navy federal|mission critical|army credit|navy army|army navy|naval postgraduate|air force academy`,
    confidence: 0.8,
  },
  {
    class: 'government',
    languages: 'ru uk bg kk el',
    field: 'org',
    words: `правительств*|министерств*|администрац*|мвд|департамент*|управление внутренних дел|федеральная служба|федеральное казначейство|казначейств*|пенсионный фонд|міністерств*|державн*|мэрия|дума|верховная рада|прокуратур*|таможн*|υπουργει*|δημος`,
    confidence: 0.8,
  },
  {
    class: 'finance',
    languages: 'en fr es it pt de nl sv da no fi pl cs tr ru id',
    field: 'org',
    words: `bank|banks|banking|banque|banca|banco|bancos|bancorp|bankasi|banka|bankas|banki|bankers|bancolombia|bancshares|sparkasse*|volksbank*|raiffeisen*|landesbank*|bundesbank|commerzbank|caixa|cassa|credit union|credit agricole|credit suisse|credit mutuel
      |federal credit|insurance|insurances|assurance|assurances|assicura*|versicherung*|seguros|aseguradora|forsakring*|securities|brokerage|stock exchange|bourse|borse|boerse|bolsa de|asset management|pension|pensions|savings|kreditn*
      |mutual life|life insurance|financial|financial services|financial group|finance|capital markets|capital management|investment management|investments|hedge fund|clearing|depository trust|mastercard|visa inc|american express|paypal|credit bureau|equifax|experian|payment*|payments|securities trading|exchange group|reinsurance|re insurance|wealth management|mortgage|monetary authority|reserve bank|central bank|nationale bank|narodna banka|narodowy bank|swift scrl
      |банк*|страхов*|страховая|биржа`,
    unless: `blood bank|food bank|foodbank|west bank|riverbank|river bank|power bank|bank street|insurance auto|health insurance service|data bank|databank|sperm bank|gene bank|banknote*|bankside|piggy bank|left bank|trading post|burbank|data exchange|general trading|finance department|ministry of finance
      |internet exchange|savings bonds|development|world trade|fisher*|internet payment*|foodtrading|import*|export*|trading co|trading llc|trading company|hosting|datacenter|telecom*|clearing house for`,
    confidence: 0.75,
  },
];
