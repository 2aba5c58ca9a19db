/** Offsets of what TypeScript reads of conversations: as globals, so that both go by what the compiler laid out. */

import { Totals } from '../records/totals.ts';
import { Conversation, Lane } from './conversation.ts';
import { ConversationTable } from './table.ts';
import { View } from './views.ts';

export const totals_records = offsetof<Totals>('records');
export const totals_outsideRecords = offsetof<Totals>('outsideRecords');
export const totals_timelessRecords = offsetof<Totals>('timelessRecords');
export const totals_otherRecords = offsetof<Totals>('otherRecords');
export const totals_ordinaryRecords = offsetof<Totals>('ordinaryRecords');
export const totals_keptRecords = offsetof<Totals>('keptRecords');
export const totals_edgeRecords = offsetof<Totals>('edgeRecords');
export const totals_packets = offsetof<Totals>('packets');
export const totals_bytes = offsetof<Totals>('bytes');
export const totals_sampledPackets = offsetof<Totals>('sampledPackets');
export const totals_sampledBytes = offsetof<Totals>('sampledBytes');
export const totals_firstUs = offsetof<Totals>('firstUs');
export const totals_lastUs = offsetof<Totals>('lastUs');

export const table_folded = offsetof<ConversationTable>('folded');
export const table_evicted = offsetof<ConversationTable>('evicted');
export const table_keptOverflow = offsetof<ConversationTable>('keptOverflow');
export const table_evictedBytes = offsetof<ConversationTable>('evictedBytes');
export const table_viewOverflow = offsetof<ConversationTable>('viewOverflow');
export const table_size = offsetof<ConversationTable>('size');
export const table_observers = offsetof<ConversationTable>('observers');
export const table_viewsEnd = offsetof<ConversationTable>('viewsEnd');

export const conversation_low0 = offsetof<Conversation>('low0');
export const conversation_high0 = offsetof<Conversation>('high0');
export const conversation_ports = offsetof<Conversation>('ports');
export const conversation_smallestMean = offsetof<Conversation>('smallestMean');
export const conversation_marks = offsetof<Conversation>('marks');
export const conversation_views = offsetof<Conversation>('views');
export const conversation_observer = offsetof<Conversation>('observer');
export const conversation_records = offsetof<Conversation>('records');
export const conversation_activePeriods = offsetof<Conversation>('activePeriods');
export const conversation_minute = offsetof<Conversation>('minute');
export const conversation_busyLow = offsetof<Conversation>('busyLow');
export const conversation_busyHigh = offsetof<Conversation>('busyHigh');
export const conversation_shift = offsetof<Conversation>('shift');
export const conversation_flags0 = offsetof<Conversation>('flags0');
export const conversation_input = offsetof<Conversation>('input');
export const conversation_record = offsetof<Conversation>('record');
export const conversation_firstUs = offsetof<Conversation>('firstUs');
export const conversation_lastUs = offsetof<Conversation>('lastUs');
export const conversation_activeUs = offsetof<Conversation>('activeUs');
export const conversation_observed = offsetof<Conversation>('observed');
export const conversation_sampling = offsetof<Conversation>('sampling');
export const conversation_lanes = offsetof<Conversation>();
export const lane_size = offsetof<Lane>();
export const lane_packets = offsetof<Lane>('packets');
export const lane_bytes = offsetof<Lane>('bytes');
export const lane_startUs = offsetof<Lane>('startUs');
export const lane_pulseSquares = offsetof<Lane>('pulseSquares');
export const lane_pulsePackets = offsetof<Lane>('pulsePackets');
export const lane_pulseSeconds = offsetof<Lane>('pulseSeconds');
export const lane_pulseRecords = offsetof<Lane>('pulseRecords');

export const view_packets0 = offsetof<View>('packets0');
export const view_bytes0 = offsetof<View>('bytes0');
export const view_observer = offsetof<View>('observer');
export const view_next = offsetof<View>('next');
