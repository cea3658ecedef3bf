import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17.

/** SMB2 header of an echo, message 1, tree 5, session 7; the offset to the next message is to be put in. */
const echo = (next: string): string =>
  `fe534d42 4000 0100 00000000 0d00 1f00 00000000 ${next} 0100000000000000 fffe0000 05000000 0700000000000000 ${'00'.repeat(16)} 04000000`

const NTLM_NEGOTIATE = `4e544c4d53535000 01000000 058208a0 ${'00'.repeat(16)}`

describe('SMB over NetBIOS and TCP', () => {
  test('SMB2 by its signature, several messages in one', () => {
    const exchange = new Exchange('tcp', 445)
    const single = exchange.client(`00000044 ${echo('00000000')}`)
    expect(applicationsOf(single)).toBe('nbss:smb2')
    expect(valuesOf(single, 'smb2.cmd')).toEqual([13])
    expect(valuesOf(single, 'smb2.msg_id')).toEqual([1n])
    expect(valuesOf(single, 'smb2.sesid')).toEqual([7n])
    const compound = exchange.client(`0000008c ${echo('48000000')} 00000000 ${echo('00000000')}`)
    expect(applicationsOf(compound)).toBe('nbss:smb2')
    expect(valuesOf(compound, 'smb2.cmd')).toEqual([13, 13])
  })

  test('a message in two segments', () => {
    const exchange = new Exchange('tcp', 445)
    const message = `00000044 ${echo('00000000')}`.replaceAll(' ', '')
    expect(applicationsOf(exchange.client(message.slice(0, 40)))).toBe('')
    expect(applicationsOf(exchange.client(message.slice(40)))).toBe('nbss:smb2')
  })

  test('the security blob of a session setup', () => {
    const exchange = new Exchange('tcp', 445)
    const header = echo('00000000').replaceAll(' ', '').slice(0, 128).replace('0d001f00', '01001f00')
    // Blob at octet 88, 32 octets.
    const packet = exchange.client(
      `00000078 ${header} 1900 00 01 01000000 00000000 5800 2000 0000000000000000 ${NTLM_NEGOTIATE}`,
    )
    expect(applicationsOf(packet)).toBe('nbss:smb2:ntlmssp')
    expect(valuesOf(packet, 'ntlmssp.messagetype')).toEqual([1])
  })

  test('SMB1: status, flags, the commands that follow', () => {
    const exchange = new Exchange('tcp', 139)
    // Session setup response with status logon failure, AndX command none.
    const packet = exchange.server(
      `00000029 ff534d42 73 6d0000c0 98 01c8 0000 0000000000000000 0000 0100 0200 0300 0400 03 ff000000 0000 0000`,
    )
    expect(applicationsOf(packet)).toBe('nbss:smb')
    expect(valuesOf(packet, 'smb.cmd')).toEqual([0x73, 0xff])
    expect(valuesOf(packet, 'smb.nt_status')).toEqual([0xc000006d])
    expect(valuesOf(packet, 'smb.flags.response')).toEqual([1])
    expect(valuesOf(packet, 'smb.mid')).toEqual([4])
  })

  test('what is no header is the middle of a message; keep-alives have none', () => {
    const exchange = new Exchange('tcp', 139)
    const continuation = exchange.client('67617262616765')
    expect(applicationsOf(continuation)).toBe('nbss')
    expect(valuesOf(continuation, 'nbss.type')).toEqual([])
    expect(valuesOf(exchange.client('85000000'), 'nbss.type')).toEqual([0x85])
    expect(applicationsOf(exchange.client('0000000568656c6c6f'))).toBe('nbss:data')
  })
})
