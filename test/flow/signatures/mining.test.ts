import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions, signatureOf } from '../../support/signature.ts'

const noise = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 89 + 37) & 0xff)
const text = (content: string): number[] => [...Buffer.from(content, 'latin1')]

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, name: string | null, options?: PayloadOptions]

function check(transport: 'tcp' | 'udp', cases: readonly Case[]): void {
  for (const [what, payload, name, options] of cases)
    test(`${transport}: ${what}`, () => expect(nameOf(transport, payload, options)).toBe(name))
}

describe('Stratum', () => {
  check('tcp', [
    ['a subscription', '{"id":1,"method":"mining.subscribe","params":["miner/1.0"]}\n', 'stratum'],
    ["a pool's notification", '{"params":["1"],"id":null,"method":"mining.notify"}\n', 'stratum'],
    ['a login of Ethereum', '{"worker":"a","jsonrpc":"2.0","method":"eth_submitLogin","params":["0x0"]}', 'stratum'],
    ['a login of Monero', '{"method":"login","params":{"login":"4A","pass":"x","agent":"a/1"},"id":1}', 'stratum'],
    ['a job of Monero', '{"result":{"job":{"blob":"00","job_id":"1","target":"ff"}}}', 'stratum'],
    ['a login somewhere else', '{"method":"login","params":{"user":"a","pass":"x"},"id":1}', null],
    ['other JSON', '{"jsonrpc":"2.0","method":"add","params":[1,2],"id":1}', null],
  ])
})

describe('Bitcoin and its like', () => {
  const message = (magic: string, command: string) => [
    ...hex(magic),
    ...text(command.padEnd(12, '\0')),
    ...hex('55000000 01020304'),
    ...noise(0x55),
  ]

  check('tcp', [
    ['version', message('f9beb4d9', 'version'), 'bitcoin'],
    ['testnet', message('0b110907', 'verack'), 'bitcoin'],
    ['another magic number', message('f9beb4da', 'version'), null],
    ['what is no command', message('f9beb4d9', 'Version!'), null],
    ['a command with more behind its end', message('f9beb4d9', 'inv\0x'), null],
    ['a length that nobody sends', message('f9beb4d9', 'block').with(19, 9), null],
    ['Litecoin', message('fbc0b6db', 'version'), 'litecoin'],
    ['Dogecoin', message('c0c0c0c0', 'version'), 'dogecoin'],
    ['Dash', message('bf0c6bbd', 'version'), 'dash'],
    ['Zcash', message('24e92764', 'version'), 'zcash'],
    ['Bitcoin Cash', message('e3e1f3e8', 'version'), 'bitcoin-cash'],
  ])
})

describe('Ethereum', () => {
  // hash, signature with its recovery id, type, list of 30 octets
  const packet = (type: number, recovery = 1) => [...noise(32), ...noise(64), recovery, type, 0xde, ...noise(30)]
  const long = [...noise(32), ...noise(64), 0, 4, 0xf9, 0x01, 0x2c, ...noise(300)]
  // a length, a public key that is not compressed, and what is encrypted
  const handshake = (length: number) => [length >> 8, length & 0xff, 4, ...noise(length - 1)]

  check('udp', [
    ['discv4: ping', packet(1), 'ethereum'],
    ['discv4: neighbors', long, 'ethereum'],
    ['discv4: a type that there is not', packet(9), null],
    ['discv4: a recovery id that there is not', packet(1, 2), null],
    ['discv4: an octet more than the list', [...packet(1), 0], null],
  ])

  check('tcp', [
    ['RLPx: auth', handshake(400), 'ethereum', { ports: [40_000, 30_303] }],
    ['RLPx: ack', handshake(400), 'ethereum', { ports: [30_303, 40_000] }],
    ['RLPx: another length', handshake(400).with(1, 0), null, { ports: [40_000, 30_303] }],
    ['RLPx: a compressed key', handshake(400).with(2, 3), null, { ports: [40_000, 30_303] }],
    ['RLPx: not the first of its sender', handshake(400), null, { ports: [40_000, 30_303], isFirst: false }],
    ['RLPx: on another port', handshake(400), 'ethereum'],
  ])

  test('on other ports, both sides have to shake hands', () => {
    expect(signatureOf('tcp', handshake(400))?.payloads).toBe(2)
    expect(signatureOf('tcp', handshake(400), { ports: [40_000, 30_303] })?.payloads).toBeUndefined()
  })
})

describe('Levin', () => {
  // signature, length 226, expects a response, command 1001, return code, flags, version
  const message = hex('0121010101010101 e200000000000000 01 e9030000 00000000 01000000 01000000')
  check('tcp', [
    ['a handshake', message, 'levin'],
    ['another signature', message.with(1, 0x11), null],
    ['version 2', message.with(29, 2), null],
  ])
})
