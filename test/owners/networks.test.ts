/**
 * The class of well-known networks, as their holders would give it, by AS number and registered name. Research and education
 * networks carry universities above all; a body that does research itself is research.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseWords } from '../../src/address.ts';
import { openOwnerBook } from '../../src/owners/book.ts';
import { MmdbWriter } from '../../src/owners/mmdb-writer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

const NETWORKS: readonly (readonly [asn: number, name: string, owner: string])[] = [
  [786, 'Jisc Services Limited', 'education'],
  [559, 'SWITCH', 'education'],
  [1103, 'SURF B.V.', 'education'],
  [680, 'Verein zur Foerderung eines Deutschen Forschungsnetzes e.V.', 'education and research'],
  [2200, 'Renater', 'education'],
  [1659, 'Taiwan Academic Network (TANet) Information Center', 'education'],
  [17716, 'National Taiwan University', 'education'],
  [766, 'Entidad Publica Empresarial Red.es', 'education'],
  [7575, 'Australian Academic and Research Network (AARNet)', 'education'],
  [11537, 'Internet2', 'education'],
  [137, 'Consortium GARR', 'education'],
  [20965, 'GEANT Vereniging', 'education'],
  [6509, 'CANARIE Inc.', 'education'],
  [
    2907,
    'Research Organization of Information and Systems, National Institute of Informatics',
    'education and research',
  ],
  [2603, 'NORDUnet', 'education'],
  [224, 'SIKT', 'education'],
  [1653, 'SUNET', 'education'],
  [1741, 'CSC - Tieteen tietotekniikan keskus Oy', 'education'],
  [2611, 'BELNET', 'education'],
  [1213, 'HEAnet', 'education'],
  [1853, 'ACOnet', 'education'],
  [2852, 'CESNET z.s.p.o.', 'education'],
  [8501, 'PIONIER', 'education'],
  [5408, 'National Infrastructures for Research and Technology S.A.', 'education'],
  [1930, 'Fundacao para a Ciencia e a Tecnologia, I.P.', 'education'],
  [2018, 'Tertiary Education and Research Network of South Africa', 'education'],
  [1916, 'Rede Nacional de Ensino e Pesquisa', 'education and research'],
  [2152, 'California State University, Office of the Chancellor', 'education'],
  [3662, 'The Chinese University of Hong Kong', 'education'],
  [38022, 'Research and Education Advanced Network New Zealand', 'education'],
  [4538, 'China Education and Research Network Center', 'education'],
  [3, 'Massachusetts Institute of Technology', 'education'],
  [32, 'Stanford University', 'education'],
  [2381, 'WiscNet', 'education'],
  [3582, 'University of Oregon', 'education'],
  [7497, 'Computer Network Information Center, Chinese Academy of Sciences', 'research'],
  [293, 'ESnet', 'research'],
  [513, 'CERN - European Organization for Nuclear Research', 'research'],
  [1237, 'Korea Institute of Science and Technology Information', 'research and education'],
  [2500, 'WIDE Project', 'research'],
  [9264, 'Academia Sinica Network', 'research'],
  [43, 'Brookhaven National Laboratory', 'research'],
  [50, 'Oak Ridge National Laboratory', 'research'],
  [68, 'Los Alamos National Laboratory', 'research'],
  [3152, 'Fermi National Accelerator Laboratory (Fermilab)', 'research'],
  [3671, 'SLAC National Accelerator Laboratory', 'research'],
  [270, 'National Aeronautics and Space Administration', 'government and research'],
  [721, 'DoD Network Information Center', 'government'],
  [2532, 'Library of Congress', 'government'],
  [22093, 'Cleveland Clinic', 'healthcare'],
  [714, 'Apple Inc.', 'enterprise'],
];

it('is that which their holders would give', async () => {
  const writer = new MmdbWriter();
  for (const [i, [asn, name]] of NETWORKS.entries()) {
    const [first, last] = [parseWords(`5.0.${i}.0`), parseWords(`5.0.${i}.255`)];
    if (first === null || last === null) throw new Error('no range');
    const numbered = { autonomous_system_number: { uint32: asn }, autonomous_system_organization: name };
    writer.paint(first, last, writer.record({ map: numbered }));
  }
  const asnDb = path.join(folder, 'networks.mmdb');
  writeFileSync(asnDb, writer.finish({ databaseType: 'test', description: '', buildEpoch: 1_750_000_000 }));
  const book = await openOwnerBook({ ownersFile: null, asnDb, cityDb: null, embedded: null });
  const found = NETWORKS.map(([asn, name], i) => {
    const { class: owner, secondClass } = book.ownerOf(`5.0.${i}.1`, 1_750_000_000_000_000);
    return [asn, name, secondClass === null ? owner : `${owner} and ${secondClass}`];
  });
  expect(found).toEqual(NETWORKS);
});
