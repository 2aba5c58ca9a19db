/** The hosts of an audit as alerts, one line each: EVE, ECS, OCSF. */
import { alertsOf } from '../alerts/event.ts';
import { ALERT_FORMATS } from '../alerts/index.ts';
import type { Audit } from '../audit/audit.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { Render } from './format.ts';
import { whyIncomplete } from './summary.ts';

/** Prints in one of the alert formats that are JSON. */
export function renderAlerts(id: 'eve' | 'ecs' | 'ocsf'): Render {
  const format = ALERT_FORMATS.find((each) => each.id === id);
  return function* render(audit: Audit) {
    for (const event of alertsOf(audit)) yield `${format?.line(event, audit.tool.version) ?? ''}\n`;
    if (!audit.coverage.complete && format?.incomplete !== undefined)
      yield `${format.incomplete(audit.generated, whyIncomplete(audit, catalogueOf('en')))}\n`;
  };
}
