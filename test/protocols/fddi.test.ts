import { expect, test } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

test('IP over FDDI (RFC 1390): LLC and SNAP behind 13 octets', () => {
  // Frame control: asynchronous LLC, priority 0; LLC AA AA 03, SNAP 000000 0800; IPv4 without data
  const packet = packetOf(
    10,
    `50 020000000002 020000000001 aaaa03 000000 0800
     4500 0014 0000 0000 40 fd 0000 0a000001 0a000002`,
  )
  expect(stackOf(packet)).toBe('fddi:llc:ip')
  expect(valuesOf(packet, 'fddi.src')).toEqual(['020000000001'])
  expect(valuesOf(packet, 'ip.dst')).toEqual([0x0a000002])
})

test('other frames are data', () => {
  expect(stackOf(packetOf(10, '41 020000000002 020000000001 0102'))).toBe('fddi:data')
})
