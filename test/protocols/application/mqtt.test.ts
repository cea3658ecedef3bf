import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17 on the same octets.

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** A string behind its length. */
const string = (text: string): string => `${hex(text.length, 4)}${Buffer.from(text).toString('hex')}`

/** A message of less than 128 octets: type and flags, length, content. */
function message(first: number, content: string): string {
  return `${hex(first, 2)}${hex(content.length / 2, 2)}${content}`
}

/** Properties of less than 128 octets, behind their length. */
const properties = (content: string): string => `${hex(content.length / 2, 2)}${content}`

/** Name, version, flags, keep-alive of a minute. */
const connect = (version: string, flags: string): string => `${string('MQTT')}${version}${flags}003c`

describe('MQTT 3.1.1', () => {
  test('a client connects with a will, a name and a password', () => {
    const exchange = new Exchange('tcp', 1883)
    const packet = exchange.client(
      message(0x10, connect('04', 'ce') + string('c1') + string('w/t') + string('gone') + string('us') + string('pwd')),
    )
    expect(applicationsOf(packet)).toBe('mqtt')
    expect(valuesOf(packet, 'mqtt.msgtype')).toEqual([1])
    expect(valuesOf(packet, 'mqtt.len')).toEqual([34n])
    expect(valuesOf(packet, 'mqtt.ver')).toEqual([4])
    expect(valuesOf(packet, 'mqtt.conflag.willflag')).toEqual([1])
    expect(valuesOf(packet, 'mqtt.conflag.qos')).toEqual([1])
    expect(valuesOf(packet, 'mqtt.kalive')).toEqual([60])
    expect(valuesOf(packet, 'mqtt.clientid')).toEqual(['c1'])
    expect(valuesOf(packet, 'mqtt.willtopic')).toEqual(['w/t'])
    expect(valuesOf(packet, 'mqtt.willmsg')).toEqual([Buffer.from('gone').toString('hex')])
    expect(valuesOf(packet, 'mqtt.username')).toEqual(['us'])
    expect(valuesOf(packet, 'mqtt.passwd')).toEqual(['pwd'])
    const answer = exchange.server(message(0x20, '0105'))
    expect(valuesOf(answer, 'mqtt.conack.flags.sp')).toEqual([1])
    expect(valuesOf(answer, 'mqtt.conack.val')).toEqual([5])
    expect(valuesOf(answer, 'mqtt.connack.reason_code')).toEqual([])
  })

  test('subscriptions and what is published; messages cut by segments', () => {
    const exchange = new Exchange('tcp', 1883)
    exchange.client(message(0x10, connect('04', '02') + string('')))
    const wanted = exchange.client(message(0x82, `0001${string('a/b')}01${string('#')}00`))
    expect(valuesOf(wanted, 'mqtt.msgid')).toEqual([1])
    expect(valuesOf(wanted, 'mqtt.topic')).toEqual(['a/b', '#'])
    expect(valuesOf(wanted, 'mqtt.sub.qos')).toEqual([1, 0])
    expect(valuesOf(exchange.server(message(0x90, '00010180')), 'mqtt.suback.qos')).toEqual([1, 128])
    // The second of two messages ends in the next segment.
    const first = exchange.server(`${message(0x3b, `${string('a/b')}00076869`)}30`)
    expect(valuesOf(first, 'mqtt.topic')).toEqual(['a/b'])
    expect(valuesOf(first, 'mqtt.qos')).toEqual([1])
    expect(valuesOf(first, 'mqtt.retain')).toEqual([1])
    expect(valuesOf(first, 'mqtt.msgid')).toEqual([7])
    expect(valuesOf(first, 'mqtt.msg')).toEqual(['6869'])
    const second = exchange.server(`05${string('c')}4142`)
    expect(valuesOf(second, 'mqtt.topic')).toEqual(['c'])
    expect(valuesOf(second, 'mqtt.msg')).toEqual(['4142'])
  })

  test('a length of two octets', () => {
    const packet = new Exchange('tcp', 1883).server(`30 8201 ${string('t')}${'61'.repeat(127)}`)
    expect(valuesOf(packet, 'mqtt.len')).toEqual([130n])
    expect(valuesOf(packet, 'mqtt.topic')).toEqual(['t'])
  })
})

describe('MQTT 5', () => {
  const connected = (): Exchange => {
    const exchange = new Exchange('tcp', 1883)
    exchange.client(message(0x10, connect('05', '02') + properties('110000000a') + string('c5')))
    return exchange
  }

  test('properties and reasons', () => {
    const exchange = connected()
    const answer = exchange.server(
      message(0x20, `0087${properties(`1f${string('no')}210014240126${string('k')}${string('v')}`)}`),
    )
    expect(valuesOf(answer, 'mqtt.connack.reason_code')).toEqual([0x87])
    expect(valuesOf(answer, 'mqtt.property_id')).toEqual([0x1f, 0x21, 0x24, 0x26])
    expect(valuesOf(answer, 'mqtt.prop_string')).toEqual(['no'])
    expect(valuesOf(answer, 'mqtt.prop_number')).toEqual([20])
    expect(valuesOf(answer, 'mqtt.property.max_qos')).toEqual([1])
    expect(valuesOf(answer, 'mqtt.prop_value')).toEqual(['v'])
    expect(valuesOf(exchange.server(message(0x40, '000910')), 'mqtt.puback.reason_code')).toEqual([16])
    expect(valuesOf(exchange.server(message(0xe0, '8b')), 'mqtt.disconnect.reason_code')).toEqual([0x8b])
  })

  test('an alias stands for the topic that came with it', () => {
    const exchange = connected()
    exchange.client(message(0x30, `${string('a/b')}${properties('01 01 23 0003'.replaceAll(' ', ''))}41`))
    const packet = exchange.client(message(0x30, `${string('')}${properties('230003')}42`))
    expect(valuesOf(packet, 'mqtt.topic')).toEqual(['a/b'])
    expect(valuesOf(packet, 'mqtt.property.topic_alias')).toEqual([3])
    expect(valuesOf(packet, 'mqtt.msg')).toEqual(['42'])
    // What the client says of its aliases says nothing of the server's.
    const other = exchange.server(message(0x30, `${string('')}${properties('230003')}42`))
    expect(valuesOf(other, 'mqtt.topic')).toEqual([])
  })

  test('without the CONNECT, the version is not known', () => {
    const packet = new Exchange('tcp', 1883).server(message(0x20, '0000'))
    expect(valuesOf(packet, 'mqtt.unknown_version')).toEqual([0])
    expect(valuesOf(packet, 'mqtt.connack.reason_code')).toEqual([0])
  })
})
