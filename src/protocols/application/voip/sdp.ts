/**
 * SDP: session description, RFC 8866: lines of a letter, `=` and a value. What it says of media is announced, so that RTP and
 * RTCP are found where they will be spoken.
 */
import type { Conversation } from '../../../packet/conversation.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { computed, type Field, type Visit } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { UDP } from '../../udp.ts'
import { latin1, lineEnd, nextLine, utf8 } from '../lines.ts'
import { RTCP, RTP } from './rtp.ts'
import { T38 } from './t38.ts'

export const SDP = protocolId('sdp')

const EQUALS = 0x3d
/** Lines of one description that are looked at. */
const MAX_LINES = 1024

/** Calls `each` for each line of the layer: its letter, where its value is, and whether it stands in a media description. */
function eachLine(
  packet: Packet,
  from: number,
  end: number,
  each: (letter: string, at: number, to: number, isMedia: boolean) => boolean,
): boolean {
  const { bytes } = packet
  let at = from
  let isMedia = false
  for (let i = 0; i < MAX_LINES && at < end; i++) {
    const to = lineEnd(bytes, at, end, false)
    const next = nextLine
    if (to - at >= 2 && bytes[at + 1] === EQUALS) {
      const letter = String.fromCharCode(bytes[at])
      if (letter === 'm') isMedia = true
      if (each(letter, at + 2, to, isMedia)) return true
    }
    if (next <= at) return false
    at = next
  }
  return false
}

/** Visits the values of lines `letter`; of `i` and `a` those before the first media description, or those behind. */
function line(name: string, letter: string, description: string, inMedia: boolean | null = null): Field {
  return computed('string', name, description, (packet, layer, visit) =>
    eachLine(
      packet,
      packet.layerAt[layer],
      packet.layerEnd[layer],
      (found, at, to, isMedia) =>
        found === letter && (inMedia === null || inMedia === isMedia) && visit(utf8(packet.bytes, at, to), 0),
    ),
  )
}

/** The nth word of lines `letter`. */
function word(
  type: 'string' | 'uint16',
  name: string,
  letter: string,
  n: number,
  description: string,
  read: (text: string, visit: Visit) => boolean = (text, visit) => visit(text, 0),
): Field {
  return computed(type, name, description, (packet, layer, visit) =>
    eachLine(packet, packet.layerAt[layer], packet.layerEnd[layer], (found, at, to) => {
      if (found !== letter) return false
      const words = utf8(packet.bytes, at, to).split(' ')
      return n < words.length && read(words[n], visit)
    }),
  )
}

export const sdp: Protocol = {
  id: SDP,
  name: 'sdp',
  title: 'Session Description Protocol',
  need: 'dissection',
  fields: [
    line('sdp.version', 'v', 'Session Description Protocol Version (v)'),
    line('sdp.owner', 'o', 'Owner/Creator, Session Id (o)'),
    word('string', 'sdp.owner.username', 'o', 0, 'Owner Username'),
    word('string', 'sdp.owner.sessionid', 'o', 1, 'Session ID'),
    word('string', 'sdp.owner.version', 'o', 2, 'Session Version'),
    word('string', 'sdp.owner.network_type', 'o', 3, 'Owner Network Type'),
    word('string', 'sdp.owner.address_type', 'o', 4, 'Owner Address Type'),
    word('string', 'sdp.owner.address', 'o', 5, 'Owner Address'),
    line('sdp.session_name', 's', 'Session Name (s)'),
    line('sdp.session_info', 'i', 'Session Information (i)', false),
    line('sdp.uri', 'u', 'URI of Description (u)'),
    line('sdp.email', 'e', 'E-mail Address (e)'),
    line('sdp.phone', 'p', 'Phone Number (p)'),
    line('sdp.connection_info', 'c', 'Connection Information (c)'),
    word('string', 'sdp.connection_info.network_type', 'c', 0, 'Connection Network Type'),
    word('string', 'sdp.connection_info.address_type', 'c', 1, 'Connection Address Type'),
    word('string', 'sdp.connection_info.address', 'c', 2, 'Connection Address', (text, visit) =>
      visit(text.split('/')[0], 0),
    ),
    line('sdp.bandwidth', 'b', 'Bandwidth Information (b)'),
    line('sdp.time', 't', 'Time Description, active time (t)'),
    word('string', 'sdp.time.start', 't', 0, 'Session Start Time'),
    word('string', 'sdp.time.stop', 't', 1, 'Session Stop Time'),
    line('sdp.repeat_time', 'r', 'Repeat Time (r)'),
    line('sdp.session_attr', 'a', 'Session Attribute (a)', false),
    line('sdp.media', 'm', 'Media Description, name and address (m)'),
    word('string', 'sdp.media.media', 'm', 0, 'Media Type'),
    word('string', 'sdp.media.port_string', 'm', 1, 'Media Port', (text, visit) => visit(text.split('/')[0], 0)),
    word('uint16', 'sdp.media.port', 'm', 1, 'Media Port', (text, visit) => {
      const port = Number.parseInt(text, 10)
      return port >= 0 && port < 65_536 && visit(port, 0)
    }),
    word('string', 'sdp.media.proto', 'm', 2, 'Media Protocol'),
    line('sdp.media_title', 'i', 'Media Title (i)', true),
    line('sdp.media_attr', 'a', 'Media Attribute (a)', true),
  ],

  /** Rare, so that it may build strings: what it announces is looked up by text. */
  decode(packet, at) {
    packet.enter(SDP, at)
    packet.payload = packet.end
    if (packet.conversation !== null) announceMedia(packet, at, packet.conversation)
    return NONE
  },
}

interface Media {
  readonly protocol: number
  address: string
  port: number
  /** Of RTCP, where that is not the next port (RFC 3605). */
  controlPort: number
}

/** Announces RTP and RTCP at the address and port of each medium that is spoken over RTP, and T.38 where fax is sent. */
function announceMedia(packet: Packet, from: number, conversation: Conversation): void {
  const { bytes } = packet
  const all: Media[] = []
  let sessionAddress = ''
  let media: Media | null = null
  eachLine(packet, from, packet.end, (letter, at, to, isMedia) => {
    if (letter === 'c') {
      const address = canonicalAddress(latin1(bytes, at, to))
      if (isMedia && media !== null) media.address = address
      else if (!isMedia) sessionAddress = address
    } else if (letter === 'm') {
      const [, port, transport = ''] = latin1(bytes, at, to).split(' ')
      media = null
      const protocol = /(^|\/)RTP\/S?AVPF?$/i.test(transport) ? RTP : /^udptl$/i.test(transport) ? T38 : NONE
      if (protocol === NONE) return false
      media = { protocol, address: sessionAddress, port: Number.parseInt(port, 10), controlPort: 0 }
      all.push(media)
    } else if (letter === 'a' && media !== null) {
      const control = /^rtcp:(\d+)/.exec(latin1(bytes, at, to))
      if (control !== null) media.controlPort = Number(control[1])
    }
    return false
  })
  for (const { protocol, address, port, controlPort } of all) {
    if (address === '' || !(port > 0 && port < 65_535)) continue
    conversation.expect(UDP, address, port, protocol)
    if (protocol !== RTP) continue
    conversation.expect(UDP, address, controlPort > 0 ? controlPort : port + 1, RTCP)
  }
}

/** The address of a connection line, `IN IP4 192.0.2.1/127`, as pcapx writes it; empty if it is a name or unspecified. */
function canonicalAddress(value: string): string {
  const [, kind, text = ''] = value.split(' ')
  const address = text.split('/')[0].trim()
  if (kind === 'IP4') return /^\d+\.\d+\.\d+\.\d+$/.test(address) && address !== '0.0.0.0' ? address : ''
  if (kind !== 'IP6') return ''
  try {
    return new URL(`http://[${address}]`).hostname.slice(1, -1)
  } catch {
    return ''
  }
}
