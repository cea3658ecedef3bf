import { describe, expect, test } from 'vitest'
import { type CountedName, FieldCounts } from '../../src/analyzers/field-counts.ts'
import { lookUp } from '../../src/filter/names.ts'
import { packetOf } from '../support/packet.ts'

const ETHERNET = 1

function counted(name: string): CountedName {
  const meaning = lookUp(name)!
  return { name, places: meaning.kind === 'field' ? meaning.declarations : [{ protocol: meaning.protocol }] }
}

/** Ethernet, IPv4 with `protocol`, and what that carries. */
function packet(number: number, protocol: string, payload: string) {
  const length = (20 + payload.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0')
  const ip = `4500${length} 0001 4000 40 ${protocol} 0000 0a000001 0a000002`
  const result = packetOf(ETHERNET, `020000000002 020000000001 0800 ${ip} ${payload}`)
  result.number = number
  return result
}

const UDP = '11'
const IP_IN_IP = '04'
const datagram = '1388 1389 0008 0000'
const inner = '4500001c 0001 4000 40 11 0000 0a000003 0a000004'

const packets = [packet(1, UDP, datagram), packet(2, IP_IN_IP, `${inner} ${datagram}`), packet(3, 'fe', '00')]
const names = ['frame', 'frame.len', 'ip', 'ip.src', 'ip.addr', 'udp.port', 'tcp.port'].map(counted)
const expected = [
  ['frame', 3, 3],
  ['frame.len', 3, 3],
  ['ip', 3, 4],
  ['ip.src', 3, 4],
  ['ip.addr', 3, 8],
  ['udp.port', 2, 4],
  ['tcp.port', 0, 0],
]

function rows(counts: FieldCounts): unknown[] {
  return counts.result().map(({ name, packets, occurrences }) => [name, packets, occurrences])
}

describe('FieldCounts', () => {
  test('packets and values', () => {
    const counts = new FieldCounts(names)
    for (const each of packets) counts.observe(each)
    expect(rows(counts)).toEqual(expected)
  })

  test('merged parts are the whole', () => {
    for (let cut = 0; cut <= packets.length; cut++) {
      const [first, later] = [new FieldCounts(names), new FieldCounts(names)]
      packets.forEach((each, i) => void (i < cut ? first : later).observe(each))
      first.merge(later)
      expect(rows(first)).toEqual(expected)
    }
  })

  test('needs what its fields need', () => {
    expect(new FieldCounts(names).needs).toEqual([])
    expect(new FieldCounts([counted('tcp.stream'), counted('frame.time_delta')]).needs).toEqual(
      expect.arrayContaining(['streams', 'times']),
    )
  })
})
