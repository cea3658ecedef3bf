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

  test('a share and a file on it', () => {
    const hex = (text: string): string => Buffer.from(text, 'utf16le').toString('hex')
    const little = (value: number, octets: number): string => {
      const bytes = Buffer.alloc(octets)
      bytes.writeUIntLE(value, 0, octets)
      return bytes.toString('hex')
    }
    /** Header of command, message, flags, tree, status, in session 17; then the body. */
    const message = (
      command: number,
      id: number,
      flags: number,
      tree: number,
      status: number,
      body: string,
    ): string => {
      const header = `fe534d42 4000 0100 ${little(status, 4)} ${little(command, 2)} 0100 ${little(flags, 4)} 00000000`
      const rest = `${little(id, 4)}00000000 fffe0000 ${little(tree, 4)} 1100000000000000 ${'00'.repeat(16)}`
      const whole = `${header}${rest}${body}`.replaceAll(' ', '')
      return (whole.length / 2).toString(16).padStart(8, '0') + whole
    }
    const exchange = new Exchange('tcp', 445)
    const path = hex('\\\\srv\\share')
    const file = hex('dir\\file.txt')
    const id = `${'01'.repeat(8)}${'02'.repeat(8)}`
    const asked = exchange.client(message(3, 1, 0, 0, 0, `0900 0000 4800 ${little(path.length / 2, 2)} ${path}`))
    expect(valuesOf(asked, 'smb2.tree')).toEqual(['\\\\srv\\share'])
    const granted = exchange.server(message(3, 1, 1, 5, 0, '1000 01 00 00000000 00000000 ff011f00'))
    expect(valuesOf(granted, 'smb2.share_type')).toEqual([1])
    expect(valuesOf(granted, 'smb2.response_to')).toEqual([3])
    const create = `3900 00 00 02000000 ${'00'.repeat(16)} 89001200 80000000 07000000 01000000 40000000`
    const opened = exchange.client(
      message(5, 2, 0, 5, 0, `${create} 7800 ${little(file.length / 2, 2)} 00000000 00000000 ${file}`),
    )
    expect(valuesOf(opened, 'smb2.tree')).toEqual(['\\\\srv\\share'])
    expect(valuesOf(opened, 'smb2.tcon_frame')).toEqual([4])
    expect(valuesOf(opened, 'smb2.filename')).toEqual(['dir\\file.txt'])
    expect(valuesOf(opened, 'smb2.create.disposition')).toEqual([1])
    const read = exchange.client(
      message(8, 3, 0, 5, 0, `3100 50 00 00020000 6400000000000000 ${id} ${'00'.repeat(17)}`),
    )
    expect(valuesOf(read, 'smb2.read_length')).toEqual([512])
    expect(valuesOf(read, 'smb2.file_offset')).toEqual([100n])
    expect(valuesOf(read, 'smb2.fid')).toEqual(['01010101-0101-0101-0202-020202020202'])
    // STATUS_ACCESS_DENIED, and a share that is not known.
    const refused = exchange.server(message(8, 3, 1, 6, 0xc000_0022, '0900 0000 00000000 00'))
    expect(valuesOf(refused, 'smb2.tree')).toEqual([])
    expect(valuesOf(refused, 'smb2.read_remaining')).toEqual([])
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
