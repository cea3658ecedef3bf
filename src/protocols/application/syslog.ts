/**
 * Syslog, RFC 3164 §4.1, RFC 5424 §6:
 *
 *   < priority > text      priority = 8 * facility + level
 */
import { NONE } from '../../packet/packet.ts'
import { computed, type ValueNames } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { visitText } from '../text.ts'

export const SYSLOG = protocolId('syslog')

const OPEN = 0x3c
const CLOSE = 0x3e
/** Digits of a priority (RFC 5424 §6.2.1). */
const MAX_DIGITS = 3

const FACILITIES: ValueNames = {
  0: 'KERN - kernel messages',
  1: 'USER - random user-level messages',
  2: 'MAIL - mail system',
  3: 'DAEMON - system daemons',
  4: 'AUTH - security/authorization messages',
  5: 'SYSLOG - messages generated internally by syslogd',
  6: 'LPR - line printer subsystem',
  7: 'NEWS - network news subsystem',
  8: 'UUCP - UUCP subsystem',
  9: 'CRON - clock daemon (BSD, Linux)',
  10: 'AUTHPRIV - security/authorization messages (private)',
  11: 'FTP - ftp daemon',
  12: 'NTP - ntp subsystem',
  13: 'LOGAUDIT - log audit',
  14: 'LOGALERT - log alert',
  15: 'CRON - clock daemon (Solaris)',
  16: 'LOCAL0 - reserved for local use',
  17: 'LOCAL1 - reserved for local use',
  18: 'LOCAL2 - reserved for local use',
  19: 'LOCAL3 - reserved for local use',
  20: 'LOCAL4 - reserved for local use',
  21: 'LOCAL5 - reserved for local use',
  22: 'LOCAL6 - reserved for local use',
  23: 'LOCAL7 - reserved for local use',
}
const LEVELS: ValueNames = {
  0: 'EMERG - system is unusable',
  1: 'ALERT - action must be taken immediately',
  2: 'CRIT - critical conditions',
  3: 'ERR - error conditions',
  4: 'WARNING - warning conditions',
  5: 'NOTICE - normal but significant condition',
  6: 'INFO - informational',
  7: 'DEBUG - debug-level messages',
}

/** The priority read last, and where the text behind it begins. */
let priority = -1
let textAt = 0

/** Leaves the priority of the message in `priority`, -1 if it has none. */
function readPriority(bytes: Uint8Array, at: number, end: number): void {
  priority = -1
  textAt = at
  if (at >= end || bytes[at] !== OPEN) return
  let value = 0
  let next = at + 1
  while (next < end && next - at <= MAX_DIGITS && bytes[next] >= 0x30 && bytes[next] <= 0x39)
    value = value * 10 + bytes[next++] - 0x30
  priority = value
  textAt = next < end && bytes[next] === CLOSE ? next + 1 : next
}

export const syslog: Protocol = {
  id: SYSLOG,
  name: 'syslog',
  title: 'Syslog Message',
  need: 'dissection',
  carriedBy: { 'udp.application': 514 },
  fields: [
    computed(
      'uint8',
      'syslog.facility',
      'Facility; part of the system that says it',
      ({ bytes, layerAt, layerEnd }, layer, visit) => {
        readPriority(bytes, layerAt[layer], layerEnd[layer])
        return priority >= 0 && visit((priority >> 3) & 0x7f, 0)
      },
      { values: FACILITIES },
    ),
    computed(
      'uint8',
      'syslog.level',
      'Level; how bad it is',
      ({ bytes, layerAt, layerEnd }, layer, visit) => {
        readPriority(bytes, layerAt[layer], layerEnd[layer])
        return priority >= 0 && visit(priority & 7, 0)
      },
      { values: LEVELS },
    ),
    computed('string', 'syslog.msg', 'Message', ({ bytes, layerAt, layerEnd }, layer, visit) => {
      readPriority(bytes, layerAt[layer], layerEnd[layer])
      return visitText(bytes, textAt, layerEnd[layer] - textAt, visit)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(SYSLOG, at)
    packet.payload = packet.end
    return NONE
  },
}
