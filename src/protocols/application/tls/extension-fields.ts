/** Fields of extensions of hellos, beyond those that `hello-fields.ts` reads: lengths, key shares, resumption (RFC 8446 §4.2). */
import type { Field, ValueNames } from '../../field.ts'
import { type Item, item, type Scan } from '../../scan.ts'
import { CLIENT_HELLO } from './handshake.ts'
import { ofExtensions } from './message-scan.ts'

const length = (type: 'uint8' | 'uint16', name: string, description: string): Item =>
  item(type, `tls.handshake.${name}`, description)
const list = (name: string, description: string): Item => item('none', `tls.handshake.${name}`, description)

const namesLength = length('uint16', 'extensions_server_name_list_len', 'Server Name list length')
const nameType = item('uint8', 'tls.handshake.extensions_server_name_type', 'Server Name Type', {
  values: { 0: 'host_name' },
})
const nameLength = length('uint16', 'extensions_server_name_len', 'Server Name length')
const respondersLength = length('uint16', 'extensions_status_request_responder_ids_len', 'Responder ID list Length')
const requestsLength = length('uint16', 'extensions_status_request_exts_len', 'Request Extensions Length')
const groupsLength = length('uint16', 'extensions_supported_groups_length', 'Supported Groups List Length')
const groups = list('extensions_supported_groups', 'Supported Groups List')
const formatsLength = length('uint8', 'extensions_ec_point_formats_length', 'EC point formats Length')
const formats = list('extensions_ec_point_formats', 'EC point formats')
const signaturesLength = length('uint16', 'sig_hash_alg_len', 'Signature Hash Algorithms Length')
const signatures = list('sig_hash_algs', 'Signature Algorithms')
const heartbeat = item('uint8', 'tls.handshake.extension.heartbeat.mode', 'Mode', {
  values: { 1: 'Peer allowed to send requests', 2: 'Peer not allowed to send requests' },
})
const protocolsLength = length('uint16', 'extensions_alpn_len', 'ALPN Extension Length')
const protocols = list('extensions_alpn_list', 'ALPN Protocol')
const protocolLength = length('uint8', 'extensions_alpn_str_len', 'ALPN string length')
const padding = item('bytes', 'tls.handshake.extensions_padding_data', 'Padding Data')
const compressionLength = item('uint8', 'tls.compress_certificate.algorithms_length', 'Algorithms Length')
const compression = item('uint16', 'tls.compress_certificate.algorithm', 'Algorithm; to compress certificates with', {
  values: { 1: 'zlib', 2: 'brotli', 3: 'zstd' },
})
const recordLimit = item('uint16', 'tls.record_size_limit', 'Record Size Limit')
const identitiesLength = length('uint16', 'extensions.psk.identities.length', 'Identities Length')
const identityLength = length('uint16', 'extensions.psk.identity.identity_length', 'Identity Length')
const identity = item('bytes', 'tls.handshake.extensions.psk.identity.identity', 'Identity; the ticket of a session')
const ticketAge = item('uint32', 'tls.handshake.extensions.psk.identity.obfuscated_ticket_age', 'Obfuscated Ticket Age')
const bindersLength = length('uint16', 'extensions.psk.binders_len', 'PSK Binders length')
const binders = list('extensions.psk.binders', 'PSK Binders')
const selectedIdentity = length('uint16', 'extensions.psk.identity.selected', 'Selected Identity')
const versionsLength = length('uint8', 'extensions.supported_versions_len', 'Supported Versions length')
const modesLength = item('uint8', 'tls.extension.psk_ke_modes_length', 'PSK Key Exchange Modes Length')
const MODES: ValueNames = {
  0: 'PSK-only key establishment (psk_ke)',
  1: 'PSK with (EC)DHE key establishment (psk_dhe_ke)',
}
const mode = item('uint8', 'tls.extension.psk_ke_mode', 'PSK Key Exchange Mode', { values: MODES })
const sharesLength = length('uint16', 'extensions_key_share_client_length', 'Client Key Share Length')
const shareLength = length('uint16', 'extensions_key_share_key_exchange_length', 'Key Exchange Length')
const share = item('bytes', 'tls.handshake.extensions_key_share_key_exchange', 'Key Exchange; a public key')
const renegotiationLength = length('uint8', 'extensions_reneg_info_len', 'Renegotiation info extension length')
const renegotiation = item('bytes', 'tls.handshake.extensions_reneg_info', 'Renegotiation info')

const items: readonly Item[] = [
  ...[namesLength, nameType, nameLength, respondersLength, requestsLength, groupsLength, groups, formatsLength],
  ...[formats, signaturesLength, signatures, heartbeat, protocolsLength, protocols, protocolLength, padding],
  ...[compressionLength, compression, recordLimit, identitiesLength, identityLength, identity, ticketAge],
  ...[bindersLength, binders, selectedIdentity, versionsLength, modesLength, mode, sharesLength, shareLength, share],
  ...[renegotiationLength, renegotiation],
]

type ScanExtension = (scan: Scan, isClient: boolean) => void

/** By the number of the extension (IANA: TLS ExtensionType Values). */
const EXTENSIONS: Readonly<Record<number, ScanExtension>> = {
  0: (scan) => {
    scan.add(namesLength)
    while (scan.going && scan.left > 0) {
      scan.add(nameType)
      skipCounted(scan, nameLength)
    }
  },
  5: (scan, isClient) => {
    if (!isClient) return
    scan.skip(1)
    skipCounted(scan, respondersLength)
    scan.add(requestsLength)
  },
  10: (scan) => {
    scan.add(groupsLength)
    scan.mark(groups)
  },
  11: (scan) => {
    scan.add(formatsLength)
    scan.mark(formats)
  },
  13: (scan) => {
    scan.add(signaturesLength)
    scan.mark(signatures)
  },
  15: (scan) => scan.add(heartbeat),
  16: (scan) => {
    scan.add(protocolsLength)
    scan.mark(protocols)
    while (scan.going && scan.left > 0) {
      const octets = scan.octet()
      scan.add(protocolLength)
      scan.skip(octets)
    }
  },
  21: (scan) => {
    if (scan.left > 0) scan.add(padding, scan.left)
  },
  27: (scan) => {
    scan.add(compressionLength)
    while (scan.going && scan.left > 0) scan.add(compression)
  },
  28: (scan) => scan.add(recordLimit),
  41: scanIdentities,
  43: (scan, isClient) => {
    if (isClient) scan.add(versionsLength)
  },
  45: (scan) => {
    scan.add(modesLength)
    while (scan.going && scan.left > 0) scan.add(mode)
  },
  51: scanShares,
  65281: (scan) => {
    const octets = scan.octet()
    scan.add(renegotiationLength)
    if (octets > 0) scan.add(renegotiation, octets)
  },
}

export const extensionFields: readonly Field[] = ofExtensions(items, (scan, type, hello) =>
  EXTENSIONS[type]?.(scan, hello === CLIENT_HELLO),
)

function skipCounted(scan: Scan, what: Item): void {
  const octets = scan.two()
  scan.add(what)
  scan.skip(octets)
}

/** What a client resumes, or which of them the server takes (RFC 8446 §4.2.11). */
function scanIdentities(scan: Scan, isClient: boolean): void {
  if (!isClient) {
    scan.add(selectedIdentity)
    return
  }
  const end = scan.at + 2 + scan.two()
  scan.add(identitiesLength)
  while (scan.going && scan.at < end) {
    const octets = scan.two()
    scan.add(identityLength)
    if (octets > 0) scan.add(identity, octets)
    scan.add(ticketAge)
  }
  scan.add(bindersLength)
  scan.mark(binders)
}

/** Public keys, each for one group (RFC 8446 §4.2.8); a HelloRetryRequest has the group alone. */
function scanShares(scan: Scan, isClient: boolean): void {
  if (!isClient && scan.left <= 2) return
  if (isClient) scan.add(sharesLength)
  while (scan.going && scan.left > 0) {
    scan.skip(2)
    const octets = scan.two()
    scan.add(shareLength)
    if (octets > 0) scan.add(share, octets)
    if (!isClient) return
  }
}
