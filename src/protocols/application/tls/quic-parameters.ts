/** The transport parameters of QUIC, which its hellos carry in an extension: RFC 9000 §18, RFC 9001 §8.2. */
import { read32, read64 } from '../../../packet/bytes.ts'
import type { Field } from '../../field.ts'
import { type Item, item, type Scan } from '../../scan.ts'
import { ofExtensions } from './message-scan.ts'

/** The extension, and its number while QUIC was a draft. */
const TRANSPORT_PARAMETERS = 57
const DRAFT_PARAMETERS = 0xffa5

const named = (type: 'uint64' | 'bytes', name: string, title = name): Item =>
  item(type, `tls.quic.parameter.${name}`, title)

const type = item('uint64', 'tls.quic.parameter.type', 'Type')
const length = item('uint64', 'tls.quic.parameter.length', 'Length')
const allLength = item('uint16', 'tls.quic.len', 'Parameters Length; of drafts')
const oldLength = item('uint16', 'tls.quic.parameter.lengt.old', 'Length; of drafts')
const value = item('bytes', 'tls.quic.parameter.value', 'Value')
const chosenVersion = item('uint32', 'tls.quic.parameter.vi.chosen_version', 'Chosen Version', { base: 'hex' })
const otherVersion = item('uint32', 'tls.quic.parameter.vi.other_version', 'Other Version', { base: 'hex' })
const userAgent = item('string', 'tls.quic.parameter.google.user_agent', 'Google UserAgent')
const googleVersion = item('uint32', 'tls.quic.parameter.google.quic_version', 'Google QUIC version', { base: 'hex' })

const VERSION_INFORMATION = 0x11
const DRAFT_VERSION_INFORMATION = 0xff73db
const USER_AGENT = 0x3129
const GOOGLE_VERSION = 0x4752

/** By number: parameters that are a number, or octets. */
const PARAMETERS: Readonly<Record<number, Item>> = {
  0: named('bytes', 'original_destination_connection_id'),
  1: named('uint64', 'max_idle_timeout'),
  2: named('bytes', 'stateless_reset_token'),
  3: named('uint64', 'max_udp_payload_size'),
  4: named('uint64', 'initial_max_data'),
  5: named('uint64', 'initial_max_stream_data_bidi_local'),
  6: named('uint64', 'initial_max_stream_data_bidi_remote'),
  7: named('uint64', 'initial_max_stream_data_uni'),
  8: named('uint64', 'initial_max_streams_bidi'),
  9: named('uint64', 'initial_max_streams_uni'),
  10: named('uint64', 'ack_delay_exponent'),
  11: named('uint64', 'max_ack_delay'),
  14: named('uint64', 'active_connection_id_limit', 'Active Connection ID Limit'),
  15: named('bytes', 'initial_source_connection_id', 'Initial Source Connection ID'),
  16: named('bytes', 'retry_source_connection_id', 'Retry Source Connection ID'),
  32: named('uint64', 'max_datagram_frame_size'),
  4183: named('uint64', 'loss_bits'),
  12583: item('uint64', 'tls.quic.parameter.google.initial_rtt', 'Google Initial RTT; microseconds'),
  29016: named('uint64', 'enable_time_stamp_v2', 'Enable TimestampV2'),
}

const items: readonly Item[] = [
  ...[allLength, type, length, oldLength, value, ...Object.values(PARAMETERS)],
  ...[chosenVersion, otherVersion, userAgent, googleVersion],
]

export const quicParameterFields: readonly Field[] = ofExtensions(items, (scan, extension) => {
  if (extension !== TRANSPORT_PARAMETERS && extension !== DRAFT_PARAMETERS) return
  // Until draft 26 all had a length, and each had two octets of type and of length.
  const isOld = extension === DRAFT_PARAMETERS && scan.left >= 2 && scan.two() === scan.left - 2
  if (isOld) scan.add(allLength)
  while (scan.going && scan.left > 0) {
    if (isOld) scanOldParameter(scan)
    else scanParameter(scan)
  }
})

/** A number of variable length (RFC 9000 §16); the walk ends where it is not there. */
function variable(scan: Scan): bigint {
  const octets = scan.left > 0 ? 1 << (scan.bytes[scan.at] >> 6) : 1
  if (!scan.need(octets)) return 0n
  let number = BigInt(scan.bytes[scan.at] & 0x3f)
  for (let i = 1; i < octets; i++) number = number * 256n + BigInt(scan.bytes[scan.at + i])
  scan.at += octets
  return number
}

function scanOldParameter(scan: Scan): void {
  const id = scan.two()
  scan.put(type, BigInt(id))
  scan.skip(2)
  const count = scan.two()
  scan.add(oldLength)
  scanContent(scan, id, count)
}

function scanParameter(scan: Scan): void {
  const id = variable(scan)
  scan.put(type, id)
  const octets = variable(scan)
  scan.put(length, octets)
  scanContent(scan, Number(id), Number(octets))
}

function scanContent(scan: Scan, id: number, count: number): void {
  if (!scan.need(count)) return
  const end = scan.at + count
  if (count > 0) scan.here(value, count)
  scanValue(scan, id, count)
  if (scan.going) scan.at = end
}

function scanValue(scan: Scan, id: number, count: number): void {
  if (id === VERSION_INFORMATION || id === DRAFT_VERSION_INFORMATION) {
    for (let i = 0; 4 * i + 4 <= count; i++)
      scan.put(i === 0 ? chosenVersion : otherVersion, read32(scan.bytes, scan.at + 4 * i))
  } else if (id === USER_AGENT) scan.here(userAgent, count)
  else if (id === GOOGLE_VERSION) {
    if (count >= 4) scan.here(googleVersion)
  } else {
    const what = PARAMETERS[id]
    if (what === undefined || count === 0) return
    if (what.type === 'bytes') scan.here(what, count)
    else scan.put(what, numberAt(scan, count))
  }
}

/** The number of variable length that fills a value. */
function numberAt({ bytes, at }: Scan, count: number): bigint {
  const octets = 1 << (bytes[at] >> 6)
  if (octets > count) return 0n
  if (octets === 8) return read64(bytes, at) & 0x3fff_ffff_ffff_ffffn
  let number = bytes[at] & 0x3f
  for (let i = 1; i < octets; i++) number = number * 256 + bytes[at + i]
  return BigInt(number)
}
