/**
 * Options of fast handovers, RFC 5568 §6.4: link-layer addresses (19), acknowledgments of advertisements (20); handover keys
 * (27, 28), RFC 5269 §4; assist information and mobile node identifiers (29, 30), RFC 5271 §4. Offsets are as in options.ts.
 */
import { type Item, item, part, type Row, type Scan } from '../scan.ts'
import { optionPadding, optionReserved, unknown } from './common.ts'
import * as names from './names.ts'

const ADDRESS_LENGTH = 16
const UNIT = 8
/** The status of an acknowledgment that supplies another address. */
const OTHER_ADDRESS = 3

const linkLayerCode = item('uint8', 'icmpv6.opt.lla.option_code', 'Option-code', {
  values: names.optLlaOptionCodeNames,
})
const linkLayerBytes = item('bytes', 'icmpv6.opt.lla.bytes', 'Link-Layer Address')
const naackCode = item('uint8', 'icmpv6.opt.naack.option_code', 'Option-Code')
const naackStatus = item('uint8', 'icmpv6.opt.naack.status', 'Status', { values: names.optNaackStatusNames })
const naackAddress = item('ipv6', 'icmpv6.opt.naack.supplied_ncoa', 'Supplied NCoA')
const handoverPadLength = item('uint8', 'icmpv6.opt.hkr.pad_length', 'Pad Length')
const handoverAlgorithm: Row = [
  part('uint8', 'icmpv6.opt.hkr.at', 1, 0xf0, 'AT'),
  part('uint8', 'icmpv6.opt.hkr.reserved', 1, 0x0f, 'Reserved'),
]
const handoverPublicKey = item('bytes', 'icmpv6.opt.hkr.encryption_public_key', 'Handover Key Encryption Public Key')
const handoverPadding = item('bytes', 'icmpv6.opt.hkr.padding', 'Padding')
const handoverLifetime = item('uint16', 'icmpv6.opt.hkr.lifetime', 'Padding; the lifetime, in seconds')
const handoverKey = item('bytes', 'icmpv6.opt.hkr.encrypted_handover_key', 'Encrypted Handover Key')
const assistRows: readonly Row[] = [
  [item('uint8', 'icmpv6.opt.hai.option_code', 'Option-Code', { values: names.optHaiOptionCodeNames })],
  [item('uint8', 'icmpv6.opt.hai.length', 'HAI-Length')],
]
const assistValue = item('bytes', 'icmpv6.opt.hai.value', 'HAI-Value')
const nodeRows: readonly Row[] = [
  [item('uint8', 'icmpv6.opt.mn.option_code', 'Option-Code', { values: names.optMnOptionCodeNames })],
  [item('uint8', 'icmpv6.opt.mn.length', 'MN-Length')],
]
const nodeValue = item('bytes', 'icmpv6.opt.mn.value', 'MN-Value')

export const mobilityItems: readonly Item[] = [
  linkLayerCode,
  linkLayerBytes,
  naackCode,
  naackStatus,
  naackAddress,
  handoverPadLength,
  ...handoverAlgorithm,
  handoverPublicKey,
  handoverPadding,
  handoverLifetime,
  handoverKey,
  ...assistRows.flat(),
  assistValue,
  ...nodeRows.flat(),
  nodeValue,
]

/** One of these options, behind its length; it ends at `end`. */
export function scanMobilityOption(scan: Scan, kind: number, end: number): void {
  switch (kind) {
    case 19:
      scan.add(linkLayerCode)
      scan.add(linkLayerBytes, end - scan.at)
      return
    case 20: {
      const status = scan.octet(1)
      scan.add(naackCode)
      scan.add(naackStatus)
      if (status === OTHER_ADDRESS && end - scan.at >= ADDRESS_LENGTH) scan.add(naackAddress)
      else scan.add(optionReserved, end - scan.at)
      return
    }
    case 27:
    case 28:
      handover(scan, kind === 28, end)
      return
    case 29:
      codedValue(scan, assistRows, assistValue, end)
      return
    case 30:
      codedValue(scan, nodeRows, nodeValue, end)
  }
}

function handover(scan: Scan, isReply: boolean, end: number): void {
  const pad = scan.octet()
  scan.add(handoverPadLength)
  scan.rows([handoverAlgorithm])
  if (isReply) scan.add(handoverLifetime)
  scan.add(isReply ? handoverKey : handoverPublicKey, end - scan.at - pad)
  scan.here(handoverPadding, pad)
  // As Wireshark has it: the padding counts as one octet, and the rest of it as unknown.
  scan.skip(Math.min(1, pad))
  unknown(scan, end)
}

/** A code, a length, a value. */
function codedValue(scan: Scan, rows: readonly Row[], value: Item, end: number): void {
  const octets = scan.octet(1)
  scan.rows(rows)
  scan.add(value, octets)
  scan.mark(optionPadding)
  if (!scan.going) return
  // Wireshark takes the last unit for unknown, whatever is in it.
  scan.at = end - UNIT
  unknown(scan, end)
}
