import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

/** An 802.3 frame with a BPDU in LLC. */
function bpdu(hex: string) {
  return packetOf(1, `0180c2000000 020000000002 0100 424203 ${hex}`)
}

// Root 32768/1 and address, path cost 4, bridge 4096/10 and address, port, four times in 1/256 s.
const IDENTIFIERS = '8001020000000001 00000004 100a020000000002 8003 0100 1400 0200 0f00'

describe('stp', () => {
  it('reads a configuration BPDU', () => {
    const packet = bpdu(`0000 00 00 01 ${IDENTIFIERS}`)
    expect(stackOf(packet)).toBe('eth:llc:stp')
    expect(valuesOf(packet, 'stp.version')).toEqual([0])
    expect(valuesOf(packet, 'stp.type')).toEqual([0])
    expect(valuesOf(packet, 'stp.flags')).toEqual([1])
    expect(valuesOf(packet, 'stp.root.prio')).toEqual([32768])
    expect(valuesOf(packet, 'stp.root.ext')).toEqual([1])
    expect(valuesOf(packet, 'stp.root.hw')).toEqual(['020000000001'])
    expect(valuesOf(packet, 'stp.root.cost')).toEqual([4])
    expect(valuesOf(packet, 'stp.bridge.prio')).toEqual([4096])
    expect(valuesOf(packet, 'stp.bridge.ext')).toEqual([10])
    expect(valuesOf(packet, 'stp.bridge.hw')).toEqual(['020000000002'])
    expect(valuesOf(packet, 'stp.port')).toEqual([0x8003])
    expect(valuesOf(packet, 'stp.msg_age')).toEqual([1])
    expect(valuesOf(packet, 'stp.max_age')).toEqual([20])
    expect(valuesOf(packet, 'stp.hello')).toEqual([2])
    expect(valuesOf(packet, 'stp.forward')).toEqual([15])
    expect(valuesOf(packet, 'stp.version_1_length')).toEqual([])
  })

  it('reads a rapid one', () => {
    const packet = bpdu(`0000 02 02 3c ${IDENTIFIERS} 00`)
    expect(valuesOf(packet, 'stp.version')).toEqual([2])
    expect(valuesOf(packet, 'stp.flags')).toEqual([0x3c])
    expect(valuesOf(packet, 'stp.version_1_length')).toEqual([0])
  })

  it('finds nothing more in a topology change notification', () => {
    const packet = bpdu('0000 00 80')
    expect(stackOf(packet)).toBe('eth:llc:stp')
    expect(valuesOf(packet, 'stp.type')).toEqual([0x80])
    expect(valuesOf(packet, 'stp.flags')).toEqual([])
    expect(packet.fault).toBe(0)
  })

  it('marks a short one', () => {
    const packet = bpdu('0000 00 00 01 8001')
    expect(stackOf(packet)).toBe('eth:llc:stp')
    expect(packet.fault).not.toBe(0)
  })

  it('hands registration protocols on by their group address', () => {
    const gvrp = packetOf(1, '0180c2000021 020000000002 0100 424203 0001 01 02 00 00')
    expect(stackOf(gvrp)).toBe('eth:llc:stp:gvrp')
    expect(valuesOf(gvrp, 'stp.protocol')).toEqual([])
    expect(stackOf(packetOf(1, '0180c2000020 020000000002 0100 424203 0001'))).toBe('eth:llc:stp:gmrp')
  })
})
