/** The mount protocol, RFC 1094 appendix A and RFC 1813 appendix I: which file handle a path has. */
import { read32 } from '../../../packet/bytes.ts'
import { computed, type Field } from '../../field.ts'
import { visitText } from '../../text.ts'
import { programCall, programIsReply } from './message.ts'
import { skipOpaque } from './xdr.ts'

const MNT = 1
const UMNT = 3

export const mountFields: readonly Field[] = [
  computed('string', 'mount.path', 'Path; to be mounted or unmounted', (packet, layer, visit) => {
    const call = programCall[layer]
    const at = packet.layerAt[layer]
    if (call === null || programIsReply[layer] === 1 || (call.procedure !== MNT && call.procedure !== UMNT))
      return false
    if (skipOpaque(packet.bytes, at, packet.layerEnd[layer]) < 0) return false
    return visitText(packet.bytes, at + 4, read32(packet.bytes, at), visit)
  }),
  computed('uint32', 'mount.status', 'Status; 0 is success, else an error number', (packet, layer, visit) => {
    const call = programCall[layer]
    const at = packet.layerAt[layer]
    if (call === null || programIsReply[layer] === 0 || call.procedure !== MNT) return false
    return at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
  }),
]
