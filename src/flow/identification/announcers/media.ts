/** Media streams: SDP (RFC 8866 §5.7, §5.14; RFC 3605 §2.1) in SIP and MGCP, and the Transport header of RTSP (RFC 2326 §12.39). */
import { firstOctets } from '../../signatures/signature.ts'
import { type Announcement, type Announcer, portOf, RECEIVER, SENDER, textOf } from './announcer.ts'

const CONNECTION = /^c=IN IP[46] ([0-9a-fA-F.:]{2,45})/m
/** `m=audio 49170 RTP/AVP 0`, without its `m=`. */
const MEDIA = /^\w+ (\d{1,5})(?:\/\d+)? (?:RTP|UDP\/TLS\/RTP)\//
const CONTROL = /^a=rtcp:(\d{1,5})/m
/** Media of a description at most. */
const MAX_MEDIA = 16

/** Requests and answers of SIP, and of MGCP, that may have one. */
const BEGINNINGS = ['SIP/2.0 ', 'INVITE ', 'ACK ', 'UPDATE ', 'PRACK ', 'CRCX ', 'MDCX ', '200 ']

export const sessionDescription: Announcer = {
  applications: ['sip', 'mgcp'],
  transport: 'both',
  begins: firstOctets(BEGINNINGS),
  read(payload) {
    if (!BEGINNINGS.some((text) => payload.startsWith(text))) return []
    const text = textOf(payload)
    const session = text.indexOf('\nv=0')
    if (session < 0) return []
    const [ofSession, ...media] = text
      .slice(session)
      .replaceAll('\r', '')
      .split('\nm=', 1 + MAX_MEDIA)
    const found: Announcement[] = []
    for (const description of media) {
      const address = (CONNECTION.exec(description) ?? CONNECTION.exec(ofSession))?.[1]
      const port = portOf(MEDIA.exec(description)?.[1])
      if (address === undefined || port === null) continue
      const control = portOf(CONTROL.exec(description)?.[1]) ?? port + 1
      found.push(
        { transport: 'udp', address, port, application: 'rtp' },
        { transport: 'udp', address, port: control, application: 'rtcp' },
      )
    }
    return found
  },
}

/** `Transport: RTP/AVP;unicast;client_port=4588-4589;server_port=6256-6257`. */
const TRANSPORT = /^Transport:[^\r\n]*RTP\/AVP(?!\/TCP)[^\r\n]*$/im

export const rtspTransport: Announcer = {
  applications: ['rtsp'],
  transport: 'tcp',
  begins: firstOctets(['RTSP/1.0']),
  read(payload) {
    if (!payload.startsWith('RTSP/1.0 ')) return []
    const transport = TRANSPORT.exec(textOf(payload))?.[0]
    if (transport === undefined) return []
    const found: Announcement[] = []
    const ends = [
      ['client_port', RECEIVER],
      ['server_port', SENDER],
    ] as const
    for (const [parameter, address] of ends) {
      const ports = new RegExp(`${parameter}=(\\d{1,5})(?:-(\\d{1,5}))?`).exec(transport)
      const media = portOf(ports?.[1])
      const control = portOf(ports?.[2])
      if (media !== null) found.push({ transport: 'udp', address, port: media, application: 'rtp' })
      if (control !== null) found.push({ transport: 'udp', address, port: control, application: 'rtcp' })
    }
    return found
  },
}
