import { describe, expect, it } from 'vitest'
import { initialKeys, open, trafficKeys } from '../../../src/protocols/application/quic-protection.ts'
import { octets } from '../../support/packet.ts'

// The sample packets of RFC 9001, appendix A.
describe('QUIC packet protection', () => {
  it('derives the Initial keys of version 1 (A.1)', () => {
    const [client, server] = initialKeys(1, octets('8394c8f03e515708'))!
    expect(client.key.toString('hex')).toBe('1f369613dd76d5467730efcbe3b1a22d')
    expect(client.iv.toString('hex')).toBe('fa044b2f42a3fd3b46fb255c')
    expect(client.headerProtection.toString('hex')).toBe('9f50449e04a0e810283a1e9933adedd2')
    expect(server.key.toString('hex')).toBe('cf3a5331653c364c88f0f379b6067e37')
    expect(server.iv.toString('hex')).toBe('0ac1493ca1905853b0bba03e')
    expect(server.headerProtection.toString('hex')).toBe('c206b8d9b9f0f37644430b490eeaa314')
  })

  const secret = Buffer.from('9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b', 'hex')
  const packet = octets('4cfe4189655e5cd55c41f69080575d7999c25a5bfb')

  it('opens a short header packet under ChaCha20-Poly1305 (A.5)', () => {
    const keys = trafficKeys(secret, 0x1303, 1)!
    expect(keys.key.toString('hex')).toBe('c6d98ff3441c3fe1b2182094f69caa2ed4b716b65488960a7a984979fb23e1c8')
    const opened = open(keys, packet, 0, 1, packet.length, 654_360_563)
    expect(opened?.packetNumber).toBe(654_360_564)
    // A PING frame.
    expect(opened?.payload.toString('hex')).toBe('01')
  })

  it('does not open a packet that was changed, nor one that is cut', () => {
    const keys = trafficKeys(secret, 0x1303, 1)!
    const changed = packet.slice()
    changed[20] ^= 1
    expect(open(keys, changed, 0, 1, changed.length, 654_360_563)).toBeNull()
    for (let end = 0; end < packet.length; end++) expect(open(keys, packet, 0, 1, end, -1)).toBeNull()
  })

  it('has no keys for versions that are not known, nor for suites that QUIC does not use', () => {
    expect(initialKeys(0x12345678, octets('8394c8f03e515708'))).toBeNull()
    expect(trafficKeys(secret, 0xc02f, 1)).toBeNull()
  })
})
