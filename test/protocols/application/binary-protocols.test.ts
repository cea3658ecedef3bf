import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17, RFC 4253, BEP 3.

describe('SSH', () => {
  /** Length 12, padding 4, code, six octets of content, padding. */
  const packetWith = (code: string): string => `0000000c 04 ${code} 010203040506 00000000`

  test('versions, packets in the clear, then what is encrypted', () => {
    const exchange = new Exchange('tcp', 22)
    const version = exchange.client(text('SSH-2.0-test 1\r\n'))
    expect(applicationsOf(version)).toBe('ssh')
    expect(valuesOf(version, 'ssh.protocol')).toEqual(['SSH-2.0-test 1'])
    const packet = exchange.client(packetWith('1e'))
    expect(valuesOf(packet, 'ssh.packet_length')).toEqual([12])
    expect(valuesOf(packet, 'ssh.padding_length')).toEqual([4])
    expect(valuesOf(packet, 'ssh.message_code')).toEqual([30])
    expect(valuesOf(exchange.client(packetWith('15')), 'ssh.message_code')).toEqual([21])
  })

  /** KEXINIT (RFC 4253 §7.1): cookie, ten lists of which the ciphers are given, no guess, reserved; four octets of padding. */
  function keyExchange(ciphers: string): string {
    const list = (names: string): string =>
      names.length.toString(16).padStart(8, '0') + Buffer.from(names).toString('hex')
    const lists = ['kex', 'ssh-rsa', ciphers, ciphers, 'mac', 'mac', 'none', 'none', '', ''].map(list).join('')
    const content = `14${'ab'.repeat(16)}${lists}0000000000`
    return `${(content.length / 2 + 5).toString(16).padStart(8, '0')}04${content}00000000`
  }

  test('the cipher that the peers agree on; of what ChaCha20 encrypted nothing is shown', () => {
    const encryptedBy = (client: string, server: string) => {
      const exchange = new Exchange('tcp', 22)
      exchange.client(text('SSH-2.0-a\r\n'))
      exchange.server(text('SSH-2.0-b\r\n'))
      const offer = exchange.client(keyExchange(client))
      expect(valuesOf(offer, 'ssh.encryption_algorithms_client_to_server')).toEqual([client])
      expect(valuesOf(offer, 'ssh.first_kex_packet_follows')).toEqual([0])
      expect(valuesOf(offer, 'ssh.kex.reserved')).toEqual(['00000000'])
      expect(valuesOf(offer, 'ssh.direction')).toEqual([0])
      expect(valuesOf(exchange.server(keyExchange(server)), 'ssh.direction')).toEqual([1])
      exchange.client(packetWith('15'))
      return exchange.client('aabbccddeeff0011')
    }
    const counted = encryptedBy('chacha20-poly1305@openssh.com,aes128-ctr', 'aes128-ctr')
    expect(valuesOf(counted, 'ssh.packet_length_encrypted')).toEqual(['aabbccdd'])
    expect(valuesOf(counted, 'ssh.encrypted_packet')).toEqual(['eeff0011'])
    const sealed = encryptedBy('chacha20-poly1305@openssh.com,aes128-ctr', 'aes128-ctr,chacha20-poly1305@openssh.com')
    expect(valuesOf(sealed, 'ssh.encrypted_packet')).toEqual([])
    expect(valuesOf(sealed, 'ssh.direction')).toEqual([0])
  })

  test('a packet that goes on in the next segment', () => {
    const exchange = new Exchange('tcp', 22)
    exchange.server(text('SSH-2.0-x\r\n'))
    const first = exchange.server('0000000c 04')
    expect(applicationsOf(first)).toBe('ssh')
    expect(valuesOf(first, 'ssh.packet_length')).toEqual([])
    expect(valuesOf(exchange.server('1e 010203040506 00000000'), 'ssh.message_code')).toEqual([30])
  })
})

describe('BitTorrent', () => {
  /** 19, the name, reserved, info hash, peer ID. */
  const handshake = `13${Buffer.from('BitTorrent protocol').toString('hex')}${'00'.repeat(8)}${'aa'.repeat(20)}${'bb'.repeat(20)}`

  test('a handshake tells it on any port; messages follow', () => {
    const exchange = new Exchange('tcp', 50001)
    // The handshake, a keepalive, and an unchoke.
    const packet = exchange.client(`${handshake}00000000 0000000101`)
    expect(applicationsOf(packet)).toBe('bittorrent')
    expect(valuesOf(packet, 'bittorrent.info_hash')).toEqual(['aa'.repeat(20)])
    expect(valuesOf(packet, 'bittorrent.msg.length')).toEqual([0, 1])
    expect(valuesOf(packet, 'bittorrent.msg.type')).toEqual([1])
    // A request for 16 KiB of piece 3.
    const request = exchange.client('0000000d 06 00000003 00000000 00004000')
    expect(valuesOf(request, 'bittorrent.piece.index')).toEqual([3])
    expect(valuesOf(request, 'bittorrent.piece.length')).toEqual([0x4000])
  })
})

describe('MySQL', () => {
  test('a greeting, a login, a query, an error', () => {
    const exchange = new Exchange('tcp', 3306)
    const greeting = exchange.server(`06000000 0a ${Buffer.from('5.7\0').toString('hex')} 00`)
    expect(applicationsOf(greeting)).toBe('mysql')
    expect(valuesOf(greeting, 'mysql.packet_length')).toEqual([6])
    expect(valuesOf(greeting, 'mysql.version')).toEqual(['5.7'])
    exchange.client(`24000001 85a60300 00000001 21 ${'00'.repeat(27)}`)
    exchange.server('07000002 00 0000 0200 0000')
    const query = exchange.client(`09000000 03 ${Buffer.from('SELECT 1').toString('hex')}`)
    expect(valuesOf(query, 'mysql.command')).toEqual([3])
    expect(valuesOf(query, 'mysql.query')).toEqual(['SELECT 1'])
    expect(valuesOf(exchange.server('03000001 ff 2804'), 'mysql.error_code')).toEqual([1064])
  })
})
