import { describe, expect, test } from 'vitest'
import { type Field, flag, u8, u16, when } from '../../src/protocols/field.ts'
import { isShown, isWorkedOut } from '../../src/report/field-visibility.ts'
import { fieldLine, PacketText } from '../../src/report/packet-text.ts'
import { type FieldNode, packetTree } from '../../src/report/packet-tree.ts'
import { packetOf } from '../support/packet.ts'

const ETHERNET = 1

/** Ethernet to and from 02:00:00:00:00:0x, type IPv4. */
const ETH = '020000000002 020000000001 0800'
/** IPv4, header 20, 10.0.0.1 to 10.0.0.2, Don't fragment, UDP. */
const ip = (length: number) => `4500${length.toString(16).padStart(4, '0')} 0001 4000 40 11 0000 0a000001 0a000002`

const DATAGRAM = `${ETH} ${ip(28 + 4)} 1388 1389 000c 0000 61620a1b`

function text(packet: ReturnType<typeof packetOf>, width = Infinity): string[] {
  return [...new PacketText({ color: false, width }, { hex: true }).lines(packetTree(packet))]
}

/** A field of a layer of the tree, wherever it stands. */
function find(nodes: readonly FieldNode[], name: string): FieldNode | undefined {
  for (const node of nodes) {
    const found = node.field.name === name ? node : find(node.fields, name)
    if (found !== undefined) return found
  }
  return undefined
}

describe('packetTree', () => {
  const tree = packetTree(packetOf(ETHERNET, DATAGRAM))

  test('layers with their place: headers, not what they carry', () => {
    expect(tree.layers.map(({ protocol, source, offset, length }) => [protocol, source, offset, length])).toEqual([
      ['frame', 0, 0, 46],
      ['eth', 0, 0, 14],
      ['ip', 0, 14, 20],
      ['udp', 0, 34, 8],
      ['data', 0, 42, 4],
    ])
  })

  test('a field stands under the one whose name it extends', () => {
    const flags = find(tree.layers[2].fields, 'ip.flags')
    expect(flags?.fields.map(({ field }) => field.name)).toEqual(['ip.flags.rb', 'ip.flags.df', 'ip.flags.mf'])
    expect(tree.layers[2].fields.map(({ field }) => field.name)).not.toContain('ip.flags.df')
  })

  test('where a value lies, if that is known', () => {
    expect(find(tree.layers[2].fields, 'ip.ttl')).toMatchObject({ offset: 22, length: 1 })
    expect(find(tree.layers[1].fields, 'eth.src')).toMatchObject({ offset: 6, length: 6 })
    expect(find(tree.layers[0].fields, 'frame.number')).toMatchObject({ offset: null, length: null })
  })

  test('what was cut off, and what is wrong', () => {
    const cut = packetOf(ETHERNET, `${ETH} ${ip(32)} 1388`, { originalLength: 46 })
    expect(packetTree(cut).fault).toBe('Packet cut short by the snaplen in UDP')
    const wrong = packetOf(ETHERNET, `${ETH} ${ip(32)} 1388 1389 0003 0000 61620a1b`)
    expect(packetTree(wrong).fault).toBe('Malformed packet: UDP')
    expect(text(wrong)).toContain('[Malformed packet: UDP]')
    expect(tree.fault).toBeNull()
  })

  test('a packet without a layer that is known', () => {
    const unknown = packetTree(packetOf(0xfffe, '01 02 03'))
    expect(unknown.layers[0].protocol).toBe('frame')
    expect(packetTree(packetOf(ETHERNET, '')).sources[0]).toHaveLength(0)
  })
})

describe('lines', () => {
  test('bits are drawn where they lie', () => {
    const lines = text(packetOf(ETHERNET, DATAGRAM)).map((line) => line.trim())
    expect(lines).toContain('0... .... = Reserved bit: Not set')
    expect(lines).toContain(".1.. .... = Don't fragment: Set")
    expect(lines).toContain('...0 0000 0000 0000 = Fragment Offset: 0')
  })

  test('octets sixteen a line, eight where there is little room', () => {
    const lines = text(packetOf(ETHERNET, DATAGRAM))
    expect(lines.slice(-4)).toEqual([
      '',
      '0000  02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 00   ..............E.',
      '0010  00 20 00 01 40 00 40 11 00 00 0a 00 00 01 0a 00   . ..@.@.........',
      '0020  00 02 13 88 13 89 00 0c 00 00 61 62 0a 1b         ..........ab..',
    ])
    expect(text(packetOf(ETHERNET, DATAGRAM), 40).at(-1)).toBe('0028  00 00 61 62 0a 1b         ..ab..')
  })

  test('a long line goes on further in, within the width', () => {
    const lines = text(packetOf(ETHERNET, DATAGRAM), 30)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    const start = lines.indexOf('Ethernet II, Src:')
    expect(start).toBeGreaterThan(0)
    expect(lines[start + 1]).toMatch(/^ {2}\S/)
  })

  const node = (field: Field, value: Partial<FieldNode>): string =>
    fieldLine({
      field,
      label: 'L',
      json: '',
      text: '1',
      valueName: null,
      bits: null,
      offset: null,
      length: null,
      fields: [],
      ...value,
    })

  test('of each type', () => {
    const named = u16('a.b', 0, 'L', { base: 'hex', values: { 2048: 'IPv4' } })
    expect(node(named, { text: '0x0800', valueName: 'IPv4' })).toBe('L: IPv4 (0x0800)')
    const bit = flag('a.c', 0, 1, 0x40, 'L')
    expect(node(bit, { bits: '.1.. ....' })).toBe('.1.. .... = L: Set')
    expect(node(bit, { bits: '.0.. ....', text: '0' })).toBe('.0.. .... = L: Not set')
    const other = (type: Field['type']): Field => ({ ...u8('a.d', 0, 'L'), type, place: undefined })
    expect(node(other('boolean'), { text: '0' })).toBe('L: False')
    expect(node(other('none'), {})).toBe('L')
    expect(node(other('relative_time'), { text: '0.100000000' })).toBe('L: 0.100000000 seconds')
    expect(node(other('framenum'), { text: '7' })).toBe('[L: 7]')
    expect(node(other('bytes'), { text: 'ab'.repeat(40) })).toBe(`L: ${'ab'.repeat(32)}... (40 bytes)`)
    expect(node({ ...other('uint32'), need: 'streams' }, { text: '7' })).toBe('[L: 7]')
  })
})

describe('which fields are shown', () => {
  test.each([
    ['tcp.port', false],
    ['ip.src_host', false],
    ['eth.dst_resolved', false],
    ['http.host', true],
    ['tcp.srcport', true],
  ])('%s: %s', (name, shown) => expect(isShown(u8(name, 0, ''))).toBe(shown))

  test('what was read under a condition was not worked out', () => {
    const field = u8('x.y', 0, '', { need: 'analysis' })
    expect(isWorkedOut(when(() => true, field))).toBe(false)
    expect(isWorkedOut({ ...field, place: undefined })).toBe(true)
  })
})
