import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions } from '../../support/signature.ts'

const noise = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 89 + 37) & 0xff)
const text = (content: string): number[] => [...Buffer.from(content, 'latin1')]

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, name: string | null, options?: PayloadOptions]

function check(transport: 'tcp' | 'udp', cases: readonly Case[]): void {
  for (const [what, payload, name, options] of cases)
    test(`${transport}: ${what}`, () => expect(nameOf(transport, payload, options)).toBe(name))
}

describe('Minecraft', () => {
  // length, id, version 765, "localhost", port 25565, next state
  const handshake = [16, 0, 0xfd, 0x05, 9, ...text('localhost'), 0x63, 0xdd, 1]
  const json = '{"version":{"name":"1.20","protocol":765},"players":{"max":20}}'
  const status = [json.length + 2, 0, json.length, ...text(json)]

  check('tcp', [
    ['a handshake', handshake, 'minecraft'],
    ['a handshake with a request behind', [...handshake, 1, 0], 'minecraft'],
    ['a next state that there is not', handshake.with(16, 4), null],
    ['a name that is too long', handshake.with(4, 10), null],
    ['a name that is none', handshake.with(7, 1), null],
    ['a status', status, 'minecraft'],
    ['other JSON', [9, 0, 7, ...text('{"a":1}')], null],
    ['a status without its id', status.with(1, 1), null],
  ])
})

describe('Source, Quake and Steam', () => {
  const single = 'ffffffff'
  const info = [...hex(`${single} 49 11`), ...text('A server\0a_map\0folder\0A game\0'), ...noise(12)]
  const discovery = [...hex('ffffffff 214c5fa0 04000000'), ...noise(20)]
  const tcp = [0x10, 0, 0, 0, ...text('VT01'), ...noise(16)]
  // magic, length 4
  const udp = [...text('VS01'), 4, 0, ...noise(30), ...noise(4)]

  check('udp', [
    ['a request for information', [...hex(`${single} 54`), ...text('Source Engine Query\0')], 'source-engine'],
    ['another text', [...hex(`${single} 54`), ...text('Source Engine query\0')], null],
    ['a challenge', hex(`${single} 41 01020304`), 'source-engine'],
    ['a challenge with an octet more', hex(`${single} 41 0102030405`), null],
    ['a request for players', hex(`${single} 55 ffffffff`), 'source-engine'],
    ['information', info, 'source-engine'],
    ['information of another protocol', info.with(5, 0x12), null],
    ['information without a name', info.with(6, 0), null],
    ['Quake III: a request for the status', [...hex(single), ...text('getstatus\n')], 'quake3'],
    ['Quake III: a status', [...hex(single), ...text('statusResponse\n\\a\\b\n')], 'quake3'],
    ['another word', [...hex(single), ...text('getnothing\n')], null],
    ['a word within a connection', [...hex('fffffffe'), ...text('getstatus\n')], null],
    ['Steam: discovery', discovery, 'steam_ihs_discovery'],
    ['Steam: discovery with another magic', discovery.with(5, 0x4d), null],
    ['Steam: a header beyond the end', discovery.with(8, 0x40), null],
    ['Steam: a client', udp, 'steam'],
    ['Steam: another length', udp.with(4, 5), null],
  ])

  check('tcp', [
    ['Steam: a client', tcp, 'steam'],
    ['Steam: another magic', tcp.with(7, 0x32), null],
    ['Steam: a length of 4 GiB', tcp.with(3, 0xff), null],
  ])
})

describe('others', () => {
  const magic = '00ffff00fefefefefdfdfdfd12345678'
  const time = '0000000000001234'
  // conversation 10, push, one fragment, window, time, number, unacknowledged, length
  const push = [...hex('0a000000 51 00 8000 14000000 00000000 00000000 04000000'), ...noise(4)]
  const acknowledgment = hex('0a000000 52 00 7f00 14000000 00000000 01000000 00000000')

  check('udp', [
    ['RakNet: a ping', hex(`01 ${time} ${magic} ${time}`), 'raknet'],
    ['RakNet: a pong', hex(`1c ${time} ${time} ${magic} 0000`), 'raknet'],
    ['RakNet: a request to connect', hex(`05 ${magic} 0b`), 'raknet'],
    ['RakNet: the reply', hex(`06 ${magic} ${time} 00 05d4`), 'raknet'],
    ['RakNet: a ping whose magic is elsewhere', hex(`01 ${magic} ${time} ${time}`), null],
    ['RakNet: another magic', hex(`05 ${magic} 0b`).with(16, 0x79), null],
    ['TeamSpeak: a client', [...text('TS3INIT1'), ...hex('0065 0000 88'), ...noise(21)], 'teamspeak3'],
    ['TeamSpeak: a server', [...text('TS3INIT1'), ...hex('0065 88 01'), ...noise(20)], 'teamspeak3'],
    ['TeamSpeak: another type', [...text('TS3INIT1'), ...hex('0065 0000 02'), ...noise(21)], null],
    ['netcode', [0, ...text('NETCODE 1.02'), 0, ...noise(40)], 'netcode'],
    ['netcode: version 2', [0, ...text('NETCODE 2.02'), 0, ...noise(40)], null],
    ['KCP: push', push, 'kcp'],
    ['KCP: acknowledgment', acknowledgment, 'kcp'],
    ['KCP: both', [...acknowledgment, ...push], 'kcp'],
    ['KCP: two conversations', [...acknowledgment.with(0, 11), ...push], null],
    ['KCP: an octet more', [...push, 0], null],
    ['KCP: a command that there is not', push.with(4, 0x55), null],
  ])

  const greeting = '0\0WORLD OF WARCRAFT CONNECTION - SERVER TO CLIENT\0'
  // challenge, protocol, length 30, game
  const challenge = [...hex('00 08 1e00'), ...text('WoW\0'), ...noise(26)]
  check('tcp', [
    ['World of Warcraft: a greeting', greeting, 'wow'],
    ['World of Warcraft: another', greeting.replace('WARCRAFT', 'PEACECRAFT'), null],
    ['World of Warcraft: a challenge', challenge, 'wow'],
    ['World of Warcraft: a challenge of another length', challenge.with(2, 0x1f), null],
  ])
})
