/**
 * The fields of a fragment that completes a datagram: which packets brought the others, and what is odd about them. IPv4's and
 * IPv6's are the same under other names.
 */
import type { Packet } from '../packet/packet.ts'
import type { Assembly } from '../packet/reassembly.ts'
import { absent, computed, type Each, type Field, type Visit } from './field.ts'

// What is odd about a fragment; bits.
const OVERLAP = 1
const CONFLICT = 2
const OTHER_TAIL = 4
const TOO_LONG = 8

/** Wireshark lists a fragment with one of these as an error. An overlap alone is none. */
const ERRORS = CONFLICT | OTHER_TAIL | TOO_LONG

/** Calls `each` with the packet that brought a fragment and what is odd about it, by offset. */
function eachFragment(
  packet: Packet,
  assembly: Assembly,
  each: (number: number, oddities: number) => boolean,
): boolean {
  const { bytes } = packet
  let reached = 0
  for (const { offset, length, bytes: octets, number, isOtherTail } of assembly.fragments) {
    const end = offset + length
    let oddities = isOtherTail ? OTHER_TAIL : 0
    if (end > assembly.length) oddities |= TOO_LONG
    if (offset < reached) {
      oddities |= OVERLAP
      // What stands in the datagram is what came first.
      const shared = Math.min(end, reached)
      for (let i = offset; i < shared; i++) {
        if (octets[i - offset] === bytes[assembly.at + i]) continue
        oddities |= CONFLICT
        break
      }
    }
    if (offset < assembly.length) reached = Math.max(reached, Math.min(end, assembly.length))
    if (each(number, oddities)) return true
  }
  return false
}

/**
 * Fields `<prefix>.fragment` and so on, for the protocol whose labels say `title`. They are read in the layer that was the
 * last one when `Packet.reassemble` was called.
 */
export function fragmentFields(prefix: 'ip' | 'ipv6', title: string): readonly Field[] {
  /** A field of a layer that completes a datagram. */
  function ofAssembly(
    type: Field['type'],
    name: string,
    description: string,
    read: (packet: Packet, assembly: Assembly, visit: Visit) => boolean,
  ): Field {
    const each: Each = (packet, layer, visit) => {
      const assembly = packet.assemblyOf(layer)
      return assembly !== null && read(packet, assembly, visit)
    }
    return computed(type, `${prefix}.${name}`, description, each, { need: 'numbers' })
  }

  function oddity(name: string, bit: number, description: string): Field {
    return ofAssembly('boolean', name, description, (packet, assembly, visit) =>
      eachFragment(packet, assembly, (_number, oddities) => (oddities & bit) !== 0 && visit(1, 0)),
    )
  }

  return [
    // The datagram's octets, says IPv4; that there are some, says IPv6.
    prefix === 'ip'
      ? ofAssembly(
          'bytes',
          'fragments',
          `${title} Fragments; the datagram that they make`,
          (_packet, assembly, visit) => visit(assembly.at, assembly.length),
        )
      : ofAssembly('none', 'fragments', `${title} Fragments`, (_packet, _assembly, visit) => visit(0, 0)),
    ofAssembly('framenum', 'fragment', `${title} Fragment; packets that brought one`, (packet, assembly, visit) =>
      eachFragment(packet, assembly, (number, oddities) => (oddities & ERRORS) === 0 && visit(number, 0)),
    ),
    oddity('fragment.overlap', OVERLAP, 'Fragment overlap; with those before it'),
    oddity('fragment.overlap.conflict', CONFLICT, 'Conflicting data in fragment overlap'),
    oddity('fragment.multipletails', OTHER_TAIL, 'Multiple tail fragments found; that end the datagram elsewhere'),
    oddity('fragment.toolongfragment', TOO_LONG, 'Fragment too long; it goes past the end of the datagram'),
    ofAssembly(
      'framenum',
      'fragment.error',
      'Defragmentation error; packets whose fragment contradicts others',
      (packet, assembly, visit) =>
        eachFragment(packet, assembly, (number, oddities) => (oddities & ERRORS) !== 0 && visit(number, 0)),
    ),
    ofAssembly('uint32', 'fragment.count', 'Fragment count', (_packet, assembly, visit) =>
      visit(assembly.fragments.length, 0),
    ),
    // A fragment does not know the packet that will complete its datagram: a second pass would.
    absent('framenum', prefix === 'ip' ? 'ip.reassembled_in' : 'ipv6.reassembled.in', `Reassembled ${title} in frame`),
    ofAssembly('uint32', 'reassembled.length', `Reassembled ${title} length`, (_packet, assembly, visit) =>
      visit(assembly.length, 0),
    ),
    ofAssembly('bytes', 'reassembled.data', `Reassembled ${title} data`, (_packet, assembly, visit) =>
      visit(assembly.at, assembly.length),
    ),
  ]
}
