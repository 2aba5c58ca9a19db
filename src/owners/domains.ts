/**
 * Names of hosts to classes by their suffix (docs/owners.md section 6). A suffix that a registry gives only to
 * one kind of holder says who runs the host; words in an operator's reverse names say no more than what kind of line it is.
 */
import type { OwnerClass } from './answer.ts';

interface DomainMatch {
  readonly class: OwnerClass;
  /** The suffix or word that matched. */
  readonly word: string;
  /** True if the suffix belongs to an institution; false for a word about the line or the machine. */
  readonly isHolder: boolean;
}

/** Labels at the end of a name; XX stands for any country code. */
const SUFFIXES: readonly (readonly [OwnerClass, string])[] = [
  [
    'government',
    `gov mil gov.XX mil.XX gob.XX gub.uy gouv.XX gouv.fr go.jp lg.jp go.kr go.th go.id go.ke go.tz go.cr go.ug gc.ca
    govt.nz gv.at admin.ch bund.de europa.eu police.uk mod.uk parliament.uk overheid.nl rijksoverheid.nl politie.nl
    regeringen.se riksdagen.se government.ru kremlin.ru gov.scot gov.wales nato.int un.org bundestag.de bayern.de
    hamburg.de berlin.de nrw.de sachsen.de hessen.de senato.it camera.it gencat.cat madrid.es police.XX
    gov.ie jus.br leg.br mp.br`,
  ],
  [
    'education',
    `edu edu.XX ac.uk ac.jp ac.kr ac.th ac.nz ac.za ac.il ac.at ac.in ac.ir ac.id ac.ke ac.ug ac.tz ac.be ac.cr ac.ma
    ac.rs ac.zm ac.bd ac.lk ac.ae ac.cy ac.mw ac.pg ac.fj ac.zw sch.uk sch.id sch.ae sch.sa sch.ng sch.my ed.jp es.kr ms.kr hs.kr
    ed.cr k12.tr vic.edu.au lausd.net ethz.ch epfl.ch unibas.ch unibe.ch uzh.ch unige.ch tum.de lmu.de kit.edu rwth-aachen.de
    fu-berlin.de hu-berlin.de uva.nl vu.nl tudelft.nl tue.nl utwente.nl uu.nl leidenuniv.nl rug.nl ru.nl wur.nl eur.nl
    kuleuven.be ugent.be ulb.be vub.be uclouvain.be kth.se uu.se lu.se su.se chalmers.se gu.se liu.se umu.se ntnu.no uio.no
    uib.no uit.no ku.dk dtu.dk au.dk sdu.dk aau.dk helsinki.fi aalto.fi tuni.fi oulu.fi utu.fi hi.is polimi.it polito.it
    unibo.it unipd.it uniroma1.it unimi.it unina.it unito.it unipi.it upm.es ucm.es uam.es ub.edu upc.edu uab.cat upv.es us.es
    ugr.es uc3m.es ulisboa.pt up.pt uc.pt sorbonne-universite.fr polytechnique.fr ens.fr psl.eu cuni.cz cvut.cz muni.cz vutbr.cz
    uw.edu.pl elte.hu bme.hu msu.ru spbu.ru mipt.ru itmo.ru hse.ru utoronto.ca ubc.ca mcgill.ca ualberta.ca uwaterloo.ca
    umontreal.ca ucalgary.ca sfu.ca yorku.ca queensu.ca uottawa.ca usp.br unicamp.br ufrj.br ufmg.br unam.mx uchile.cl uba.ar`,
  ],
  [
    'research',
    `ac.cn cas.cn cstnet.cn re.kr riken.go.jp jaxa.jp cern.ch psi.ch desy.de mpg.de fraunhofer.de helmholtz.de fz-juelich.de
    dlr.de gsi.de inria.fr cnrs.fr cea.fr onera.fr infn.it cnr.it enea.it csic.es ciemat.es tno.nl vtt.fi csiro.au kek.jp
    esa.int ecmwf.int embl.de embl.org eso.org ornl.gov lanl.gov llnl.gov lbl.gov anl.gov bnl.gov fnal.gov pnnl.gov sandia.gov res.in`,
  ],
  [
    'healthcare',
    'nhs.uk nhs.scot hospital med.br aphp.fr charite.de ukaachen.de usz.ch insel.ch hug.ch mayo.edu ha.org.hk',
  ],
  ['finance', 'bank bank.in insurance'],
];

const UNIVERSITY_LABEL =
  /^(?:uni|tu|fh|hs|th|ph|htw|haw)-[a-z0-9-]+\.(?:de|at)$|^univ-[a-z0-9-]+\.fr$|^k12\.[a-z]{2}\.us$|^u-[a-z0-9-]+\.fr$/;

/** Words in the labels of a reverse name, and machines of known hosts. The class of the line, not of the holder. */
const LINES: readonly (readonly [OwnerClass, RegExp])[] = [
  [
    'hosting',
    /(?:^ec2-|\.amazonaws\.com$|googleusercontent\.com$|\.cloudapp\.|your-server\.de$|vultrusercontent\.com$|contaboserver\.net$|linodeusercontent\.com$|ovh\.(?:net|ca)$|kimsufi\.com$|\.clients\.your-server\.de$|(?:^|[.-])(?:vps|vds|cloud|dedi|server|colo)\d*[.-]|\.hosting\.|\.aliyun|\.tencent-cloud\.)/,
  ],
  ['mobile', /(?:^|[.-])(?:mobile|lte|gprs|umts|3g|4g|5g|wap|apn|m2m|cgnat|mobil|cell)(?:[.-]|\d|$)/],
  [
    'isp',
    /(?:^|[.-])(?:dyn|dynamic|dhcp|dip|pool|ppp|pppoe|adsl|dsl|xdsl|vdsl|ftth|fttx|fttb|gpon|cable|cust|customer|broadband|res|residential|home|dial|hsd|catv|pools|dynamicip|ip-pool)(?:[.-]|\d|$)/,
  ],
];

const BY_SUFFIX = new Map(
  SUFFIXES.flatMap(([owner, list]) => list.split(/\s+/).map((suffix) => [suffix, owner] as const)),
);

/** What a host name says; null if it says nothing. */
export function domainMatch(name: string): DomainMatch | null {
  const host = name.toLowerCase().replace(/\.$/, '');
  if (host.length > 253 || !/^[a-z0-9._-]+$/.test(host)) return null;
  const labels = host.split('.');
  // The longest suffix first: ornl.gov is research before .gov is government.
  for (let count = Math.min(4, labels.length); count >= 1; count--) {
    const tail = labels.slice(-count);
    const suffix = tail.join('.');
    const country =
      count >= 2 && /^[a-z]{2}$/.test(tail[count - 1]) ? [...tail.slice(0, -1), 'XX'].join('.') : '';
    const owner = BY_SUFFIX.get(suffix) ?? BY_SUFFIX.get(country);
    if (owner !== undefined) return { class: owner, word: suffix, isHolder: true };
    if (UNIVERSITY_LABEL.test(suffix)) return { class: 'education', word: suffix, isHolder: true };
  }
  for (const [owner, pattern] of LINES) {
    const match = pattern.exec(host);
    if (match !== null) return { class: owner, word: match[0].replace(/^[.-]|[.-]$/g, ''), isHolder: false };
  }
  return null;
}
