/** LNet, the network of Lustre, over TCP: Lustre's `socklnd` (hello, messages) and LNet's acceptor. All little-endian. */
import { read32le } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

/** What a node connects with; version 1 and the identifier of whom it wants follow. */
const ACCEPTOR_MAGIC = 0xacce7100
const ACCEPTOR_REQUEST = 16
/** What both sides greet with; the version of the socket driver follows. */
const HELLO_MAGIC = 0x45726963
const HELLO_MAGIC_TCP = 0xeebc0ded
const MAX_HELLO_VERSION = 4
const MESSAGE = 0xc1
const MESSAGE_HEADER = 24
/** In a message: the destination's and source's identifiers, then their process numbers, which are this for the kernel's. */
const DESTINATION_PROCESS = 40
const SOURCE_PROCESS = 44
const LUSTRE_PROCESS = 12_345
const TYPE = 48
/** ACK, PUT, GET, REPLY, HELLO. */
const MAX_TYPE = 4

export const lnet: Signature = {
  name: 'lnet',
  title: 'Lustre Network',
  transport: 'tcp',
  evidence: 'acceptor request, hello or message of LNet',
  begins: [0x00, 0x63, 0xed, MESSAGE],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < 8) return false
    switch (read32le(bytes, at)) {
      case ACCEPTOR_MAGIC:
        return payload.length === ACCEPTOR_REQUEST && read32le(bytes, at + 4) === 1
      case HELLO_MAGIC:
      case HELLO_MAGIC_TCP: {
        const version = read32le(bytes, at + 4)
        return version >= 1 && version <= MAX_HELLO_VERSION
      }
      case MESSAGE:
        return isMessage(payload)
      default:
        return false
    }
  },
}

/** Hot. */
function isMessage({ bytes, at, end }: Payload): boolean {
  return (
    end - at >= MESSAGE_HEADER + 48 &&
    (read32le(bytes, at + DESTINATION_PROCESS) === LUSTRE_PROCESS ||
      read32le(bytes, at + SOURCE_PROCESS) === LUSTRE_PROCESS) &&
    read32le(bytes, at + TYPE) <= MAX_TYPE
  )
}
