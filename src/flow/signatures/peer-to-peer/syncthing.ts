/** Syncthing's local discovery, version 4 (its specification, "Local Discovery Protocol"): a magic number, and a device id of 32 octets. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const MAGIC = 0x2ea7d90b
/** Field 1 with a length, 32. */
const DEVICE_ID = 0x0a20
const HEADER = 6
const DEVICE_ID_LENGTH = 32

export const syncthing: Signature = {
  name: 'syncthing',
  title: 'Syncthing Local Discovery',
  transport: 'udp',
  evidence: 'magic number and device id of an announcement',
  begins: [0x2e],
  matches: ({ bytes, at, end, length }) =>
    end - at >= HEADER &&
    length >= HEADER + DEVICE_ID_LENGTH &&
    read32(bytes, at) === MAGIC &&
    read16(bytes, at + 4) === DEVICE_ID,
}
