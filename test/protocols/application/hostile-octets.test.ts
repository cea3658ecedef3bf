import { describe, expect, test } from 'vitest'
import { protocols } from '../../../src/protocols/index.ts'
import { valuesOf } from '../../support/packet.ts'
import { Exchange, text } from './exchange.ts'

/** Every field of the protocols of that name. */
function fieldsOf(...names: readonly string[]): string[] {
  return protocols.filter(({ name }) => names.includes(name)).flatMap(({ fields }) => fields.map(({ name }) => name))
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** Numbers that look random and are always the same (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}

const CLIENT_HELLO_EXTENSIONS =
  '0000000800060000036162630005000501000000000010000500030268320033000a0008001d0004aabbccdd002d00020101002b0003020304' +
  '002900110008000201020000000000050401020304' +
  '00390010010480007530040102050160f040200102'
const HELLO = `0303${'11'.repeat(32)}000004130100ff0100${hex(CLIENT_HELLO_EXTENSIONS.length / 2, 4)}${CLIENT_HELLO_EXTENSIONS}`
const KEY_EXCHANGE = '03001d04aabbccdd040300020102'

function handshake(type: number, content: string): string {
  return `160303${hex(content.length / 2 + 4, 4)}${hex(type, 2)}${hex(content.length / 2, 6)}${content}`
}

/** Name, transport, port, what the client sends; a good message, of which octets are changed and cut. */
const messages: readonly (readonly [name: string, transport: 'tcp' | 'udp', port: number, hex: string])[] = [
  ['mqtt', 'tcp', 1883, '101e00044d51545405c6003c0511000000050002633505180000000500017700016d000175000170'],
  ['modbus', 'tcp', 502, '000100000014012b0e010100000200046162636480030102030405'],
  ['tls', 'tcp', 443, handshake(1, HELLO) + handshake(12, KEY_EXCHANGE) + handshake(4, '00000e10000401020304')],
  [
    'snmp',
    'udp',
    161,
    '3042020103300d020101020203e80401040201030418301604038000010201010201020403616263040178040179' +
      '3014040101040163a20c02010102010002010030013000',
  ],
  ['ntp', 'udp', 123, `1602${'00'.repeat(10)}`],
  [
    'sip',
    'udp',
    5060,
    Buffer.from(
      'REGISTER sip:a SIP/2.0\r\nFrom: "B" <sip:b@c>;tag=1\r\nAuthorization: Digest realm="x"\r\n\r\n',
    ).toString('hex'),
  ],
]

describe('octets changed and cut at random', () => {
  test.each(messages)('%s', (name, transport, port, good) => {
    const fields = [...new Set(fieldsOf(name))]
    const next = numbers(name.length)
    for (let round = 0; round < 150; round++) {
      const octets = Buffer.from(good, 'hex')
      for (let i = next() % 4; i > 0; i--) octets[next() % octets.length] = next() % 256
      const cut = octets.subarray(0, octets.length - (next() % 3 === 0 ? next() % octets.length : 0))
      const packet = new Exchange(transport, port).client(cut)
      for (const field of fields) expect(Array.isArray(valuesOf(packet, field))).toBe(true)
    }
  })

  test('certificates', () => {
    const fields = fieldsOf('tls').filter((field) => /^(x509|pkix|pkcs)/.test(field))
    const good =
      '30653060a003020102020102300a06082a8648ce3d040302300d310b300906035504061302444530' +
      '1e170d3939313233313233353935395a170d3439313233313233353935395a300c310a30080603550403' +
      '0c01783009300706052b0601010130000003020001'
    const next = numbers(7)
    for (let round = 0; round < 150; round++) {
      const octets = Buffer.from(good, 'hex')
      for (let i = next() % 5; i > 0; i--) octets[next() % octets.length] = next() % 256
      const certificate = octets.toString('hex')
      const list = hex(octets.length, 6) + certificate
      const packet = new Exchange('tcp', 443).server(handshake(11, hex(list.length / 2, 6) + list))
      for (const field of fields) expect(Array.isArray(valuesOf(packet, field))).toBe(true)
    }
  })

  test('the head of a mail', () => {
    const next = numbers(11)
    for (let round = 0; round < 100; round++) {
      const exchange = new Exchange('tcp', 25)
      exchange.client(text('DATA\r\n'))
      exchange.server(text('354 go\r\n'))
      const octets = Buffer.from('From: "A" <a@b>, c@d\r\nContent-Type: text/plain; a=b\r\n\r\nx\r\n.\r\n')
      for (let i = next() % 6; i > 0; i--) octets[next() % (octets.length - 5)] = next() % 256
      const packet = exchange.client(octets)
      for (const field of fieldsOf('imf')) expect(Array.isArray(valuesOf(packet, field))).toBe(true)
    }
  })
})
