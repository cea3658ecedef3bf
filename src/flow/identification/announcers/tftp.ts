/** TFTP: the server answers a request from a port of its own (RFC 1350 §4). */
import { type Announcer, SENDER } from './announcer.ts'

const PORT = 69
const READ = 1
const WRITE = 2

export const tftpTransfer: Announcer = {
  applications: ['tftp'],
  transport: 'udp',
  begins: [0],
  read({ bytes, at, end, sourcePort, destinationPort }) {
    if (destinationPort !== PORT || end - at < 4 || (bytes[at + 1] !== READ && bytes[at + 1] !== WRITE)) return []
    return [{ transport: 'udp', address: SENDER, port: sourcePort, application: 'tftp' }]
  },
}
