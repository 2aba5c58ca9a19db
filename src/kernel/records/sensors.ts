/**
 * Exporters of a table by the hash of their texts. Who they are TypeScript knows (readers/tables/ordinals.ts), and is asked
 * when one comes whose hash has no ordinal here.
 */
import { SENSOR_BYTES, SENSORS, SENSORS_AT } from './memory.ts';
import { row } from './table-row.ts';

/** Hash and place of the exporter's text that nobody has named. */
export let strangerHash: u32 = 0;
export let strangerFrom: usize = 0;
export let strangerTo: usize = 0;
/** The ordinal of the stranger, -1 if nobody has named it. */
let answer: i32 = -1;

/** What is told of an exporter. */
@unmanaged
class Sensor {
  hash: u32;
  /** Ordinal + 1; 0 if none has this place. */
  ordinal: i32;
}

if (offsetof<Sensor>() !== SENSOR_BYTES) ERROR('memory.ts');

function sensorOf(hash: u32): Sensor {
  return changetype<Sensor>(SENSORS_AT + (<usize>hash & (SENSORS - 1)) * SENSOR_BYTES);
}

export function clearSensors(): void {
  memory.fill(SENSORS_AT, 0, SENSORS * SENSOR_BYTES);
}

/** The stranger is of this ordinal, 0 if it is one too many. */
export function nameStranger(ordinal: i32): void {
  answer = ordinal;
  if (ordinal === 0) return;
  const sensor = sensorOf(strangerHash);
  sensor.hash = strangerHash;
  sensor.ordinal = ordinal + 1;
}

/** Takes the ordinal of the exporter whose text the row in hand names; false if it is not known. */
export function isMet(): bool {
  const sensor = sensorOf(row.exporterHash);
  if (answer >= 0) {
    row.exporter = answer;
    answer = -1;
    return true;
  }
  if (sensor.ordinal === 0 || sensor.hash !== row.exporterHash) {
    strangerHash = row.exporterHash;
    strangerFrom = row.exporterFrom;
    strangerTo = row.exporterTo;
    return false;
  }
  row.exporter = sensor.ordinal - 1;
  return true;
}
