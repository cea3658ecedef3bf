/** Places of packets whose text pcapx shows: for each one a packet, or a few, that have it there. Written from the specifications. */
import { datagram, dialogue } from './dialogue.ts'

type Octets = readonly number[]

export interface Place {
  readonly name: string
  /** Where `show` has the text. */
  readonly field: string
  /** Frames from a client (`10.1.n.5`) to a server (`10.1.n.9`) with the text, which is given in latin-1. */
  readonly frames: (text: string, n: number) => readonly Uint8Array[]
  /** What ends the text here, or cannot be in it. */
  readonly without?: RegExp
  /** Octets that there is room for; the others are left out. */
  readonly room?: number
  /** The text is escaped here as Wireshark does it, before anybody shows it. */
  readonly escaped?: true
}

const LINE_END = /[\r\n\0]/
const WORD_END = /[\r\n\t \0]/
/** What JavaScript takes for white space, in UTF-8: requests of SIP and RTSP are not recognized with it. */
const WHITE_SPACE = /[\r\n\t \0]|\xe2\x80[\xa8\xa9]|\xe3\x80\x80|\xef\xbb\xbf/

const u16 = (value: number): Octets => [value >>> 8, value & 255]
const u16le = (value: number): Octets => [value & 255, value >>> 8]
const u24 = (value: number): Octets => [value >>> 16, ...u16(value & 0xffff)]
const u32 = (value: number): Octets => [...u16(value >>> 16), ...u16(value & 0xffff)]
const u32le = (value: number): Octets => [...u16le(value & 0xffff), ...u16le(value >>> 16)]
const zeros = (count: number): Octets => new Array<number>(count).fill(0)
const octets = (text: string): Octets => [...Buffer.from(text, 'latin1')]
const hex = (digits: string): Octets => [...Buffer.from(digits.replaceAll(' ', ''), 'hex')]
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
const latin1 = (content: Octets): string => Buffer.from(content).toString('latin1')
/** An element of BER with a length below 128 or of two octets (X.690 §8.1). */
const tlv = (tag: number, ...contents: readonly Octets[]): Octets => {
  const content = contents.flat()
  return [tag, ...(content.length < 128 ? [content.length] : [0x82, ...u16(content.length)]), ...content]
}
/** Behind its length in one octet, or two. */
const short = (text: string): Octets => [text.length, ...octets(text)]
const counted = (text: string): Octets => [...u16(text.length), ...octets(text)]
const wide = (text: string): Octets => [...Buffer.from(text, 'utf16le')]

const client = (n: number, port = 40_000): string => `10.1.${n}.5:${port}`
const server = (n: number, port: number): string => `10.1.${n}.9:${port}`

/** What a client says on a connection to a port, or what it and the server say to each other. */
const tcp =
  (port: number, say: (text: string) => readonly string[]) =>
  (text: string, n: number): readonly Uint8Array[] =>
    dialogue(client(n), server(n, port), say(text))

const udp =
  (port: number, say: (text: string) => Octets, from = 40_000) =>
  (text: string, n: number): readonly Uint8Array[] => [datagram(client(n, from), server(n, port), say(text))]

/** The answer of a server to what a client asked before. */
const answer =
  (port: number, ask: (text: string) => Octets, say: (text: string) => Octets) =>
  (text: string, n: number): readonly Uint8Array[] => [
    datagram(client(n), server(n, port), ask(text)),
    datagram(server(n, port), client(n), say(text)),
  ]

const ethernet = (type: Octets, payload: Octets): Uint8Array =>
  Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...type, ...payload)

// DNS, RFC 1035 §4.1: identification, flags, four counts; names are labels.
const label = (text: string): Octets => [...short(text), 0]
const question = (text: string, type = 1): Octets => [
  ...hex('1234 0100 0001 0000 0000 0000'),
  ...label(text),
  ...u16(type),
  0,
  1,
]
/** One record, of the name that was asked for. */
const reply = (text: string, type: number, data: Octets): Octets => [
  ...hex('1234 8180 0001 0001 0000 0000'),
  ...label(text),
  ...u16(type),
  ...hex('0001 c00c'),
  ...u16(type),
  ...hex('0001 0000003c'),
  ...u16(data.length),
  ...data,
]

/** A name of 15 characters and its type, two letters for each octet (RFC 1001 §14.1). */
const netbios = (text: string): Octets => [
  32,
  ...octets(text.padEnd(15, ' ').slice(0, 15))
    .concat(0)
    .flatMap((octet) => [0x41 + (octet >> 4), 0x41 + (octet & 15)]),
  0,
]

/** DHCP, RFC 2131 §2: a request with the names of server and file, then options. */
const dhcp = (options: Octets, sname = '', file = ''): Octets => [
  ...hex('01 01 06 00 12345678 0000 0000'),
  ...zeros(16),
  ...hex('020000000002'),
  ...zeros(10),
  ...octets(sname.padEnd(64, '\0')),
  ...octets(file.padEnd(128, '\0')),
  ...hex('63825363 350101'),
  ...options,
  255,
]

/** SIP, RFC 3261 §7. */
const sip = (line: string, ...headers: readonly string[]): Octets =>
  octets(
    `${[line, 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1', 'Call-ID: 1@x', 'CSeq: 1 INVITE', ...headers].join('\r\n')}\r\nContent-Length: 0\r\n\r\n`,
  )
const INVITE = 'INVITE sip:bob@example.org SIP/2.0'

const get = (...headers: readonly string[]): string => `GET / HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`
const ok = (...headers: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\n${[...headers, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`

/** TLS: a record with a handshake message (RFC 5246 §6.2.1, §7.4). */
const tls = (type: number, body: Octets): string =>
  latin1([0x16, 3, 3, ...u16(body.length + 4), type, ...u24(body.length), ...body])
const clientHello = (extension: number, content: Octets): string => {
  const extensions = [...u16(extension), ...u16(content.length), ...content]
  return tls(1, [3, 3, ...zeros(32), 0, ...hex('0002 1301 01 00'), ...u16(extensions.length), ...extensions])
}
/** X.509, RFC 5280 §4.1: who it is of (2.5.4.3, common name), and other names (2.5.29.17). */
const certificate = (subject: string, other: string): string => {
  const algorithm = tlv(0x30, tlv(6, hex('2a8648ce3d040302')))
  const name = (text: string): Octets => tlv(0x30, tlv(0x31, tlv(0x30, tlv(6, hex('550403')), tlv(12, octets(text)))))
  const extension = tlv(0x30, tlv(6, hex('551d11')), tlv(4, tlv(0x30, tlv(0x82, octets(other)))))
  const date = (text: string): Octets => tlv(0x17, octets(text))
  const body = tlv(
    0x30,
    tlv(0xa0, tlv(2, [2])),
    tlv(2, [1]),
    algorithm,
    name('ca'),
    tlv(0x30, date('250101000000Z'), date('300101000000Z')),
    name(subject),
    tlv(0x30, tlv(0x30, tlv(6, hex('2a8648ce3d0201'))), tlv(3, hex('00041122'))),
    tlv(0xa3, tlv(0x30, extension)),
  )
  const whole = tlv(0x30, body, algorithm, tlv(3, hex('00aabb')))
  return tls(11, [...u24(whole.length + 3), ...u24(whole.length), ...whole])
}

/** SMB2 behind its length ([MS-SMB2] §2.2.1): command, flags, tree, body. */
const smb2 = (command: number, body: Octets): string => {
  const message = [
    ...hex('fe534d42 4000 0100 00000000'),
    ...u16le(command),
    ...hex('0100 00000000 00000000 0100000000000000 fffe0000 05000000 1100000000000000'),
    ...zeros(16),
    ...body,
  ]
  return latin1([...u32(message.length), ...message])
}
/** NTLMSSP's last message ([MS-NLMP] §2.2.1.3): where each of its strings is, flags without Unicode, the strings. */
const authenticate = (domain: string, user: string, host: string): Octets => {
  let at = 64
  const place = (text: string): Octets => {
    const header = [...u16le(text.length), ...u16le(text.length), ...u32le(at)]
    at += text.length
    return header
  }
  const empty = [...zeros(4), ...u32le(64)]
  const headers = [empty, empty, place(domain), place(user), place(host), empty].flat()
  return [...octets('NTLMSSP\0'), ...u32le(3), ...headers, ...u32le(2), ...octets(domain + user + host)]
}
const sessionSetup = (blob: Octets): string =>
  smb2(1, [...hex('1900 00 01 01000000 00000000 5800'), ...u16le(blob.length), ...zeros(8), ...blob])

/** LDAP, RFC 4511 §4.1.1. */
const ldap = (operation: Octets): string => latin1(tlv(0x30, tlv(2, [1]), operation))
const bind = (name: string, password: string): string =>
  ldap(tlv(0x60, tlv(2, [3]), tlv(4, octets(name)), tlv(0x80, octets(password))))

/** Kerberos, RFC 4120 §5.4.1: what a client asks for a ticket. */
const kerberos = (user: string, realm: string): Octets => {
  const name = (text: string): Octets =>
    tlv(0x30, tlv(0xa0, tlv(2, [1])), tlv(0xa1, tlv(0x30, tlv(0x1b, octets(text)))))
  const body = tlv(
    0x30,
    tlv(0xa0, tlv(3, hex('0040000010'))),
    tlv(0xa1, name(user)),
    tlv(0xa2, tlv(0x1b, octets(realm))),
    tlv(0xa3, name('krbtgt')),
    tlv(0xa5, tlv(0x18, octets('20370913024805Z'))),
    tlv(0xa7, tlv(2, [1])),
    tlv(0xa8, tlv(0x30, tlv(2, [18]))),
  )
  return tlv(0x6a, tlv(0x30, tlv(0xa1, tlv(2, [5])), tlv(0xa2, tlv(2, [10])), tlv(0xa4, body)))
}

/** SNMP, RFC 1157 §4.1.2: version 1, community, a request. */
const snmp = (community: string): Octets =>
  tlv(0x30, tlv(2, [0]), tlv(4, octets(community)), tlv(0xa0, tlv(2, [1]), tlv(2, [0]), tlv(2, [0]), tlv(0x30)))

/** MQTT 3.1.1 §3.1: a client connects with a name and a password; §3.3: it publishes. */
const mqttConnect = (id: string, user: string): string => {
  const body = [...counted('MQTT'), 4, 0xc2, 0, 60, ...counted(id), ...counted(user), ...counted('pwd')]
  return latin1([0x10, body.length, ...body])
}
const mqttPublish = (topic: string): string => latin1([0x30, topic.length + 4, ...counted(topic), 0x68, 0x69])

/** MySQL: a greeting of protocol version 10, a login, a query. */
const mysql = (content: Octets, number: number): string => latin1([content.length, 0, 0, number, ...content])
const greeting = (version: string): string =>
  mysql(
    [
      10,
      ...octets(version),
      0,
      ...u32le(7),
      ...octets('abcdefgh'),
      0,
      ...hex('fff7 21 0200 ff81 15'),
      ...zeros(10),
      ...octets('abcdefghijkl'),
      0,
    ],
    0,
  )

/** LLDP (IEEE 802.1AB §8): an element is 7 bits of type, 9 of length. */
const lldpElement = (type: number, content: Octets): Octets => [...u16((type << 9) | content.length), ...content]
const lldp = (text: string): Uint8Array =>
  ethernet(hex('88cc'), [
    ...lldpElement(1, hex('04 020000000001')),
    ...lldpElement(2, octets(`\x05${text}`)),
    ...lldpElement(3, hex('0078')),
    ...lldpElement(4, octets(text)),
    ...lldpElement(5, octets(text)),
    ...lldpElement(6, octets(text)),
    ...lldpElement(0, []),
  ])

/** CDP: version, time to live, checksum, elements, behind LLC and SNAP with Cisco's number. */
const cdp = (text: string): Uint8Array => {
  const element = (type: number): Octets => [...u16(type), ...u16(4 + text.length), ...octets(text)]
  const body = [...hex('aaaa03 00000c 2000 02b4 0000'), ...element(1), ...element(3), ...element(5), ...element(6)]
  return ethernet(u16(body.length), body)
}

/** The tags of PPPoE's discovery (RFC 2516 §4). */
const pppoe = (text: string): Uint8Array => {
  const tags = [...hex('0101'), ...counted(text), ...hex('0102'), ...counted(text)]
  return ethernet(hex('8863'), [0x11, 0x07, 0, 0, ...u16(tags.length), ...tags])
}

/** STUN, RFC 8489 §5, §14.14: SOFTWARE. */
const stun = (text: string): Octets => {
  const padded = text.padEnd((text.length + 3) & ~3, '\0')
  return [
    ...hex('0001'),
    ...u16(4 + padded.length),
    ...hex('2112a442'),
    ...zeros(12),
    ...hex('8022'),
    ...u16(text.length),
    ...octets(padded),
  ]
}

const field = (name: string, fieldName: string, frames: Place['frames'], rest: Partial<Place> = {}): Place => ({
  name,
  field: fieldName,
  frames,
  ...rest,
})
/** Of text protocols: up to the end of the line, or of a word. */
const line = (name: string, fieldName: string, frames: Place['frames'], rest: Partial<Place> = {}): Place =>
  field(name, fieldName, frames, { without: LINE_END, ...rest })
const word = (name: string, fieldName: string, frames: Place['frames']): Place =>
  field(name, fieldName, frames, { without: WORD_END })
const dns = (name: string, fieldName: string, frames: Place['frames'], without = /[.\0]/): Place =>
  field(name, fieldName, frames, { without, room: 63, escaped: true })

const WITHOUT_ZERO = { without: /\0/ }

export const PLACES: readonly Place[] = [
  dns('DNS question', 'dns.qry.name', udp(53, question)),
  dns(
    'DNS alias',
    'dns.cname',
    answer(53, question, (text) => reply(text, 5, label(text))),
  ),
  dns(
    'DNS name of an address',
    'dns.ptr.domain_name',
    answer(53, question, (text) => reply(text, 12, label(text))),
  ),
  dns(
    'DNS text',
    'dns.txt',
    answer(53, question, (text) => reply(text, 16, short(text))),
  ),
  dns('multicast DNS', 'dns.qry.name', udp(5353, question, 5353)),
  dns('LLMNR', 'dns.qry.name', udp(5355, question)),
  field(
    'NetBIOS name',
    'nbns.name',
    udp(137, (text) => [...hex('1234 0110 0001 0000 0000 0000'), ...netbios(text), ...hex('00200001')]),
    { room: 15, escaped: true },
  ),
  field(
    'DHCP host name',
    'dhcp.option.hostname',
    udp(67, (text) => dhcp([12, ...short(text)]), 68),
    WITHOUT_ZERO,
  ),
  field(
    'DHCP vendor class',
    'dhcp.option.vendor_class_id',
    udp(67, (text) => dhcp([60, ...short(text)]), 68),
    WITHOUT_ZERO,
  ),
  field(
    'DHCP server name',
    'dhcp.server',
    udp(67, (text) => dhcp([], text), 68),
    WITHOUT_ZERO,
  ),
  field(
    'DHCP boot file',
    'dhcp.file',
    udp(67, (text) => dhcp([], '', text), 68),
    WITHOUT_ZERO,
  ),
  field(
    'TFTP file',
    'tftp.source_file',
    udp(69, (text) => octets(`\0\x01${text}\0octet\0`)),
    WITHOUT_ZERO,
  ),
  field(
    'TFTP mode',
    'tftp.type',
    udp(69, (text) => octets(`\0\x01file\0${text}\0`)),
    WITHOUT_ZERO,
  ),
  field('SNMP community', 'snmp.community', udp(161, snmp), WITHOUT_ZERO),
  field(
    'syslog message',
    'syslog.msg',
    udp(514, (text) => octets(`<34>${text}`)),
    WITHOUT_ZERO,
  ),
  field('STUN software', 'stun.att.software', udp(3478, stun), WITHOUT_ZERO),
  field(
    'Kerberos user',
    'kerberos.CNameString',
    udp(88, (text) => kerberos(text, 'R')),
  ),
  field(
    'Kerberos realm',
    'kerberos.realm',
    udp(88, (text) => kerberos('u', text)),
  ),
  line(
    'SIP request',
    'sip.Request-Line',
    udp(5060, (text) => sip(`INVITE sip:${text}@x SIP/2.0`)),
    { without: WHITE_SPACE },
  ),
  line(
    'SIP user agent',
    'sip.User-Agent',
    udp(5060, (text) => sip(INVITE, `User-Agent: ${text}`)),
  ),
  line(
    'SIP from',
    'sip.From',
    udp(5060, (text) => sip(INVITE, `From: x${text} <sip:a@b>`)),
  ),
  word(
    'HTTP URI',
    'http.request.uri',
    tcp(80, (text) => [`C: GET /${text} HTTP/1.1\r\nHost: h\r\n\r\n`]),
  ),
  line(
    'HTTP host',
    'http.host',
    tcp(80, (text) => [`C: ${get(`Host: ${text}`)}`]),
  ),
  line(
    'HTTP user agent',
    'http.user_agent',
    tcp(80, (text) => [`C: ${get('Host: h', `User-Agent: ${text}`)}`]),
  ),
  line(
    'HTTP cookie',
    'http.cookie',
    tcp(80, (text) => [`C: ${get('Host: h', `Cookie: a=${text}`)}`]),
  ),
  line(
    'HTTP referer',
    'http.referer',
    tcp(80, (text) => [`C: ${get('Host: h', `Referer: ${text}`)}`]),
  ),
  line(
    'HTTP server',
    'http.server',
    tcp(80, (text) => [`C: ${get('Host: h')}`, `S: ${ok(`Server: ${text}`)}`]),
  ),
  line(
    'HTTP type',
    'http.content_type',
    tcp(80, (text) => [`C: ${get('Host: h')}`, `S: ${ok(`Content-Type: ${text}`)}`]),
  ),
  line(
    'HTTP location',
    'http.location',
    tcp(80, (text) => [`C: ${get('Host: h')}`, `S: ${ok(`Location: ${text}`)}`]),
  ),
  line(
    'HTTP phrase',
    'http.response.phrase',
    tcp(80, (text) => [`C: ${get('Host: h')}`, `S: HTTP/1.1 200 ${text}\r\nContent-Length: 0\r\n\r\n`]),
  ),
  field(
    'HTTP login',
    'http.authbasic',
    tcp(80, (text) => [`C: ${get('Host: h', `Authorization: Basic ${base64(`${text}:secret`)}`)}`]),
  ),
  field(
    'TLS server name',
    'tls.handshake.extensions_server_name',
    tcp(443, (text) => [`C: ${clientHello(0, [...u16(text.length + 3), 0, ...counted(text)])}`]),
  ),
  field(
    'TLS ALPN',
    'tls.handshake.extensions_alpn_str',
    tcp(443, (text) => [`C: ${clientHello(16, [...u16(text.length + 1), ...short(text)])}`]),
  ),
  field(
    'certificate subject',
    'x509sat.uTF8String',
    tcp(443, (text) => [`C: ${clientHello(16, hex('0003 02 6832'))}`, `S: ${certificate(text, 'x')}`]),
  ),
  field(
    'certificate other name',
    'x509ce.dNSName',
    tcp(443, (text) => [`C: ${clientHello(16, hex('0003 02 6832'))}`, `S: ${certificate('x', text)}`]),
  ),
  line(
    'SSH banner',
    'ssh.protocol',
    tcp(22, (text) => [`S: SSH-2.0-${text}\r\n`]),
  ),
  line(
    'FTP banner',
    'ftp.response.arg',
    tcp(21, (text) => [`S: 220 ${text}\r\n`]),
  ),
  word(
    'FTP command',
    'ftp.request.command',
    tcp(21, (text) => [`S: 220 hi\r\n`, `C: ${text} x\r\n`]),
  ),
  line(
    'FTP login',
    'ftp.request.arg',
    tcp(21, (text) => [
      'S: 220 hi\r\n',
      `C: USER ${text}\r\n`,
      'S: 331 more\r\n',
      'C: PASS secret\r\n',
      'S: 230 in\r\n',
    ]),
  ),
  line(
    'SMTP banner',
    'smtp.rsp.parameter',
    tcp(25, (text) => [`S: 220 ${text}\r\n`]),
  ),
  line(
    'SMTP command',
    'smtp.req.parameter',
    tcp(25, (text) => ['S: 220 hi\r\n', `C: EHLO ${text}\r\n`]),
  ),
  line(
    'POP banner',
    'pop.response.description',
    tcp(110, (text) => [`S: +OK ${text}\r\n`]),
  ),
  line(
    'POP login',
    'pop.request.parameter',
    tcp(110, (text) => ['S: +OK hi\r\n', `C: USER ${text}\r\n`, 'S: +OK\r\n', 'C: PASS secret\r\n']),
  ),
  line(
    'IMAP line',
    'imap.line',
    tcp(143, (text) => ['S: * OK hi\r\n', `C: a1 SELECT ${text}\r\n`]),
  ),
  line(
    'IMAP login',
    'imap.line',
    tcp(143, (text) => ['S: * OK hi\r\n', `C: a1 LOGIN ${text} secret\r\n`, 'S: a1 OK in\r\n']),
  ),
  line(
    'IRC line',
    'irc.request',
    tcp(6667, (text) => [`C: PRIVMSG #c :${text}\r\n`]),
  ),
  line(
    'mail subject',
    'imf.subject',
    tcp(25, (text) => [
      'S: 220 hi\r\n',
      'C: EHLO c\r\n',
      'S: 250 ok\r\n',
      'C: MAIL FROM:<a@b>\r\n',
      'S: 250 ok\r\n',
      'C: RCPT TO:<a@b>\r\n',
      'S: 250 ok\r\n',
      'C: DATA\r\n',
      'S: 354 go\r\n',
      `C: From: a@b\r\nSubject: ${text}\r\n\r\nhi\r\n.\r\n`,
      'S: 250 ok\r\n',
    ]),
  ),
  line(
    'RTSP address',
    'rtsp.url',
    tcp(554, (text) => [`C: DESCRIBE rtsp://h/${text} RTSP/1.0\r\nCSeq: 1\r\n\r\n`]),
    { without: WHITE_SPACE },
  ),
  field(
    'Telnet text',
    'telnet.data',
    tcp(23, (text) => [`S: ${text}`]),
    { without: /[\r\n\0\xff]/ },
  ),
  field(
    'SMB2 share',
    'smb2.tree',
    tcp(445, (text) => [`C: ${smb2(3, [...hex('0900 0000 4800'), ...u16le(2 * text.length), ...wide(text)])}`]),
  ),
  field(
    'NTLM user',
    'ntlmssp.auth.username',
    tcp(445, (text) => [`C: ${sessionSetup(authenticate('D', text, 'H'))}`]),
  ),
  field(
    'NTLM domain',
    'ntlmssp.auth.domain',
    tcp(445, (text) => [`C: ${sessionSetup(authenticate(text, 'U', 'H'))}`]),
  ),
  field(
    'NTLM host',
    'ntlmssp.auth.hostname',
    tcp(445, (text) => [`C: ${sessionSetup(authenticate('D', 'U', text))}`]),
  ),
  field(
    'LDAP name',
    'ldap.name',
    tcp(389, (text) => [`C: ${bind(text, 'secret')}`]),
  ),
  field(
    'LDAP password',
    'ldap.simple',
    tcp(389, (text) => [`C: ${bind('cn=a', text)}`]),
  ),
  field(
    'MQTT client',
    'mqtt.clientid',
    tcp(1883, (text) => [`C: ${mqttConnect(text, 'u')}`]),
    WITHOUT_ZERO,
  ),
  field(
    'MQTT user',
    'mqtt.username',
    tcp(1883, (text) => [`C: ${mqttConnect('c', text)}`]),
    WITHOUT_ZERO,
  ),
  field(
    'MQTT topic',
    'mqtt.topic',
    tcp(1883, (text) => [`C: ${mqttConnect('c', 'u')}`, `C: ${mqttPublish(text)}`]),
    WITHOUT_ZERO,
  ),
  field(
    'MySQL version',
    'mysql.version',
    tcp(3306, (text) => [`S: ${greeting(text)}`]),
    WITHOUT_ZERO,
  ),
  field('LLDP system name', 'lldp.tlv.system.name', (text) => [lldp(text)], WITHOUT_ZERO),
  field('LLDP system description', 'lldp.tlv.system.desc', (text) => [lldp(text)], WITHOUT_ZERO),
  field('LLDP port', 'lldp.port.id', (text) => [lldp(text)], WITHOUT_ZERO),
  field('CDP device', 'cdp.deviceid', (text) => [cdp(text)], WITHOUT_ZERO),
  field('CDP software', 'cdp.software_version', (text) => [cdp(text)], { without: /[\0\n]/ }),
  field('CDP platform', 'cdp.platform', (text) => [cdp(text)], WITHOUT_ZERO),
  field('PPPoE service', 'pppoed.tags.service_name', (text) => [pppoe(text)], WITHOUT_ZERO),
  field('PPPoE concentrator', 'pppoed.tags.ac_name', (text) => [pppoe(text)], WITHOUT_ZERO),
]
