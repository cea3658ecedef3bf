/** What streams are called, and why: by what they carry, by what others announce, by their ports. */
import { describe, expect, test } from 'vitest'
import { newContext } from '../../src/engine/context.ts'
import { track } from '../support/analysis.ts'
import { packetOf } from '../support/packet.ts'

const ETHERNET = 1

/** `10.0.0.2:40000 > 10.0.0.1:25`, what it carries as Latin-1, and for TCP the sequence number. */
interface Sent {
  readonly transport: 'tcp' | 'udp'
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  readonly payload: string
  readonly sequence?: number
}

/** Hosts are the last octet of 10.0.0.x. */
function frame({ transport, from, to, payload, sequence = 1 }: Sent): Uint8Array {
  const content = Buffer.from(payload, 'latin1')
  const isTcp = transport === 'tcp'
  const header = Buffer.alloc(isTcp ? 20 : 8)
  header.writeUInt16BE(from[1], 0)
  header.writeUInt16BE(to[1], 2)
  if (isTcp) {
    header.writeUInt32BE(sequence, 4)
    header.writeUInt32BE(1, 8)
    header[12] = 0x50 // data offset 5
    header[13] = 0x18 // PSH, ACK
  } else header.writeUInt16BE(8 + content.length, 4)
  const ip = Buffer.alloc(20)
  ip[0] = 0x45
  ip.writeUInt16BE(20 + header.length + content.length, 2)
  ip[8] = 64
  ip[9] = isTcp ? 6 : 17
  ip.set([10, 0, 0, from[0]], 12)
  ip.set([10, 0, 0, to[0]], 16)
  const link = Buffer.from('020000000001 020000000002 0800'.replaceAll(' ', ''), 'hex')
  return Buffer.concat([link, ip, header, content])
}

function contextOf(sent: readonly Sent[], first = 1, continues = false) {
  const context = newContext({ continues })
  for (const [index, one] of sent.entries()) {
    const packet = packetOf(ETHERNET, frame(one))
    packet.number = first + index
    track(context, packet)
  }
  return context
}

/** `name/carried (kind packet: what)` of each stream of the transport protocol. */
function named(context: ReturnType<typeof contextOf>, transport: 'tcp' | 'udp' = 'tcp'): string[] {
  return Array.from({ length: context.streams[transport].size }, (_, row) => {
    const application = context.applications[transport].of(row)
    if (application === null) return '-'
    const { kind, packet, what } = application.evidence
    return `${[application.name, ...application.carries.map(({ name }) => name)].join('/')} (${kind} ${packet}: ${what})`
  })
}

const client = [2, 40_000] as const

function tcp(port: number, ...payloads: string[]): Sent[] {
  let sequence = 1
  return payloads.map((payload) => {
    const sent = { transport: 'tcp', from: client, to: [1, port], payload, sequence } as const
    sequence += payload.length
    return sent
  })
}

describe('by what it carries', () => {
  test('whatever the port, and the first packet that told is named', () =>
    expect(named(contextOf(tcp(80, '\xff', '\xff\xff', '\x13BitTorrent protocol\0\0\0\0\0\0\0\0')))).toEqual([
      'bittorrent (payload 3: handshake "BitTorrent protocol")',
    ]))

  test('a request typed letter by letter', () =>
    expect(named(contextOf(tcp(50_000, ...'SSH-2.0-typed')))).toEqual(['ssh (payload 8: identification "SSH-")']))

  test('a request in two segments, neither of which says it', () =>
    // RFC 4253 §4.2: "SSH-2.0-"
    expect(named(contextOf(tcp(50_000, 'SSH', '-2.0-two\r\n')))).toEqual(['ssh (payload 2: identification "SSH-")']))

  test('not what only follows after a gap', () => {
    const [first, second] = tcp(50_000, 'SSH', '-2.0-two\r\n')
    expect(named(contextOf([first, { ...second, sequence: 100 }]))).toEqual(['-'])
  })

  test('not what comes after the first payloads of a side', () => {
    const many = tcp(50_000, ...Array<string>(6).fill('\xf9'.repeat(64)), 'SSH-2.0-late\r\n')
    expect(named(contextOf(many))).toEqual(['-'])
    // The other side has its own.
    const answer = { transport: 'tcp', from: [1, 50_000], to: client, payload: 'SSH-2.0-late\r\n' } as const
    expect(named(contextOf([...many, answer]))).toEqual(['ssh (payload 8: identification "SSH-")'])
  })

  test('a name from the port gives way', () =>
    // Port 22 has SSH, whose decoder takes anything; RFC 9112 §3.
    expect(named(contextOf(tcp(22, '\xff\xff\xff\xff', 'GET / HTTP/1.1\r\n\r\n')))).toEqual([
      'http (payload 2: request or status line of HTTP/1)',
    ]))

  test('text in a reset is not looked at (RFC 9293 §3.5.3)', () => {
    const context = newContext()
    const bytes = frame(tcp(50_000, 'SSH-2.0-x\r\n')[0])
    bytes[14 + 20 + 13] = 0x14 // RST, ACK
    track(context, packetOf(ETHERNET, bytes))
    expect(named(context)).toEqual(['-'])
  })
})

describe('what that carries', () => {
  // RFC 1001 §4.3: session message, 4 octets of length; then the signature of SMB 2, or of SMB 1.
  const smb = (signature: string) => `\0\0\0\x40${signature}${'\0'.repeat(60)}`

  test('SMB 1 that only negotiates SMB 2 is SMB 2', () =>
    expect(named(contextOf(tcp(445, smb('\xffSMB'), smb('\xfeSMB'))))[0]).toMatch(/^nbss\/smb2 /))

  test('SMB 1', () => expect(named(contextOf(tcp(445, smb('\xffSMB'), smb('\xffSMB'))))[0]).toMatch(/^nbss\/smb /))

  test('a question to a BitTorrent tracker (BEP 3)', () =>
    expect(named(contextOf(tcp(8000, 'GET /announce?info_hash=%01 HTTP/1.1\r\n\r\n')))[0]).toMatch(
      /^http\/bt-tracker /,
    ))

  test('the question for the certificate of a DNSCrypt resolver', () => {
    // RFC 1035 §4.1: header, one question; "2" "dnscrypt-cert" "a", TXT, IN
    const question = '\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x012\x0ddnscrypt-cert\x01a\0\0\x10\0\x01'
    const sent: Sent = { transport: 'udp', from: client, to: [1, 443], payload: question }
    expect(named(contextOf([sent]), 'udp')[0]).toMatch(/^dns\/dnscrypt /)
  })

  // proxy-protocol.txt §2.1
  const proxied = 'PROXY TCP4 192.0.2.1 198.51.100.1 5000 80\r\n'

  test('what the PROXY protocol goes before, in the same segment or behind it', () => {
    expect(named(contextOf(tcp(8000, `${proxied}GET / HTTP/1.1\r\n\r\n`)))[0]).toMatch(/^proxy\/http /)
    expect(named(contextOf(tcp(8000, proxied, 'SSH-2.0-x\r\n')))[0]).toMatch(/^proxy\/ssh /)
    expect(named(contextOf(tcp(8000, proxied)))[0]).toMatch(/^proxy \(/)
  })

  test('the switch to WebSocket (RFC 6455 §4.2.2)', () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
    expect(named(contextOf(tcp(8000, answer)))[0]).toMatch(/^http\/websocket /)
    expect(named(contextOf(tcp(8000, 'HTTP/1.1 200 OK\r\nUpgrade: websocket\r\n\r\n')))[0]).toMatch(/^http /)
  })
})

describe('by the port', () => {
  test('if its decoder takes what is sent', () => {
    expect(named(contextOf(tcp(22, '\xff\xff\xff\xff')))).toEqual(['ssh (port 1: port 22)'])
    expect(named(contextOf(tcp(443, '\xff\xff\xff\xff')))).toEqual(['-'])
  })
})

describe('by what another stream says', () => {
  // RFC 959 §4.1.2: h1,h2,h3,h4,p1,p2; 195 * 256 + 80 = 50000
  const passive = '227 Entering Passive Mode (10,0,0,1,195,80).\r\n'
  const control = (payload: string): Sent => ({ transport: 'tcp', from: [1, 21], to: client, payload })
  const data: Sent = { transport: 'tcp', from: [2, 41_000], to: [1, 50_000], payload: '\xff\xfe\xff\xfe' }

  test('FTP: the data connection', () =>
    expect(named(contextOf([control('220 FTP server ready\r\n'), control(passive), data]))[1]).toBe(
      'ftp-data (announced 2: announced by ftp)',
    ))

  test('only if that stream is FTP', () => {
    const other = { ...control(passive), from: [1, 50_001] } as const
    const first = { ...other, payload: 'SSH-2.0-x\r\n' }
    expect(named(contextOf([first, other, data]))[1]).toBe('-')
  })

  test('SIP: media and their control (RFC 8866 §5.14)', () => {
    const invite = [
      'INVITE sip:a@example.com SIP/2.0',
      'Content-Type: application/sdp',
      '',
      'v=0',
      'c=IN IP4 10.0.0.1',
      'm=audio 30000 RTP/AVP 0',
      '',
    ].join('\r\n')
    const sent: Sent[] = [
      { transport: 'udp', from: [1, 5060], to: [2, 5060], payload: invite },
      { transport: 'udp', from: [2, 31_000], to: [1, 30_000], payload: '\x01\x01\x01\x01' },
      { transport: 'udp', from: [2, 31_001], to: [1, 30_001], payload: '\x01\x01\x01\x01' },
    ]
    expect(named(contextOf(sent), 'udp').slice(1)).toEqual([
      'rtp (announced 1: announced by sip or mgcp)',
      'rtcp (announced 1: announced by sip or mgcp)',
    ])
  })

  test('RTSP: media that the Transport header tells (RFC 2326 §12.39)', () => {
    const answer = 'RTSP/1.0 200 OK\r\nTransport: RTP/AVP;unicast;client_port=4588-4589;server_port=6256-6257\r\n\r\n'
    const sent: Sent[] = [
      { transport: 'tcp', from: [1, 554], to: client, payload: answer },
      { transport: 'udp', from: [1, 6256], to: [2, 4588], payload: '\x01\x01\x01\x01' },
      { transport: 'udp', from: [2, 4589], to: [1, 6257], payload: '\x01\x01\x01\x01' },
    ]
    expect(named(contextOf(sent), 'udp')).toEqual([
      'rtp (announced 1: announced by rtsp)',
      'rtcp (announced 1: announced by rtsp)',
    ])
  })

  test('Skinny: StartMediaTransmission, behind another message', () => {
    // Lengths 4 and 20 from the type on, version 0; KeepAlive 0, then 0x8a: two identifiers, 10.0.0.1, port 0x4e20 = 20000
    const keepAlive = '\x04\0\0\0\0\0\0\0\0\0\0\0'
    const start = '\x14\0\0\0\0\0\0\0\x8a\0\0\0\x01\0\0\0\x01\0\0\0\x0a\0\0\x01\x20\x4e\0\0'
    const sent: Sent[] = [
      { transport: 'tcp', from: [1, 2000], to: client, payload: keepAlive + start },
      { transport: 'udp', from: [2, 31_000], to: [1, 20_000], payload: '\x01\x01\x01\x01' },
    ]
    expect(named(contextOf(sent), 'udp')).toEqual(['rtp (announced 1: announced by skinny)'])
  })

  test('DCE/RPC: the port of a service (C706 appendix L)', () => {
    // Version 5.0, response, then a tower's floors: TCP 49664 = 0xc200, and IP 0.0.0.0, which is who answers
    const floors = '\x01\0\x07\x02\0\xc2\0\x01\0\x09\x04\0\0\0\0\0'
    const response = `\x05\0\x02\x03\x10\0\0\0${'\0'.repeat(40)}${floors}`
    const bytes = Buffer.from(response, 'latin1')
    bytes.writeUInt16LE(bytes.length, 8) // the fragment's length
    const sent: Sent[] = [
      { transport: 'tcp', from: [1, 135], to: client, payload: bytes.toString('latin1') },
      { transport: 'tcp', from: [2, 41_000], to: [1, 49_664], payload: '\x01\x01\x01\x01' },
    ]
    expect(named(contextOf(sent))[1]).toBe('dcerpc (announced 1: announced by dcerpc)')
  })

  test("TFTP: the server's own port (RFC 1350 §4)", () => {
    const sent: Sent[] = [
      { transport: 'udp', from: [2, 40_000], to: [1, 69], payload: '\0\x01boot\0octet\0' },
      { transport: 'udp', from: [1, 35_000], to: [2, 40_000], payload: '\0\x09\xff\xff' },
    ]
    expect(named(contextOf(sent), 'udp')[1]).toBe('tftp (announced 1: announced by tftp)')
  })
})

describe('parts of a capture', () => {
  const whole = [
    ...tcp(50_000, 'SSH', '-2.0-two\r\n'),
    { transport: 'tcp', from: [1, 21], to: client, payload: '220 FTP server ready\r\n' } as const,
    { transport: 'tcp', from: [1, 21], to: client, payload: '229 Entering (|||50000|)\r\n', sequence: 23 } as const,
    { transport: 'tcp', from: [2, 41_000], to: [1, 50_000], payload: '\xff\xfe' } as const,
    ...tcp(445, `\0\0\0\x40\xffSMB${'\0'.repeat(60)}`, `\0\0\0\x40\xfeSMB${'\0'.repeat(60)}`),
  ]

  test.each(whole.map((_, cut) => cut))('are put together to the same names, cut before packet %i', (cut) => {
    const parts = contextOf(whole.slice(0, cut))
    const later = contextOf(whole.slice(cut), cut + 1, true)
    const mapping = parts.streams.merge(later.streams)
    parts.applications.merge(later.applications, mapping)
    expect(named(parts)).toEqual(named(contextOf(whole)))
    expect(named(parts)).toEqual([
      'ssh (payload 2: identification "SSH-")',
      expect.stringMatching(/^ftp \(payload 3: /),
      'ftp-data (announced 4: announced by ftp)',
      expect.stringMatching(/^nbss\/smb2 \(payload 6: /),
    ])
  })
})
