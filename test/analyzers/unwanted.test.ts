import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Unwanted, type UnwantedResult } from '../../src/analyzers/unwanted.ts'
import { mergeContext, newContext } from '../../src/engine/context.ts'
import { builtInPolicy, parsePolicy } from '../../src/policy/read.ts'
import { track } from '../support/analysis.ts'
import { datagram, dialogue, dnsQuestion, framesFrom, replayWhole, segment } from '../support/dialogue.ts'
import type { Frame } from '../support/traffic.ts'

const builtIn = builtInPolicy()

const PSH_ACK = 0x18

/** BEP 3: the length of the protocol's name and the name, eight reserved octets, the torrent's hash, the peer's identification. */
const BITTORRENT = `\x13BitTorrent protocol${'\0'.repeat(8)}${'h'.repeat(20)}-TR3000-abcdefghijkl`
/** BEP 5. */
const DHT_PING = 'd1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe'
const HTTP = 'GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n'
const HTTP_ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const SSH = 'SSH-2.0-OpenSSH_9.2\r\n'
const FTP = [
  'S: 220 (vsFTPd 3.0.3)\r\n',
  'C: USER alice\r\n',
  'S: 331 Please specify the password.\r\n',
  'C: PASS secret\r\n',
  'S: 230 Login successful.\r\n',
]

interface Part {
  readonly context: ReturnType<typeof newContext>
  readonly analyzer: Unwanted
}

function analyze(
  frames: readonly Frame[],
  cuts: readonly number[] = [],
  policy = builtIn,
  maxStreams?: number,
): Part[] {
  const parts: Part[] = []
  const begin = (): void => {
    const context = newContext({ continues: parts.length > 0, maxStreams })
    parts.push({ context, analyzer: new Unwanted(context, { policy }) })
  }
  begin()
  replayWhole(frames, (packet, i) => {
    for (const cut of cuts) if (cut === i) begin()
    const { context, analyzer } = parts[parts.length - 1]
    track(context, packet)
    analyzer.observe(packet)
  })
  return parts
}

function unwantedIn(packets: readonly Uint8Array[], policy = builtIn): UnwantedResult {
  return analyze(framesFrom(packets), [], policy)[0].analyzer.result()
}

describe('BitTorrent', () => {
  test.each([6881, 80, 443, 53, 50_000])('on port %i', (port) => {
    const { findings } = unwantedIn(
      dialogue('10.0.0.4:40000', `203.0.113.7:${port}`, [`C: ${BITTORRENT}`, `S: ${BITTORRENT}`]),
    )
    expect(findings).toMatchObject([
      {
        rule: 'peer-to-peer',
        severity: 'high',
        protocols: ['bittorrent'],
        at: { address: '10.0.0.4', port: null },
        others: ['203.0.113.7'],
        otherCount: 1,
        flows: 1,
        packets: 5,
        // Five segments of 54 octets, two of them with a handshake of 68.
        bytes: 5 * 54 + 2 * 68,
        firstPacket: 1,
        evidence: [{ protocol: 'bittorrent', kind: 'payload', packet: 4 }],
        streams: { tcp: [0], udp: [], omitted: 0 },
      },
    ])
  })

  test('is one finding of a host, whoever began, over TCP and UDP', () => {
    const { findings } = unwantedIn([
      ...dialogue('203.0.113.7:51000', '10.0.0.4:6881', [`C: ${BITTORRENT}`, `S: ${BITTORRENT}`]),
      ...dialogue('10.0.0.4:40000', '203.0.113.8:6881', [`C: ${BITTORRENT}`]),
      datagram('10.0.0.4:6881', '203.0.113.9:6881', DHT_PING),
    ])
    expect(findings).toMatchObject([
      {
        protocols: ['bittorrent', 'bt-dht'],
        at: { address: '10.0.0.4' },
        others: ['203.0.113.7', '203.0.113.8', '203.0.113.9'],
        flows: 3,
        streams: { tcp: [0, 1], udp: [0] },
      },
    ])
  })

  test('of another host is another finding', () => {
    const { findings } = unwantedIn([
      datagram('10.0.0.4:6881', '203.0.113.9:6881', DHT_PING),
      datagram('10.0.0.5:6881', '203.0.113.9:6881', DHT_PING),
    ])
    expect(findings.map(({ at, firstPacket }) => [at.address, firstPacket])).toEqual([
      ['10.0.0.4', 1],
      ['10.0.0.5', 2],
    ])
  })
})

test('a port alone raises nothing: 6881, 23, 3389 and 111 with other things, or with nothing', () => {
  const { findings, looked } = unwantedIn([
    ...dialogue('203.0.113.9:40000', '10.0.0.4:6881', ['C: \x80\x81\x82', 'S: \x83\x84\x85']),
    ...dialogue('203.0.113.9:40000', '10.0.0.4:23', ['C: \x80\x81\x82', 'S: \x83\x84\x85']),
    ...dialogue('203.0.113.9:40000', '10.0.0.4:3389', ['C: \x80\x81\x82', 'S: \x83\x84\x85']),
    ...dialogue('203.0.113.9:40000', '10.0.0.4:111', []),
  ])
  expect(findings).toEqual([])
  expect(looked).toMatchObject({ streams: 4, named: 0, empty: 1 })
})

test('a login in clear text: the user, never the password', () => {
  const result = unwantedIn([
    ...dialogue('10.0.0.5:40000', '10.0.0.20:21', FTP),
    ...dialogue(
      '10.0.0.6:40000',
      '10.0.0.20:21',
      FTP.map((text) => text.replace('alice', 'bob\x1b[31m')),
    ),
    ...dialogue(
      '10.0.0.7:40000',
      '10.0.0.20:21',
      FTP.map((text) => text.replace('alice', 'anonymous')),
    ),
  ])
  expect(result.findings).toMatchObject([
    {
      rule: 'clear-text-login',
      severity: 'medium',
      at: { address: '10.0.0.20', port: 21 },
      others: ['10.0.0.5', '10.0.0.6'],
      flows: 2,
      evidence: [
        { kind: 'payload', packet: 7, what: 'PASS of user "alice"' },
        { kind: 'payload', packet: 15, what: 'PASS of user "bob\x1b[31m"' },
      ],
    },
  ])
  expect(JSON.stringify(result)).not.toContain('secret')
})

test("a protocol on another's port, if it answers", () => {
  const ssh = (server: string, lines = [`S: ${SSH}`, `C: ${SSH}`]) =>
    unwantedIn(dialogue('10.0.0.5:40000', server, lines)).findings
  expect(ssh('203.0.113.9:443')).toMatchObject([
    {
      rule: 'port-of-another',
      severity: 'low',
      protocols: ['ssh'],
      evidence: [{ packet: 4, what: expect.stringMatching(/^SSH.* on port 443, which is HTTPS's$/) }],
    },
  ])
  expect(ssh('203.0.113.9:22')).toEqual([])
  expect(ssh('203.0.113.9:2222')).toEqual([])
  expect(ssh('203.0.113.9:443', [`C: ${SSH}`])).toEqual([])
})

test('a stream whose beginning is not there: the server is told by its port', () => {
  // The first packet is the server's.
  const request = 'POST /RPC2 HTTP/1.1\r\nHost: x\r\n\r\n'
  const { findings } = unwantedIn([
    segment('10.0.0.5:8080', '203.0.113.9:22', PSH_ACK, 1, 1, SSH),
    segment('203.0.113.9:22', '10.0.0.5:8080', PSH_ACK, 1, 22, SSH),
    segment('203.0.113.9:80', '10.0.0.5:443', PSH_ACK, 1, 1, HTTP_ANSWER),
    segment('10.0.0.5:443', '203.0.113.9:80', PSH_ACK, 1, 2, request),
  ])
  expect(findings).toEqual([])
})

test('a tunnel through DNS, and the domain that it leads to', () => {
  const coded = (i: number): string => createHash('sha256').update(String(i)).digest('hex')
  const name = (i: number): string => `${coded(i).slice(4)}.${coded(-i).slice(44)}.t.example.com`
  const { findings } = unwantedIn(
    Array.from({ length: 60 }, (_, i) => datagram('10.0.0.5:50000', '10.0.0.1:53', dnsQuestion(name(i)))),
  )
  expect(findings).toMatchObject([
    {
      rule: 'dns-tunnel',
      at: { address: '10.0.0.5', port: null },
      others: ['10.0.0.1'],
      domain: 'example.com',
      flows: 0,
      packets: 60,
      streams: { tcp: [], udp: [], omitted: 0 },
      evidence: [{ packet: 1, what: expect.stringMatching(/^60 different names too long for any hash/) }],
    },
  ])
})

test('clean web and mail traffic raises nothing', () => {
  const smtp = [
    'S: 220 mx.example.com ESMTP\r\n',
    'C: EHLO a.example\r\n',
    'S: 250-mx.example.com\r\n250 STARTTLS\r\n',
    'C: MAIL FROM:<a@a.example>\r\n',
    'S: 250 2.1.0 Ok\r\n',
    'C: RCPT TO:<b@example.com>\r\n',
    'S: 250 2.1.5 Ok\r\n',
    'C: DATA\r\n',
    'S: 354 End data with <CR><LF>.<CR><LF>\r\n',
    'C: Subject: the AUTH PLAIN and the USER\r\n\r\nUSER me\r\nPASS you\r\n.\r\n',
    'S: 250 2.0.0 Ok\r\n',
  ]
  const imap = [
    'S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready.\r\n',
    'C: a1 STARTTLS\r\n',
    'S: a1 OK Begin TLS\r\n',
    'C: \x16\x03\x01\0\x04\x01\0\0\0',
  ]
  const { findings, looked } = unwantedIn([
    ...dialogue('10.0.0.5:40000', '203.0.113.80:80', [`C: ${HTTP}`, `S: ${HTTP_ANSWER}`]),
    ...dialogue('203.0.113.9:40000', '10.0.0.4:80', [`C: ${HTTP}`, `S: ${HTTP_ANSWER}`]),
    ...dialogue('203.0.113.25:40000', '10.0.0.4:25', smtp),
    ...dialogue('10.0.0.5:40001', '203.0.113.25:143', imap),
    ...dialogue('203.0.113.9:40000', '10.0.0.4:22', [`S: ${SSH}`, `C: ${SSH}`]),
    datagram('10.0.0.5:50000', '10.0.0.1:53', dnsQuestion('www.example.com')),
  ])
  expect(findings).toEqual([])
  expect(looked).toMatchObject({ streams: 6, named: 6, unnamed: 0, empty: 0 })
})

test('the worst first, then what is most', async () => {
  const policy = await parsePolicy(
    `
extends: none
rules:
  - {id: web, severity: low, deny: {protocol: http}}
  - {id: shell, severity: critical, deny: {protocol: ssh}}
  - {id: all, severity: low, per: host, deny: {address: 10.0.0.5}}
`,
    'p.yaml',
  )
  const packets = [
    ...dialogue('10.0.0.5:40000', '10.0.0.4:80', [`C: ${HTTP}`, `S: ${HTTP_ANSWER}`]),
    ...dialogue('10.0.0.5:40001', '10.0.0.4:22', [`C: ${SSH}`]),
    ...dialogue('10.0.0.5:40002', '10.0.0.4:9999', []),
  ]
  const { findings } = unwantedIn(packets, policy)
  expect(findings.map(({ rule, flows }) => [rule, flows])).toEqual([
    ['shell', 1],
    ['all', 3],
    ['web', 1],
  ])
  expect(findings[1].evidence[0]).toMatchObject({ kind: 'policy', packet: 1 })
})

test('streams that made room for others are judged all the same', () => {
  const packets = [4, 5, 6, 7].flatMap((host) =>
    dialogue(
      `10.0.0.5:4000${host}`,
      '10.0.0.20:21',
      FTP.map((text) => text.replace('alice', `user${host}`)),
    ),
  )
  const [part] = analyze(framesFrom(packets), [], builtIn, 2)
  const [whole] = analyze(framesFrom(packets))
  expect(part.analyzer.result()).toEqual(whole.analyzer.result())
  expect(part.analyzer.result().findings).toMatchObject([{ flows: 4, streams: { tcp: [0, 1, 2, 3] } }])
})

describe('parts come to the same as the whole', () => {
  const lines = {
    ftp: FTP,
    torrent: [`C: ${BITTORRENT}`, `S: ${BITTORRENT}`, 'C: \0\0\0\0'],
    ssh: [`S: ${SSH}`, `C: ${SSH}`],
    web: [`C: ${HTTP}`, `S: ${HTTP_ANSWER}`, 'C: GET /a HTTP/1.1\r\nAuthorization: Basic YWxpY2U6eA==\r\n\r\n'],
    unknown: ['C: \x80\x81', 'S: \x82\x83'],
  }
  const conversation = fc
    .record({
      what: fc.constantFrom(...(Object.keys(lines) as (keyof typeof lines)[])),
      client: fc.constantFrom('10.0.0.5', '203.0.113.9'),
      clientPort: fc.constantFrom(40_000, 40_001),
      server: fc.constantFrom('10.0.0.4', '203.0.113.7'),
      port: fc.constantFrom(21, 443, 6881),
    })
    .map(({ what, client, clientPort, server, port }) =>
      dialogue(`${client}:${clientPort}`, `${server}:${port}`, lines[what]),
    )
  /** Several at once: each packet is the next of one of them. */
  const capture = fc
    .tuple(fc.array(conversation, { minLength: 1, maxLength: 4 }), fc.array(fc.nat({ max: 3 }), { maxLength: 40 }))
    .map(([conversations, order]) => {
      const left = conversations.map((packets) => [...packets])
      const packets: Uint8Array[] = []
      for (const which of order) {
        const next = left[which % left.length].shift()
        if (next !== undefined) packets.push(next)
      }
      return framesFrom(packets.concat(...left))
    })
  const cuts = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 3 }).map((at) => at.sort((a, b) => a - b))
  const join = (into: Part, later: Part): Part => {
    into.analyzer.merge(later.analyzer, mergeContext(into.context, later.context))
    return into
  }

  test.each([
    ['first parts first', (parts: Part[]) => parts.reduce(join)],
    ['last parts first', (parts: Part[]) => parts.reduceRight((later, earlier) => join(earlier, later))],
  ])('%s', (_order, put) => {
    fc.assert(
      fc.property(capture, cuts, (frames, at) => {
        const [whole] = analyze(frames)
        expect(put(analyze(frames, at)).analyzer.result()).toEqual(whole.analyzer.result())
      }),
      { numRuns: 100 },
    )
  })
})
