/**
 * Exporters of a table by the hash of their texts. Who they are TypeScript knows (readers/tables/ordinals.ts), and is asked
 * when one comes whose hash has no ordinal here.
 */
import { row } from './cell-row.ts';
import { reading, SENSORS, SENSORS_AT, Sensor } from './memory.ts';

/** The ordinal of the exporter that was asked for, -1 if none was. */
let answer: i32 = -1;

function sensorOf(hash: u32): Sensor {
  return changetype<Sensor>(SENSORS_AT + (<usize>hash & (SENSORS - 1)) * offsetof<Sensor>());
}

export function clearSensors(): void {
  memory.fill(SENSORS_AT, 0, SENSORS * offsetof<Sensor>());
}

/** The exporter that was asked for is of this ordinal, 0 if it is one too many. */
export function nameExporter(ordinal: i32): void {
  answer = ordinal;
  if (ordinal === 0) return;
  const sensor = sensorOf(reading.exporterHash);
  sensor.hash = reading.exporterHash;
  sensor.ordinal = ordinal + 1;
}

/** Finds the ordinal of the exporter that the row names; false if it is not known, and is asked for. */
export function findExporter(): bool {
  const sensor = sensorOf(row.exporterHash);
  if (answer >= 0) {
    row.exporter = answer;
    answer = -1;
    return true;
  }
  if (sensor.ordinal === 0 || sensor.hash !== row.exporterHash) {
    reading.exporterHash = row.exporterHash;
    reading.exporterFrom = row.exporterFrom;
    reading.exporterTo = row.exporterTo;
    return false;
  }
  row.exporter = sensor.ordinal - 1;
  return true;
}
