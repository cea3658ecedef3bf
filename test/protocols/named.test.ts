import { describe, expect, it } from 'vitest'
import { protocols } from '../../src/protocols/index.ts'
import { namedProtocols } from '../../src/protocols/named.ts'
import { packetOf, stackOf } from '../support/packet.ts'

describe('named protocols', () => {
  it.each([
    ['888e', 'eapol'],
    ['8809', 'slow'],
    ['88f7', 'ptp'],
    ['88e5', 'macsec'],
    ['9000', 'loop'],
    ['0842', 'wol'],
    ['88a2', 'aoe'],
    ['88ca', 'tipc'],
    ['8892', 'pn_rt'],
  ])('EtherType %s is %s', (type, name) => {
    expect(stackOf(packetOf(1, `020000000001 020000000002 ${type} 00000000`))).toBe(`eth:ethertype:${name}`)
  })

  it('have link types of their own', () => {
    expect(stackOf(packetOf(227, '00000123 08 000000'))).toBe('can')
  })

  it('have each a name, and one that no other protocol has', () => {
    const names = protocols.map((protocol) => protocol.name)
    for (const { name, title } of namedProtocols) {
      expect(names.filter((other) => other === name)).toEqual([name])
      expect(title).not.toBe('')
    }
  })
})
